import JobCore
import JobTestKit
import PureJSON
import Testing

/// Transcripts: what happened, what is to be done.
@Suite("The life of a message")
struct JobLifecycleTests {
    private static let now = Timestamp(seconds: 1_800_000_000)
    private let handler = HandlerDescription(
        name: "echo", version: "1.0.0",
        retry: RetryPolicy(maxAttempts: 3, initialBackoff: .seconds(5), maxBackoff: .seconds(60)))

    private func machine(_ policy: JobLifecycle.Policy = JobLifecycle.Policy()) -> JobLifecycle {
        JobLifecycle(runner: RunnerID("r1"), policy: policy, receivedAt: Self.now, jitter: 0)
    }

    private func record(_ state: JobState = .running, attempts: Int = 0, epoch: Epoch = 1) throws -> JobRecord {
        var record = JobRecord(
            request: try JobSamples.request(id: "j1", now: Self.now), messageID: "m1", receiveCount: 1,
            createdAt: Self.now)
        record.state = state
        record.attempts = attempts
        record.epoch = epoch
        return record
    }

    /// Drives a machine to the point where its handler runs.
    private func running(_ record: JobRecord) -> JobLifecycle {
        var machine = machine()
        #expect(machine.handle(.accepted(handler)) == [.claim])
        #expect(machine.handle(.claimed(.start(record))) == [.fetchInputs(record)])
        #expect(machine.handle(.inputsFetched) == [.runHandler(record)])
        return machine
    }

    private func transition(in actions: [JobLifecycle.Action]) -> JobTransition? {
        guard actions.count == 1, case .store(let transition, _, _, _) = actions[0] else { return nil }
        return transition
    }

