package import JobCore
import Synchronization

/// A clock that stands still until a test moves it.
package final class ManualClock: RunnerClock {
    private struct Sleeper {
        let deadline: Timestamp
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var now: Timestamp
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var nextID = 0
        var observers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let start: Timestamp
    private let state: Mutex<State>

    /// A clock that shows that time.
    package init(now: Timestamp = Timestamp(seconds: 1_800_000_000)) {
        start = now
        state = Mutex(State(now: now))
    }

    package func now() -> Timestamp { state.withLock(\.now) }

    package func uptime() -> Duration { now() - start }

    package func sleep(for duration: Duration) async throws(CancellationError) {
        guard duration > .zero else { return }
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let finished = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (immediate, observers) = register(id, duration, continuation)
                if let immediate { continuation.resume(returning: immediate) }
                for observer in observers { observer.resume() }
            }
        } onCancel: {
            cancel(id)
        }
        if !finished { throw CancellationError() }
    }

    /// Moves time forward and wakes whoever is due.
    package func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.deadline <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.deadline < $1.deadline }
        }
        for sleeper in due { sleeper.continuation.resume(returning: true) }
    }

    /// Waits until at least so many tasks sleep on this clock.
    package func waitForSleepers(_ count: Int = 1) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                guard state.sleepers.count < count else { return true }
                state.observers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// The time until the next sleeper is due; `nil` when nobody sleeps.
    package var nextDeadline: Duration? {
        state.withLock { state in state.sleepers.values.map { $0.deadline - state.now }.min() }
    }

    /// Moves time forward step by step, each time when enough tasks sleep, until the condition holds.
    ///
    /// It yields, and does not wait, while too few sleep: whoever would have slept may be done for good.
    ///
    /// - Parameters:
    ///   - step: how far each time.
    ///   - limit: after this much time it gives up.
    ///   - sleepers: how many tasks must sleep before each step.
    ///   - condition: looked at before each step.
    /// - Throws: ``ConformanceFailure`` when the limit is reached, or nothing has happened for very many yields.
    package func advance(
        by step: Duration = .milliseconds(500), upTo limit: Duration = .seconds(3_600), sleepers: Int = 1,
        until condition: () async throws -> Bool
    ) async throws {
        let end = now() + limit
        var idleYields = 0
        while try await !condition() {
            guard now() < end, idleYields < 2_000_000 else {
                throw ConformanceFailure("nothing came of waiting from \(start.rfc3339) to \(now().rfc3339)")
            }
            if state.withLock({ $0.sleepers.count >= sleepers }) {
                idleYields = 0
                advance(by: step)
            } else {
                idleYields += 1
            }
            await Task.yield()
        }
    }

    private func register(
        _ id: Int, _ duration: Duration, _ continuation: CheckedContinuation<Bool, Never>
    ) -> (Bool?, [CheckedContinuation<Void, Never>]) {
        state.withLock { state in
            if state.cancelled.remove(id) != nil { return (false, []) }
            state.sleepers[id] = Sleeper(deadline: state.now + duration, continuation: continuation)
            let ready = state.observers.filter { $0.count <= state.sleepers.count }
            state.observers.removeAll { $0.count <= state.sleepers.count }
            return (nil, ready.map(\.continuation))
        }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state in
            guard let sleeper = state.sleepers.removeValue(forKey: id) else {
                state.cancelled.insert(id)
                return nil as Sleeper?
            }
            return sleeper
        }
        sleeper?.continuation.resume(returning: false)
    }
}
