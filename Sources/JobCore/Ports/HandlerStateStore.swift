/// Whose checkpoint it is: a job's, as one major version of its handler understands it.
package struct CheckpointKey: Sendable, Hashable {
    /// The job.
    package var jobID: JobID
    /// The major version of the handler; a new one does not see what an older one left.
    package var handlerMajor: Int64

    /// Makes a key.
    package init(jobID: JobID, handlerMajor: Int64) {
        self.jobID = jobID
        self.handlerMajor = handlerMajor
    }
}

/// What a handler may keep.
package struct HandlerStateQuota: Sendable, Hashable {
    /// The most keys of one handler.
    package static let keyLimit = 10_000

    /// The most bytes of all keys and values of one handler together.
    package var bytes: Int64

    /// Makes a quota.
    package init(bytes: Int64) { self.bytes = bytes }

    /// Whether a value may be written.
    ///
    /// - Parameters:
    ///   - addedBytes: the bytes of the key and its new value.
    ///   - otherBytes: the bytes of all other keys and values.
    ///   - otherKeys: the number of other keys.
    /// - Returns: whether both the bytes and the number of keys stay within bounds.
    package func allows(addedBytes: Int64, otherBytes: Int64, otherKeys: Int) -> Bool {
        addedBytes + otherBytes <= bytes && otherKeys < Self.keyLimit
    }
}

/// What handlers keep between runs: a checkpoint for each job, and values by key for each handler.
///
/// Writes are on disk when they return. All calls run to their end also when the calling task is cancelled, for a
/// handler saves its checkpoint just when it is told to stop. A job's checkpoints go when it reaches a final state.
package protocol HandlerStateStore: Sendable {
    /// The last checkpoint; `nil` when there is none.
    func checkpoint(_ key: CheckpointKey) async throws(JobStoreError) -> [UInt8]?

    /// Replaces a checkpoint.
    ///
    /// - Returns: `false`, and nothing is written, when the job is not running under that epoch any more.
    func saveCheckpoint(_ bytes: [UInt8], _ key: CheckpointKey, epoch: Epoch) async throws(JobStoreError) -> Bool

    /// A value of a handler; `nil` when there is none.
    func value(of key: String, handler: String) async throws(JobStoreError) -> [UInt8]?

    /// Sets or, with `nil`, removes a value of a handler.
    ///
    /// - Returns: `false`, and nothing is written, when the quota forbids it.
    func setValue(
        _ bytes: [UInt8]?, of key: String, handler: String, quota: HandlerStateQuota
    ) async throws(JobStoreError) -> Bool
}
