package import JobCore
import Synchronization

/// State of handlers for as long as this process lives: for runs without a job database.
package final class TransientHandlerState: HandlerStateStore {
    private struct State {
        var checkpoints: [CheckpointKey: (epoch: Epoch, bytes: [UInt8])] = [:]
        var values: [String: [String: [UInt8]]] = [:]
    }

    private let state = Mutex(State())

    /// Nothing is kept yet.
    package init() {}

    package func checkpoint(_ key: CheckpointKey) async throws(JobStoreError) -> [UInt8]? {
        state.withLock { $0.checkpoints[key]?.bytes }
    }

    /// Replaces a checkpoint, unless a later attempt has saved one already.
    package func saveCheckpoint(
        _ bytes: [UInt8], _ key: CheckpointKey, epoch: Epoch
    ) async throws(JobStoreError) -> Bool {
        state.withLock { state in
            guard (state.checkpoints[key]?.epoch ?? epoch) <= epoch else { return false }
            state.checkpoints[key] = (epoch, bytes)
            return true
        }
    }

    package func value(of key: String, handler: String) async throws(JobStoreError) -> [UInt8]? {
        state.withLock { $0.values[handler]?[key] }
    }

    package func setValue(
        _ bytes: [UInt8]?, of key: String, handler: String, quota: HandlerStateQuota
    ) async throws(JobStoreError) -> Bool {
        state.withLock { state in
            guard let bytes else {
                state.values[handler]?[key] = nil
                return true
            }
            let others = (state.values[handler] ?? [:]).filter { $0.key != key }
            let isAllowed = quota.allows(
                addedBytes: Int64(key.utf8.count + bytes.count),
                otherBytes: others.reduce(0) { $0 + Int64($1.key.utf8.count + $1.value.count) },
                otherKeys: others.count)
            if isAllowed { state.values[handler, default: [:]][key] = bytes }
            return isAllowed
        }
    }
}
