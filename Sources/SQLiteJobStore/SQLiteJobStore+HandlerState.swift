import GRDB
package import JobCore

extension SQLiteJobStore: HandlerStateStore {
    package func checkpoint(_ key: CheckpointKey) async throws(JobStoreError) -> [UInt8]? {
        try await readToTheEnd { try CheckpointTable.bytes(key, $0) }
    }

    package func saveCheckpoint(
        _ bytes: [UInt8], _ key: CheckpointKey, epoch: Epoch
    ) async throws(JobStoreError) -> Bool {
        try await commit { try CheckpointTable.save(bytes, key, epoch: epoch, $0) }
    }

    package func value(of key: String, handler: String) async throws(JobStoreError) -> [UInt8]? {
        try await readToTheEnd { try HandlerValueTable.bytes(of: key, handler: handler, $0) }
    }

    package func setValue(
        _ bytes: [UInt8]?, of key: String, handler: String, quota: HandlerStateQuota
    ) async throws(JobStoreError) -> Bool {
        try await commit { db in
            if let bytes { return try HandlerValueTable.set(bytes, of: key, handler: handler, quota: quota, db) }
            try HandlerValueTable.remove(key, handler: handler, db)
            return true
        }
    }

    /// Reads whatever becomes of the calling task.
    private func readToTheEnd<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JobStoreError) -> Value {
        let result: Result<Value, JobStoreError> = await withCheckedContinuation { continuation in
            pool.asyncRead { access in
                continuation.resume(returning: Result { try body(try access.get()) }.mapError { JobStoreError($0) })
            }
        }
        return try result.get()
    }
}
