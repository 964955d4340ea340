package import JobCore
internal import Synchronization

/// The time that a fake cloud lives in: the machine's, that with an offset, or one that stands still.
///
/// Whoever sleeps on it is woken when its time has come, whether that passed by itself or was moved. Signatures are
/// not judged by it: clients sign with the machine's time.
package final class CloudClock: RunnerClock {
    /// How the time goes on.
    package enum Mode: Sendable, Hashable {
        /// The machine's time.
        case real
        /// The machine's time and so much more, or less.
        case offset(Duration)
        /// This time, until somebody moves it.
        case frozen(at: Timestamp)
    }

    private struct Sleeper: Sendable {
        let deadline: Timestamp
        let wakeup: Wakeup
    }

    private struct State: Sendable {
        var mode: Mode
        var uptimeShift: Duration = .zero
        var frozenUptime: Duration?
        var sleepers: [UInt64: Sleeper] = [:]
        var lastID: UInt64 = 0
    }

    /// The machine's own clock.
    package let base: any RunnerClock
    private let state: Mutex<State>

    /// Makes a clock on top of the machine's.
    package init(base: any RunnerClock, mode: Mode = .real) {
        self.base = base
        state = Mutex(State(mode: mode))
        if case .frozen = mode { state.withLock { $0.frozenUptime = base.uptime() } }
    }

    /// How the time goes on.
    package var mode: Mode { state.withLock { $0.mode } }

    /// When the next of those who sleep is due; `nil` when nobody sleeps.
    package var nextDeadline: Timestamp? { state.withLock { $0.sleepers.values.map(\.deadline).min() } }

    package func now() -> Timestamp { state.withLock { time($0) } }

    package func uptime() -> Duration { state.withLock { uptime($0) } }

    /// Changes how the time goes on; the uptime goes on from where it is.
    package func set(_ mode: Mode) {
        wake { state in
            let uptime = uptime(state)
            state.mode = mode
            if case .frozen = mode {
                state.frozenUptime = uptime
            } else {
                state.frozenUptime = nil
                state.uptimeShift = uptime - base.uptime()
            }
        }
    }

    /// Stops the time where it is.
    package func freeze() { set(.frozen(at: now())) }

    /// Moves the time forward and wakes those who are due; a real clock gets an offset.
    package func advance(by duration: Duration) {
        wake { state in
            switch state.mode {
            case .real: state.mode = .offset(duration)
            case .offset(let offset): state.mode = .offset(offset + duration)
            case .frozen(let now): state.mode = .frozen(at: now + duration)
            }
            if let uptime = state.frozenUptime {
                state.frozenUptime = uptime + duration
            } else {
                state.uptimeShift += duration
            }
        }
    }

    package func sleep(for duration: Duration) async throws(CancellationError) {
        guard duration > .zero else { return }
        let sleeper = Sleeper(deadline: now() + duration, wakeup: Wakeup())
        let id = state.withLock { state in
            state.lastID += 1
            state.sleepers[state.lastID] = sleeper
            return state.lastID
        }
        defer { state.withLock { $0.sleepers[id] = nil } }
        while true {
            if Task.isCancelled { throw CancellationError() }
            let (now, isFrozen) = state.withLock { (time($0), $0.frozenUptime != nil) }
            guard now < sleeper.deadline else { return }
            if isFrozen {
                await sleeper.wakeup.wait()
            } else {
                await sleeper.wakeup.wait(atMost: sleeper.deadline - now) { [base] duration in
                    // A cancelled sleep has been overtaken by a signal.
                    do throws(CancellationError) { try await base.sleep(for: duration) } catch { return }
                }
            }
        }
    }

    private func time(_ state: borrowing State) -> Timestamp {
        switch state.mode {
        case .real: base.now()
        case .offset(let offset): base.now() + offset
        case .frozen(let now): now
        }
    }

    private func uptime(_ state: borrowing State) -> Duration {
        state.frozenUptime ?? base.uptime() + state.uptimeShift
    }

    /// Changes the time; those who are due count as woken at once, all others look at the clock again.
    private func wake(_ change: (inout State) -> Void) {
        let sleepers = state.withLock { state in
            change(&state)
            let now = time(state)
            defer { state.sleepers = state.sleepers.filter { $0.value.deadline > now } }
            return state.sleepers.sorted { $0.key < $1.key }.map(\.value)
        }
        for sleeper in sleepers { sleeper.wakeup.signal() }
    }
}
