package import JobCore
import PureJSON

/// The rules that every ``HandlerStateStore`` beside a ``JobStore`` keeps.
///
/// A test target runs each rule by name against a fresh, empty store:
/// `try await HandlerStateStoreConformance(store: store).run(rule)`.
package struct HandlerStateStoreConformance: Sendable {
    /// One rule.
    package enum Rule: String, Sendable, CaseIterable {
        case nothingAtFirst = "there is no checkpoint and no value at first"
        case checkpointIsReplaced = "a checkpoint is read back as it was saved last, empty ones too"
        case checkpointOfAnotherVersion = "a new major version of the handler does not see the old one's checkpoint"
        case nextAttemptSeesIt = "a checkpoint outlives the attempt that saved it"
        case staleOwnerIsRefused = "an attempt that has lost its job saves no checkpoint"
        case checkpointGoesWithTheJob = "a checkpoint goes when its job reaches a final state, and only its own"
        case valuesBelongToAHandler = "values are read back, replaced and removed, each handler for itself"
        case quotaCountsKeysAndValues = "the quota counts keys and values, not what a write replaces"
        case cancelledCallersAreServed = "a cancelled task saves and reads all the same"
    }

    private let store: any JobStore & HandlerStateStore
    private let now = Timestamp(milliseconds: 1_800_000_000_123)
    private let quota = HandlerStateQuota(bytes: 1_000)

    /// Takes a fresh, empty store.
    package init(store: any JobStore & HandlerStateStore) { self.store = store }

    /// Checks one rule.
    ///
    /// - Parameter rule: the rule.
    /// - Throws: ``ConformanceFailure``, or the store's own error.
    package func run(_ rule: Rule) async throws {
        switch rule {
        case .nothingAtFirst: try await nothingAtFirst()
        case .checkpointIsReplaced: try await checkpointIsReplaced()
        case .checkpointOfAnotherVersion: try await checkpointOfAnotherVersion()
        case .nextAttemptSeesIt: try await nextAttemptSeesIt()
        case .staleOwnerIsRefused: try await staleOwnerIsRefused()
        case .checkpointGoesWithTheJob: try await checkpointGoesWithTheJob()
        case .valuesBelongToAHandler: try await valuesBelongToAHandler()
        case .quotaCountsKeysAndValues: try await quotaCountsKeysAndValues()
        case .cancelledCallersAreServed: try await cancelledCallersAreServed()
        }
    }

    // MARK: - Checkpoints

    private func nothingAtFirst() async throws {
        try requireEqual(try await store.checkpoint(try key("none")), nil, "checkpoint")
        try requireEqual(try await store.value(of: "k", handler: "echo"), nil, "value")
    }

    private func checkpointIsReplaced() async throws {
        let record = try await start("replaced", at: now)
        for bytes: [UInt8] in [[1, 2, 3], Array(repeating: 0xFF, count: 100_000), []] {
            let isSaved = try await store.saveCheckpoint(bytes, key(record), epoch: record.epoch)
            try requireEqual(isSaved, true, "saved")
            try requireEqual(try await store.checkpoint(key(record)), bytes, "checkpoint")
        }
    }

    private func checkpointOfAnotherVersion() async throws {
        let record = try await start("versions", at: now)
        _ = try await store.saveCheckpoint([1], key(record, major: 1), epoch: record.epoch)
        try requireEqual(try await store.checkpoint(key(record, major: 2)), nil, "checkpoint of version 2")
        _ = try await store.saveCheckpoint([2], key(record, major: 2), epoch: record.epoch)
        try requireEqual(try await store.checkpoint(key(record, major: 1)), [1], "checkpoint of version 1")
    }

    private func nextAttemptSeesIt() async throws {
        let first = try await start("resumed", at: now)
        _ = try await store.saveCheckpoint([1], key(first), epoch: first.epoch)
        let failure = JobFailure(.handlerCrashed, code: "signal-9", message: "killed")
        try await finish(first, .retry(failure, after: .zero, countsAttempt: true))
        let second = try await start("resumed", at: now + .seconds(1))
        try requireEqual(second.epoch, first.epoch + 1, "epoch")
        try requireEqual(try await store.checkpoint(key(second)), [1], "checkpoint")
        let isSaved = try await store.saveCheckpoint([2], key(second), epoch: second.epoch)
        try requireEqual(isSaved, true, "saved by the second attempt")
    }

    private func staleOwnerIsRefused() async throws {
        let first = try await start("stale", at: now)
        let second = try await start("stale", at: now + .seconds(61))
        let late = try await store.saveCheckpoint([1], key(first), epoch: first.epoch)
        try requireEqual(late, false, "saved under the old epoch")
        try requireEqual(try await store.checkpoint(key(first)), nil, "checkpoint")
        try await finish(second, .complete(outputs: [], result: [:]))
        let afterEnd = try await store.saveCheckpoint([2], key(second), epoch: second.epoch)
        try requireEqual(afterEnd, false, "saved after the end")
    }

    private func checkpointGoesWithTheJob() async throws {
        let failure = JobFailure(.handlerFailed, code: "broken", message: "it broke")
        let endings: [JobTransition] = [
            .complete(outputs: [], result: [:]), .fail(failure, countsAttempt: true), .cancel(by: "ann"),
        ]
        let other = try await start("other", at: now)
        _ = try await store.saveCheckpoint([9], key(other), epoch: other.epoch)
        for (place, ending) in endings.enumerated() {
            let record = try await start("ending-\(place)", at: now)
            _ = try await store.saveCheckpoint([1], key(record, major: 1), epoch: record.epoch)
            _ = try await store.saveCheckpoint([2], key(record, major: 2), epoch: record.epoch)
            try await finish(record, ending)
            try requireEqual(try await store.checkpoint(key(record, major: 1)), nil, "after \(ending.kind)")
            try requireEqual(try await store.checkpoint(key(record, major: 2)), nil, "after \(ending.kind)")
        }
        try requireEqual(try await store.checkpoint(key(other)), [9], "checkpoint of another job")
    }

    // MARK: - Values

    private func valuesBelongToAHandler() async throws {
        try requireEqual(try await set([1], of: "k", handler: "a"), true, "set")
        try requireEqual(try await set([2, 2], of: "k", handler: "b"), true, "set for another handler")
        try requireEqual(try await set([3], of: "k", handler: "a"), true, "replaced")
        try requireEqual(try await set([], of: "empty", handler: "a"), true, "set to nothing")
        try requireEqual(try await store.value(of: "k", handler: "a"), [3], "value of a")
        try requireEqual(try await store.value(of: "k", handler: "b"), [2, 2], "value of b")
        try requireEqual(try await store.value(of: "empty", handler: "a"), [], "empty value")
        try requireEqual(try await set(nil, of: "k", handler: "a"), true, "removed")
        try requireEqual(try await set(nil, of: "k", handler: "a"), true, "removed again")
        try requireEqual(try await store.value(of: "k", handler: "a"), nil, "removed value")
        try requireEqual(try await store.value(of: "k", handler: "b"), [2, 2], "value of b after that")
    }

    private func quotaCountsKeysAndValues() async throws {
        let half = [UInt8](repeating: 7, count: 499)
        try requireEqual(try await set(half, of: "a", handler: "h"), true, "first half")
        try requireEqual(try await set(half + [7], of: "b", handler: "h"), false, "one byte too many")
        try requireEqual(try await store.value(of: "b", handler: "h"), nil, "what was refused")
        try requireEqual(try await set(half, of: "b", handler: "h"), true, "second half")
        try requireEqual(try await set(half, of: "b", handler: "h"), true, "the same again")
        try requireEqual(try await set([], of: "c", handler: "h"), false, "a key alone")
        try requireEqual(try await set(half, of: "ü", handler: "other"), true, "another handler")
        try requireEqual(try await set(nil, of: "a", handler: "h"), true, "removal at the limit")
        try requireEqual(try await set([], of: "c", handler: "h"), true, "after the removal")
    }

    private func cancelledCallersAreServed() async throws {
        let record = try await start("cancelled", at: now)
        let (store, key, epoch) = (store, key(record), record.epoch)
        let found = try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.cancelAll()
            group.addTask {
                guard try await store.saveCheckpoint([1], key, epoch: epoch) else { return nil }
                return try await store.checkpoint(key)
            }
            return try await group.next() ?? nil
        }
        try requireEqual(found, [1], "checkpoint of a cancelled task")
    }

    // MARK: - Steps

    private func key(_ id: String) throws -> CheckpointKey {
        CheckpointKey(jobID: try JobSamples.id(id), handlerMajor: 1)
    }

    private func key(_ record: JobRecord, major: Int64 = 1) -> CheckpointKey {
        CheckpointKey(jobID: record.id, handlerMajor: major)
    }

    private func set(_ bytes: [UInt8]?, of key: String, handler: String) async throws -> Bool {
        try await store.setValue(bytes, of: key, handler: handler, quota: quota)
    }

    private func start(_ id: String, at time: Timestamp) async throws -> JobRecord {
        let claim = ClaimRequest(
            request: try JobSamples.request(id: id, now: now), messageID: "m-1", receiveCount: 1,
            runner: RunnerID("r1"), lease: .seconds(60), now: time, maxUnfinishedStarts: 5)
        let decision = try await store.change(claim.request.id) { claim.decide($0) }
        guard case .start(let record) = decision else { throw ConformanceFailure("expected start, found \(decision)") }
        return record
    }

    private func finish(_ record: JobRecord, _ transition: JobTransition) async throws {
        let claim = JobClaim(jobID: record.id, epoch: record.epoch, runner: RunnerID("r1"))
        let time = now
        let verdict = try await store.change(record.id) {
            claim.apply(transition, evidence: JobClaim.Evidence(), now: time, to: $0)
        }
        guard case .stored = verdict else { throw ConformanceFailure("expected stored, found \(verdict)") }
    }
}
