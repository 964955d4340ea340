package import JobCore
import PureJSON

/// The rules that every ``JobStore`` keeps.
///
/// A test target runs each rule by name against a fresh, empty store:
/// `try await JobStoreConformance(store: store).run(rule)`.
package struct JobStoreConformance: Sendable {
    /// One rule.
    package enum Rule: String, Sendable, CaseIterable {
        case unknownJobHasNoRecord = "an unknown job has no record, events or attempts"
        case changeWritesEverything = "a change writes record, events and attempt, and reads them back unchanged"
        case decisionWithoutRecordWritesNothing = "a decision without a record writes nothing"
        case claimTransitionRoundTrip = "claim and completion give the states and events of the design"
        case staleEpochIsRefused = "a transition under an old epoch is refused"
        case outputsAreReplaced = "outputs belong to the winning epoch alone"
        case listingFilters = "listing filters by state, handler and tenant, newest first, and stops at the limit"
        case concurrentClaimsStartOnce = "of many concurrent claims exactly one starts the job"
        case attemptIsUpserted = "an attempt is inserted at the claim and replaced at its end"
    }

    private let store: any JobStore
    private let now = Timestamp(milliseconds: 1_800_000_000_123)

    /// Takes a fresh, empty store.
    package init(store: any JobStore) { self.store = store }

    /// Checks one rule.
    ///
    /// - Parameter rule: the rule.
    /// - Throws: ``ConformanceFailure``, or the store's own error.
    package func run(_ rule: Rule) async throws {
        switch rule {
        case .unknownJobHasNoRecord: try await unknownJobHasNoRecord()
        case .changeWritesEverything: try await changeWritesEverything()
        case .decisionWithoutRecordWritesNothing: try await decisionWithoutRecordWritesNothing()
        case .claimTransitionRoundTrip: try await claimTransitionRoundTrip()
        case .staleEpochIsRefused: try await staleEpochIsRefused()
        case .outputsAreReplaced: try await outputsAreReplaced()
        case .listingFilters: try await listingFilters()
        case .concurrentClaimsStartOnce: try await concurrentClaimsStartOnce()
        case .attemptIsUpserted: try await attemptIsUpserted()
        }
    }

    private func unknownJobHasNoRecord() async throws {
        let id = try JobSamples.id("unknown")
        try requireEqual(try await store.record(of: id), nil, "record")
        try requireEqual(try await store.events(of: id), [], "events")
        try requireEqual(try await store.attempts(of: id), [], "attempts")
    }

    private func changeWritesEverything() async throws {
        let full = try JobSamples.fullRecord(id: "full", now: now)
        let event = JobEvent(
            jobID: full.id, at: now, actor: "operator 'x'", kind: "made", from: nil, to: full.state, epoch: full.epoch,
            detail: "ü\n\"quoted\"")
        var attempt = AttemptRecord(jobID: full.id, epoch: full.epoch, runner: RunnerID("r1"), startedAt: now)
        attempt.finishedAt = now + .milliseconds(5)
        attempt.outcome = "failed"
        attempt.failure = full.failure
        attempt.handlerVersion = "1.2.3"
        attempt.lastLogLines = ["one", "two"]
        attempt.evidence = AttemptEvidence(
            signal: "SIGSEGV", exitCode: 3, limit: "memory", lastProgress: "25 % (quarter)",
            peakMemoryBytes: 1 << 30, details: ["row": 7])
        let (record, written) = (full, attempt)
        let answer = try await store.change(full.id) { _ in
            JobChange("done", record: record, events: [event], attempt: written)
        }
        try requireEqual(answer, "done", "decision")
        try requireEqual(try await store.record(of: full.id), full, "record")
        try requireEqual(try await store.events(of: full.id), [event], "events")
        try requireEqual(try await store.attempts(of: full.id), [attempt], "attempts")
    }

    private func decisionWithoutRecordWritesNothing() async throws {
        let id = try JobSamples.id("nothing")
        let seen = try await store.change(id) { JobChange($0 == nil) }
        try require(seen, "expected no record for a new job")
        try requireEqual(try await store.record(of: id), nil, "record")
    }

    private func claimTransitionRoundTrip() async throws {
        let request = try JobSamples.request(id: "round", now: now)
        let record = try await start(request, runner: "r1", at: now)
        try requireEqual(record.state, .running, "state")
        try requireEqual(record.epoch, 1, "epoch")
        let again = try await claim(request, runner: "r2", at: now + .seconds(1))
        try requireEqual(again, .held(by: RunnerID("r1"), until: now + .seconds(60)), "second claim")
        let verdict = try await finish(record, .complete(outputs: [], result: ["rows": 7]), at: now + .seconds(2))
        guard case .stored(let done) = verdict else { throw ConformanceFailure("expected stored, found \(verdict)") }
        try requireEqual(done.rowsProcessed, 7, "rows")
        try requireEqual(try await store.record(of: request.id), done, "record")
        try requireEqual(
            try await store.events(of: request.id).map(\.kind), ["queued", "claimed", "completed"], "events")
    }

    private func staleEpochIsRefused() async throws {
        let request = try JobSamples.request(id: "stale", now: now)
        let first = try await start(request, runner: "r1", at: now)
        _ = try await start(request, runner: "r2", at: now + .seconds(61))
        let verdict = try await finish(first, .complete(outputs: [], result: [:]), at: now + .seconds(62))
        try requireEqual(verdict, .refused(state: .running, epoch: 2), "stale commit")
        try requireEqual(try await store.record(of: request.id)?.state, .running, "state after the stale commit")
    }

    private func outputsAreReplaced() async throws {
        let request = try JobSamples.request(id: "outputs", now: now)
        let first = try await start(request, runner: "r1", at: now)
        let outputs = [JobSamples.output("b.csv", epoch: 1), JobSamples.output("a.json", epoch: 1)]
        _ = try await finish(first, .complete(outputs: outputs, result: [:]), at: now)
        let stored = try await store.record(of: request.id)
        try requireEqual(stored?.outputs, outputs, "outputs keep their order")
        _ = try await store.change(request.id) { existing in
            var changed = existing
            changed?.outputs = [JobSamples.output("c", epoch: 2)]
            return JobChange(true, record: changed)
        }
        try requireEqual(
            try await store.record(of: request.id)?.outputs, [JobSamples.output("c", epoch: 2)], "replaced outputs")
    }

    private func listingFilters() async throws {
        for (place, name) in ["one", "two", "three"].enumerated() {
            var request = try JobSamples.request(id: name, now: now)
            request.handler = name == "two" ? "other" : "echo"
            request.tenant = name == "three" ? Tenant("acme") : nil
            _ = try await start(request, runner: "r1", at: now + .seconds(place))
        }
        let list = { (filter: JobFilter) in try await store.records(matching: filter).map(\.id.rawValue) }
        try requireEqual(try await list(JobFilter()), ["three", "two", "one"], "all")
        try requireEqual(try await list(JobFilter(limit: 1)), ["three"], "limit")
        try requireEqual(try await list(JobFilter(handler: "echo")), ["three", "one"], "handler")
        try requireEqual(try await list(JobFilter(tenant: Tenant("acme"))), ["three"], "tenant")
        try requireEqual(try await list(JobFilter(states: [.completed])), [], "state")
        try requireEqual(try await list(JobFilter(states: [.running, .failed])).count, 3, "states")
    }

    private func concurrentClaimsStartOnce() async throws {
        let request = try JobSamples.request(id: "race", now: now)
        let decisions = try await withThrowingTaskGroup(of: ClaimDecision.self) { group in
            for place in 0..<16 { group.addTask { try await claim(request, runner: "r\(place)", at: now) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let starts = decisions.count { if case .start = $0 { true } else { false } }
        try requireEqual(starts, 1, "starts among 16 concurrent claims")
        try requireEqual(try await store.record(of: request.id)?.epoch, 1, "epoch")
    }

    private func attemptIsUpserted() async throws {
        let request = try JobSamples.request(id: "attempt", now: now)
        let record = try await start(request, runner: "r1", at: now)
        try requireEqual(try await store.attempts(of: request.id).map(\.finishedAt), [nil], "running attempt")
        let failure = JobFailure(.handlerCrashed, code: "signal-11", message: "died")
        _ = try await finish(record, .retry(failure, after: .seconds(5), countsAttempt: true), at: now + .seconds(3))
        let attempts = try await store.attempts(of: request.id)
        try requireEqual(attempts.map(\.finishedAt), [now + .seconds(3)], "finished attempt")
        try requireEqual(attempts.first?.failure, failure, "failure")
        _ = try await start(request, runner: "r2", at: now + .seconds(60))
        try requireEqual(try await store.attempts(of: request.id).map(\.epoch), [1, 2], "epochs, oldest first")
    }

    // MARK: - Steps

    private func claim(_ request: JobRequest, runner: String, at time: Timestamp) async throws -> ClaimDecision {
        let claim = ClaimRequest(
            request: request, messageID: "m-1", receiveCount: 1, runner: RunnerID(runner), lease: .seconds(60),
            now: time, maxUnfinishedStarts: 5)
        return try await store.change(request.id) { claim.decide($0) }
    }

    private func start(_ request: JobRequest, runner: String, at time: Timestamp) async throws -> JobRecord {
        let decision = try await claim(request, runner: runner, at: time)
        guard case .start(let record) = decision else { throw ConformanceFailure("expected start, found \(decision)") }
        return record
    }

    private func finish(
        _ record: JobRecord, _ transition: JobTransition, at time: Timestamp
    ) async throws -> TransitionVerdict {
        let claim = JobClaim(jobID: record.id, epoch: record.epoch, runner: record.leaseOwner ?? RunnerID("?"))
        return try await store.change(record.id) {
            claim.apply(transition, evidence: JobClaim.Evidence(), now: time, to: $0)
        }
    }
}
