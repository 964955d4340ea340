import JobCore
import JobTestKit
import PureJSON
import Testing

@Suite("Interruptions, duplicates and lost answers")
struct JobLifecycleInterruptionTests {
    private static let now = Timestamp(seconds: 1_800_000_000)

    private func record(_ state: JobState = .running, epoch: Epoch = 1) throws -> JobRecord {
        var record = JobRecord(
            request: try JobSamples.request(id: "j1", now: Self.now), messageID: "m1", receiveCount: 1,
            createdAt: Self.now)
        record.state = state
        record.epoch = epoch
        return record
    }

    private func claiming() -> JobLifecycle {
        var machine = JobLifecycle(
            runner: RunnerID("r1"), policy: JobLifecycle.Policy(), receivedAt: Self.now, jitter: 0)
        _ = machine.handle(.accepted(HandlerDescription(name: "echo", version: "1.0.0")))
        return machine
    }

    private func running(_ record: JobRecord) -> JobLifecycle {
        var machine = claiming()
        _ = machine.handle(.claimed(.start(record)))
        _ = machine.handle(.inputsFetched)
        return machine
    }

    private func stored(_ actions: [JobLifecycle.Action]) -> JobTransition? {
        guard case .store(let transition, _, _, _)? = actions.first else { return nil }
        return transition
    }

