internal import Synchronization

/// The one moment at which a server listens, or will never.
final class Readiness: Sendable {
    struct Value: Sendable {
        let endpoint: String
        let administration: FakeCloudAdministration
    }

    private struct State: Sendable {
        var outcome: Result<Value, FakeCloudError>?
        var waiters: [CheckedContinuation<Result<Value, FakeCloudError>, Never>] = []
    }

    private let state = Mutex(State())

    func succeed(_ value: Value) { settle(.success(value)) }

    func fail(_ error: FakeCloudError) { settle(.failure(error)) }

    func wait() async throws(FakeCloudError) -> Value {
        let outcome = await withCheckedContinuation { continuation in
            let known = state.withLock { state in
                if state.outcome == nil { state.waiters.append(continuation) }
                return state.outcome
            }
            if let known { continuation.resume(returning: known) }
        }
        return try outcome.get()
    }

    private func settle(_ outcome: Result<Value, FakeCloudError>) {
        let waiters = state.withLock { state in
            state.outcome = outcome
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: outcome) }
    }
}
