import Synchronization

/// The runner's free slots: a poll asks for no more messages than there are.
final class SlotPool: Sendable {
    private struct State {
        var free: Int
        var isClosed = false
        var waiter: CheckedContinuation<Int, Never>?
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Waits until at least one slot is free; only one task may wait at a time.
    ///
    /// - Returns: the number of free slots; 0 once the pool is closed.
    func waitForFree() async -> Int {
        await withCheckedContinuation { continuation in
            let immediate = state.withLock { state -> Int? in
                if state.isClosed { return 0 }
                if state.free > 0 { return state.free }
                state.waiter = continuation
                return nil
            }
            if let immediate { continuation.resume(returning: immediate) }
        }
    }

    func take() { state.withLock { $0.free -= 1 } }

    func giveBack() {
        let wake = state.withLock { state -> (CheckedContinuation<Int, Never>, Int)? in
            state.free += 1
            guard state.free > 0, let waiter = state.waiter else { return nil }
            state.waiter = nil
            return (waiter, state.free)
        }
        if let (waiter, free) = wake { waiter.resume(returning: free) }
    }

    /// Lets nobody wait any more.
    func close() {
        let waiter = state.withLock { state in
            state.isClosed = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: 0)
    }
}
