import JobCore
import JobTestKit
import Testing

@Suite("Claims")
struct ClaimPolicyTests {
    private let now = Timestamp(seconds: 1_800_000_000)

    private func claim(at time: Timestamp, runner: String = "r1", notAfter: Timestamp? = nil) throws -> ClaimRequest {
        var request = try JobSamples.request(id: "j1", now: now)
        request.notAfter = notAfter
        return ClaimRequest(
            request: request, messageID: "m1", receiveCount: 1, runner: RunnerID(runner), lease: .seconds(60),
            now: time, maxUnfinishedStarts: 2)
    }

    @Test("A new job is queued and claimed in one step, under epoch 1")
    func startsNew() throws {
        let change = try claim(at: now).decide(nil)
        #expect(change.record?.state == .running)
        #expect(change.record?.epoch == 1)
        #expect(change.record?.leaseUntil == now + .seconds(60))
        #expect(change.events.map(\.kind) == ["queued", "claimed"])
    }

    @Test("A live lease is respected and nothing is written")
    func respectsLease() throws {
        let running = try claim(at: now).decide(nil).record
        let change = try claim(at: now + .seconds(59), runner: "r2").decide(running)
        #expect(change.decision == .held(by: RunnerID("r1"), until: now + .seconds(60)))
        #expect(change.record == nil)
    }

    @Test("An expired lease is taken over under the next epoch, no attempt burned")
    func takesOver() throws {
        let running = try claim(at: now).decide(nil).record
        let change = try claim(at: now + .seconds(61), runner: "r2").decide(running)
        #expect(change.record?.epoch == 2)
        #expect(change.record?.attempts == 0)
        #expect(change.record?.unfinishedStarts == 1)
        #expect(change.events.map(\.kind) == ["lease-expired", "claimed"])
    }

    @Test("A job that was started twice and never finished is quarantined")
    func quarantines() throws {
        let first = try claim(at: now).decide(nil).record
        let second = try claim(at: now + .seconds(61), runner: "r2").decide(first).record
        let change = try claim(at: now + .seconds(122), runner: "r3").decide(second)
        guard case .settle(let record) = change.decision else {
            Issue.record("expected settle, found \(change.decision)")
            return
        }
        #expect(record.state == .quarantined)
        #expect(record.needsDeadLetter)
    }

    @Test("A job past its not_after fails as expired instead of starting")
    func expires() throws {
        let change = try claim(at: now, notAfter: now - .seconds(1)).decide(nil)
        #expect(change.record?.state == .failed)
        #expect(change.record?.failure?.failureClass == .expired)
    }

    @Test("Final states are never left", arguments: JobState.allCases.filter(\.isTerminal))
    func finalStatesStay(state: JobState) throws {
        var record = try claim(at: now).decide(nil).record
        record?.state = state
        record?.settledAt = now
        let change = try claim(at: now + .seconds(600)).decide(record)
        #expect(change.record == nil)
        #expect(change.decision == record.map { .finished($0) })
    }

    @Test("Cancelling: before the start at once, while running by request, afterwards never")
    func cancels() throws {
        let running = try claim(at: now).decide(nil).record
        #expect(JobRecord.requestCancel(by: "ann", now: now, nil).decision == .unknown)
        #expect(JobRecord.requestCancel(by: "ann", now: now, running).decision == .requested)
        var waiting = running
        waiting?.state = .retrying
        let cancelled = JobRecord.requestCancel(by: "ann", now: now, waiting)
        #expect(cancelled.decision == .cancelled)
        #expect(cancelled.record?.state == .cancelled)
        #expect(JobRecord.requestCancel(by: "bob", now: now, cancelled.record).decision == .tooLate(.cancelled))
    }
}

@Suite("Back-off")
struct RetryPolicyTests {
    private let policy = RetryPolicy(maxAttempts: 5, initialBackoff: .seconds(5), maxBackoff: .seconds(30), factor: 2)

    @Test("Waits double up to the longest", arguments: [(1, 5), (2, 10), (3, 20), (4, 30), (50, 30)])
    func doubles(attempts: Int, seconds: Int) {
        #expect(policy.backoff(afterAttempts: attempts, requested: nil, jitter: 0) == .seconds(seconds))
    }

    @Test("Jitter only ever lengthens the wait", arguments: [0.0, 0.25, 0.5, 0.999])
    func jitterAdds(jitter: Double) {
        let wait = policy.backoff(afterAttempts: 1, requested: nil, jitter: jitter)
        #expect(wait >= .seconds(5) && wait < .seconds(6.25))
    }

    @Test("The handler's own wish is a lower bound, SQS's 12 h the upper")
    func honoursRequest() {
        #expect(policy.backoff(afterAttempts: 1, requested: .seconds(90), jitter: 0) == .seconds(90))
        #expect(policy.backoff(afterAttempts: 1, requested: .seconds(1), jitter: 0) == .seconds(5))
        #expect(policy.backoff(afterAttempts: 1, requested: .seconds(90_000), jitter: 0) == .seconds(43_200))
    }
}
