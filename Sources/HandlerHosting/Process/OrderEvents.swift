import HostProtocol
import Synchronization

/// What a host process tells the task that gave it an order: requests of the run under way, then the reply.
///
/// Waiting is not cut short by cancellation: the process is told to stop, and its last words still count.
final class OrderEvents: Sendable {
    /// One thing told.
    enum Event: Sendable {
        /// The handler waits for an answer; no other request comes before it has one.
        case stateRequest(HostStateRequest)
        /// The order is over; nothing follows.
        case reply(HostChild.Reply)
    }

    private struct State {
        // At most a request and the reply that overtook its answer.
        var waiting: [Event] = []
        var waiter: CheckedContinuation<Event, Never>?
    }

    private let state = Mutex(State())

    /// Tells; called on the child's thread.
    func post(_ event: Event) {
        let waiter = state.withLock { state in
            guard let waiter = state.waiter else {
                state.waiting.append(event)
                return nil as CheckedContinuation<Event, Never>?
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: event)
    }

    /// Waits for the next event; for one task.
    func next() async -> Event {
        await withCheckedContinuation { continuation in
            let event: Event? = state.withLock { state in
                guard !state.waiting.isEmpty else {
                    state.waiter = continuation
                    return nil
                }
                return state.waiting.removeFirst()
            }
            if let event { continuation.resume(returning: event) }
        }
    }
}