    @Test("A drain stops the handler and hands the job back without burning the attempt")
    func drains() throws {
        let record = try record()
        var machine = running(record)
        #expect(machine.handle(.stopRequested(.drain)) == [.stopHandler(.drain)])
        #expect(machine.handle(.stopRequested(.drain)) == [])
        let actions = machine.handle(.handlerReported(HandlerReport(outcome: .cancelled)))
        #expect(stored(actions) == .handBack(reason: "interrupted by shutdown"))
        var queued = record
        queued.state = .queued
        #expect(
            machine.handle(.transitionAnswered(.stored(queued)))
                == [.releaseMessage(after: .zero), .finish(.handedBack(queued))])
    }

    @Test("A handler that had to be killed during a drain burns no attempt either")
    func drainsByForce() throws {
        var machine = running(try record())
        _ = machine.handle(.stopRequested(.drain))
        let report = HandlerReport(outcome: .crashed(signal: 9, exitCode: nil, message: "killed"))
        #expect(stored(machine.handle(.handlerReported(report))) == .handBack(reason: "interrupted by shutdown"))
    }

    @Test("A job that completes although it was told to stop counts as completed")
    func completesDuringDrain() throws {
        let record = try record()
        var machine = running(record)
        _ = machine.handle(.stopRequested(.drain))
        let actions = machine.handle(.handlerReported(HandlerReport(outcome: .completed([:]))))
        #expect(actions == [.stageOutputs([], record)])
    }

    @Test("A drain while the inputs come hands the job back instead of starting it")
    func drainsWhileFetching() throws {
        var machine = claiming()
        _ = machine.handle(.claimed(.start(try record())))
        #expect(machine.handle(.stopRequested(.drain)) == [])
        #expect(stored(machine.handle(.inputsFetched)) == .handBack(reason: "interrupted by shutdown"))
    }

    @Test("An operator's cancellation ends in CANCELLED and deletes the message")
    func cancels() throws {
        let record = try record()
        var machine = running(record)
        #expect(machine.handle(.stopRequested(.cancelled(by: "ann"))) == [.stopHandler(.cancelled(by: "ann"))])
        #expect(stored(machine.handle(.handlerReported(HandlerReport(outcome: .cancelled)))) == .cancel(by: "ann"))
        var cancelled = record
        cancelled.state = .cancelled
        #expect(machine.handle(.transitionAnswered(.stored(cancelled))) == [.storeSettled(cancelled)])
        #expect(machine.handle(.settledStored) == [.deleteMessage, .finish(.cancelled(cancelled))])
    }

    @Test("A lost lease stops the handler and touches neither the store nor the message")
    func losesLease() throws {
        var machine = running(try record())
        #expect(machine.handle(.stopRequested(.leaseLost)) == [.stopHandler(.leaseLost)])
        #expect(machine.handle(.handlerReported(HandlerReport(outcome: .cancelled))) == [.finish(.leaseLost)])
    }

    @Test("A commit that is refused under a newer epoch discards what was staged")
    func refusedCommit() throws {
        let record = try record()
        var machine = running(record)
        _ = machine.handle(.handlerReported(HandlerReport(outcome: .completed([:]))))
        let staged = [JobSamples.output("a.csv", epoch: 1)]
        _ = machine.handle(.outputsStaged(staged))
        #expect(
            machine.handle(.transitionAnswered(.refused(state: .running, epoch: 2)))
                == [.discardStaged(staged), .finish(.leaseLost)])
    }

    @Test("A commit whose answer was lost is found again under the own epoch and published")
    func lostAnswer() throws {
        let record = try record()
        var machine = running(record)
        _ = machine.handle(.handlerReported(HandlerReport(outcome: .completed([:]))))
        _ = machine.handle(.outputsStaged([JobSamples.output("a.csv", epoch: 1)]))
        _ = machine.handle(.storeFailed(.busy(detail: "x")))
        #expect(machine.handle(.transitionAnswered(.refused(state: .completed, epoch: 1))) == [.claim])
        var done = record
        done.state = .completed
        done.outputs = [JobSamples.output("a.csv", epoch: 1)]
        #expect(machine.handle(.claimed(.settle(done))) == [.publishOutputs(done)])
    }

    @Test("A commit is tried again with doubling waits while the database is locked, then the message is kept")
    func retriesStore() throws {
        var machine = running(try record())
        _ = machine.handle(.handlerReported(HandlerReport(outcome: .completed([:]))))
        _ = machine.handle(.outputsStaged([]))
        var waits: [Duration] = []
        for _ in 0..<6 {
            guard case .store(_, _, _, let wait)? = machine.handle(.storeFailed(.busy(detail: "x"))).first else {
                break
            }
            waits.append(wait)
        }
        #expect(waits == [250, 500, 1_000, 2_000, 4_000, 8_000].map { .milliseconds($0) })
        let last = machine.handle(.storeFailed(.busy(detail: "x")))
        #expect(last.first == .releaseMessage(after: .seconds(10)))
        #expect(!last.contains(.deleteMessage))
    }

    @Test("Outputs that could not be published are published by whoever finds the job COMPLETED")
    func publishesLater() throws {
        var done = try record(.completed)
        done.outputs = [JobSamples.output("a.csv", epoch: 1)]
        var machine = claiming()
        #expect(machine.handle(.claimed(.settle(done))) == [.publishOutputs(done)])
        let error = DependencyError(.unavailable, operation: "s3.CopyObject", code: "503", message: "down")
        #expect(machine.handle(.publishingFailed(error)).first == .releaseMessage(after: .seconds(10)))
    }

    @Test("A duplicate of a finished job is deleted")
    func duplicateOfFinished() throws {
        var machine = claiming()
        #expect(
            machine.handle(.claimed(.finished(try record(.completed))))
                == [.deleteMessage, .finish(.duplicate(.completed))])
    }

    @Test("A duplicate of a job that this runner is running waits for it, without a claim of its own")
    func duplicateFollows() throws {
        var machine = claiming()
        let held = ClaimDecision.held(by: RunnerID("r1"), until: Self.now + .seconds(60))
        #expect(machine.handle(.claimed(held)) == [.awaitLeader])
        #expect(machine.isFollowing)
        #expect(machine.handle(.leaderFinished) == [.claim])
    }

    @Test("A lease of an earlier process under the same name is waited out")
    func earlierProcessOfSameName() throws {
        var machine = claiming()
        let held = ClaimDecision.held(by: RunnerID("r1"), until: Self.now + .seconds(60))
        for _ in 0..<2 {
            #expect(machine.handle(.claimed(held)) == [.awaitLeader])
            #expect(machine.handle(.leaderMissing) == [.claim])
        }
        #expect(machine.handle(.claimed(held)) == [.awaitLeader])
        #expect(machine.handle(.leaderMissing).first == .releaseMessage(after: .seconds(60)))
    }

    @Test("A duplicate of a job that another runner is running comes back when that lease is over")
    func duplicateElsewhere() throws {
        var machine = claiming()
        let held = ClaimDecision.held(by: RunnerID("r2"), until: Self.now + .seconds(60))
        #expect(machine.handle(.claimed(held)).first == .releaseMessage(after: .seconds(60)))
    }

    @Test("A message that comes before its back-off is over goes back for the rest of it")
    func tooEarly() throws {
        var machine = claiming()
        let actions = machine.handle(.claimed(.tooEarly(until: Self.now + .seconds(7))))
        #expect(actions.first == .releaseMessage(after: .seconds(7)))
    }
}