    @Test("A good job is claimed, run, staged, committed, published, settled and only then deleted")
    func completes() throws {
        let record = try record()
        var machine = running(record)
        let output = ProducedOutput(name: "a.csv", path: "/x", sizeBytes: 1, contentType: "text/csv")
        let report = HandlerReport(outcome: .completed(["rows": 1]), outputs: [output])
        #expect(machine.handle(.handlerReported(report)) == [.stageOutputs([output], record)])
        let staged = [JobSamples.output("a.csv", epoch: 1)]
        #expect(
            transition(in: machine.handle(.outputsStaged(staged))) == .complete(outputs: staged, result: ["rows": 1]))
        var done = record
        done.state = .completed
        done.outputs = staged
        #expect(machine.handle(.transitionAnswered(.stored(done))) == [.publishOutputs(done)])
        #expect(machine.handle(.outputsPublished) == [.storeSettled(done)])
        #expect(machine.handle(.settledStored) == [.deleteMessage, .discardStaged(staged), .finish(.completed(done))])
        #expect(machine.isFinished)
    }

    @Test("A malformed message goes to the dead-letter queue with its reason and is then deleted")
    func rejects() {
        var machine = machine()
        let rejection = MessageRejection(.notJSON, "expected a value")
        guard case .sendDeadLetter(let attributes) = machine.handle(.rejected(rejection)).first else {
            Issue.record("expected a dead letter")
            return
        }
        #expect(attributes["headrace.code"] == "message-not-json")
        #expect(machine.handle(.deadLetterSent) == [.deleteMessage, .finish(.rejected(rejection))])
    }

    @Test("A malformed message is deleted or left where the policy says so")
    func rejectsByPolicy() {
        let rejection = MessageRejection(.notJSON, "x")
        var deletes = machine(JobLifecycle.Policy(malformed: .delete))
        #expect(deletes.handle(.rejected(rejection)) == [.deleteMessage, .finish(.rejected(rejection))])
        var leaves = machine(JobLifecycle.Policy(malformed: .leave))
        #expect(
            leaves.handle(.rejected(rejection)) == [
                .releaseMessage(after: .seconds(10)), .finish(.rejected(rejection)),
            ])
    }

    @Test("A message that cannot be dead-lettered stays in its queue")
    func keepsWhatCannotBeDeadLettered() {
        var machine = machine()
        _ = machine.handle(.rejected(MessageRejection(.notJSON, "x")))
        let error = DependencyError(.unavailable, operation: "sqs.SendMessage", code: "503", message: "down")
        let actions = machine.handle(.deadLetterFailed(error))
        #expect(actions.first == .releaseMessage(after: .seconds(10)))
        #expect(!actions.contains(.deleteMessage))
    }

    @Test("A failure is final only on the last attempt", arguments: [(0, false), (1, false), (2, true)])
    func retriesUntilSpent(attempts: Int, isFinal: Bool) throws {
        let record = try record(attempts: attempts)
        var machine = running(record)
        let report = HandlerReport(outcome: .crashed(signal: 11, exitCode: nil, message: "died"))
        let transition = transition(in: machine.handle(.handlerReported(report)))
        let failure = JobFailure(.handlerCrashed, code: "signal-11", message: "died")
        let wait = Duration.seconds(attempts == 0 ? 5 : 10)
        #expect(
            transition
                == (isFinal
                    ? .fail(failure, countsAttempt: true) : .retry(failure, after: wait, countsAttempt: true)))
    }

    @Test("A retry makes the message visible after the back-off")
    func releasesForRetry() throws {
        let record = try record()
        var machine = running(record)
        _ = machine.handle(
            .handlerReported(HandlerReport(outcome: .retry(after: .seconds(90), code: "busy", message: "later"))))
        var waiting = record
        waiting.state = .retrying
        #expect(
            machine.handle(.transitionAnswered(.stored(waiting)))
                == [.releaseMessage(after: .seconds(90)), .finish(.retrying(waiting))])
    }

    @Test("Bad input fails at once and is not dead-lettered")
    func failsInvalidInput() throws {
        let record = try record()
        var machine = running(record)
        let report = HandlerReport(outcome: .invalidInput(code: "file-empty", message: "empty"))
        let failure = JobFailure(.invalidInput, code: "file-empty", message: "empty")
        #expect(
            transition(in: machine.handle(.handlerReported(report))) == .fail(failure, countsAttempt: true))
        var failed = record
        failed.state = .failed
        failed.failure = failure
        #expect(machine.handle(.transitionAnswered(.stored(failed))) == [.storeSettled(failed)])
        #expect(machine.handle(.settledStored) == [.deleteMessage, .finish(.failed(failed))])
    }

    @Test("A permanent failure is dead-lettered with its reason before the message is deleted")
    func deadLettersPermanentFailure() throws {
        let record = try record()
        var machine = running(record)
        _ = machine.handle(.handlerReported(HandlerReport(outcome: .failed(code: "model-corrupt", message: "bad"))))
        var failed = record
        failed.state = .failed
        failed.failure = JobFailure(.handlerFailed, code: "model-corrupt", message: "bad")
        guard case .sendDeadLetter(let attributes) = machine.handle(.transitionAnswered(.stored(failed))).first else {
            Issue.record("expected a dead letter")
            return
        }
        #expect(attributes["headrace.code"] == "model-corrupt")
        #expect(attributes["headrace.job_id"] == "j1")
        #expect(machine.handle(.deadLetterSent) == [.storeSettled(failed)])
    }

    @Test(
        "A missing or changed input is the caller's fault; an unreachable store burns no attempt",
        arguments: [
            (DependencyError.Kind.notFound, true), (.stale, true), (.unavailable, false), (.denied, false),
            (.localStorage, false),
        ])
    func fetchFailures(kind: DependencyError.Kind, isFinal: Bool) throws {
        var machine = machine()
        _ = machine.handle(.accepted(handler))
        _ = machine.handle(.claimed(.start(try record())))
        let error = DependencyError(kind, operation: "s3.GetObject", code: "X", message: "y")
        let transition = transition(in: machine.handle(.fetchFailed(input: "csv", error)))
        switch transition {
        case .fail(let failure, true): #expect(isFinal && failure.failureClass == .invalidInput)
        case .retry(_, _, countsAttempt: false): #expect(!isFinal)
        default: Issue.record("unexpected \(String(describing: transition))")
        }
    }

    @Test(
        "A dead letter keeps as much of its reason as a message has room for", arguments: [(1_000, 4), (60, 1), (0, 0)])
    func fitsReason(room: Int, count: Int) throws {
        let rejection = MessageRejection(.notJSON, "x")
        let all = DeadLetterReason.attributes(of: rejection, runner: RunnerID("r1"))
        let fitting = DeadLetterReason.fitting(all, bodyBytes: 1_048_576 - room, limitBytes: 1_048_576)
        #expect(fitting.count == count)
        #expect((fitting["headrace.code"] == "message-not-json") == (count > 0))
    }
}
