package import JobCore
import Synchronization

/// A job store for tests: all in memory, each call atomic.
package final class InMemoryJobStore: JobStore {
    private struct State {
        var records: [JobID: JobRecord] = [:]
        var events: [JobEvent] = []
        var attempts: [JobID: [AttemptRecord]] = [:]
        var failures: [JobStoreError] = []
        var checkpoints: [CheckpointKey: [UInt8]] = [:]
        var values: [String: [String: [UInt8]]] = [:]
    }

    private let state = Mutex(State())

    /// An empty store.
    package init() {}

    /// Lets the next calls of ``change(_:_:)`` fail, one error each.
    package func failNextChanges(_ errors: [JobStoreError]) { state.withLock { $0.failures += errors } }

    package func change<Decision: Sendable>(
        _ id: JobID, _ decide: @escaping @Sendable (JobRecord?) -> JobChange<Decision>
    ) async throws(JobStoreError) -> Decision {
        let result: Result<Decision, JobStoreError> = state.withLock { state in
            if !state.failures.isEmpty { return .failure(state.failures.removeFirst()) }
            let change = decide(state.records[id])
            guard let record = change.record else { return .success(change.decision) }
            state.records[id] = record
            state.events += change.events
            if record.state.isTerminal { state.checkpoints = state.checkpoints.filter { $0.key.jobID != id } }
            if let attempt = change.attempt {
                var all = state.attempts[id] ?? []
                all.removeAll { $0.epoch == attempt.epoch }
                state.attempts[id] = all + [attempt]
            }
            return .success(change.decision)
        }
        return try result.get()
    }

    package func record(of id: JobID) async throws(JobStoreError) -> JobRecord? { state.withLock { $0.records[id] } }

    package func records(matching filter: JobFilter) async throws(JobStoreError) -> [JobRecord] {
        let matching = state.withLock { state in
            state.records.values.filter { record in
                (filter.states.isEmpty || filter.states.contains(record.state))
                    && (filter.handler == nil || filter.handler == record.request.handler)
                    && (filter.tenant == nil || filter.tenant == record.request.tenant)
            }
        }
        let newestFirst = matching.sorted { ($1.createdAt, $1.id) < ($0.createdAt, $0.id) }
        return Array(newestFirst.prefix(filter.limit))
    }

    package func events(of id: JobID) async throws(JobStoreError) -> [JobEvent] {
        state.withLock { $0.events.filter { $0.jobID == id } }
    }

    package func attempts(of id: JobID) async throws(JobStoreError) -> [AttemptRecord] {
        state.withLock { $0.attempts[id] ?? [] }
    }
}

extension InMemoryJobStore: HandlerStateStore {
    package func checkpoint(_ key: CheckpointKey) async throws(JobStoreError) -> [UInt8]? {
        state.withLock { $0.checkpoints[key] }
    }

    package func saveCheckpoint(
        _ bytes: [UInt8], _ key: CheckpointKey, epoch: Epoch
    ) async throws(JobStoreError) -> Bool {
        state.withLock { state in
            guard let record = state.records[key.jobID], record.state == .running, record.epoch == epoch else {
                return false
            }
            state.checkpoints[key] = bytes
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
