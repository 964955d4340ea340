import JobCore
import Synchronization

/// One message in work: its machine, and the two places where somebody else may speak to it.
final class JobWork: Sendable {
    private struct State {
        var machine: JobLifecycle
        var jobID: JobID?
        var record: JobRecord?
        var parked: CheckedContinuation<JobLifecycle.Event, Never>?
        /// A stop that came after the machine went in line and before the work was parked there.
        var pendingStop: StopReason?
        var stopContinuation: CheckedContinuation<Void, Never>?
        var mustStop = false
        var handlerIsOver = false
        var progress: (fraction: Double, note: String)?
        var progressIsNew = false
    }

    let message: QueuedMessage
    private let state: Mutex<State>

    init(message: QueuedMessage, machine: JobLifecycle) {
        self.message = message
        state = Mutex(State(machine: machine))
    }

    var jobID: JobID? { state.withLock(\.jobID) }

    /// The record as claimed, while this message's work owns the job.
    var record: JobRecord? { state.withLock(\.record) }

    func identify(_ id: JobID) { state.withLock { $0.jobID = id } }

    func own(_ record: JobRecord?) { state.withLock { $0.record = record } }

    func handle(_ event: JobLifecycle.Event) -> [JobLifecycle.Action] { state.withLock { $0.machine.handle(event) } }

    // MARK: - Stopping

    /// Asks for a stop from outside, at any moment.
    func stop(_ reason: StopReason) {
        let (parked, actions) = state.withLock {
            state -> (CheckedContinuation<JobLifecycle.Event, Never>?, [JobLifecycle.Action]) in
            guard state.machine.isFollowing else { return (nil, state.machine.handle(.stopRequested(reason))) }
            defer { state.parked = nil }
            if state.parked == nil { state.pendingStop = reason }
            return (state.parked, [])
        }
        parked?.resume(returning: .stopRequested(reason))
        for case .stopHandler in actions { stopHandler() }
    }

    /// Waits until the handler shall stop or is over.
    func waitForStop() async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.mustStop || state.handlerIsOver { return true }
                state.stopContinuation = continuation
                return false
            }
            if isDue { continuation.resume() }
        }
    }

    func handlerIsOver() {
        let waiter = state.withLock { state in
            state.handlerIsOver = true
            defer { state.stopContinuation = nil }
            return state.stopContinuation
        }
        waiter?.resume()
    }

    private func stopHandler() {
        let waiter = state.withLock { state in
            state.mustStop = true
            defer { state.stopContinuation = nil }
            return state.stopContinuation
        }
        waiter?.resume()
    }

    // MARK: - Following

    func park(_ continuation: CheckedContinuation<JobLifecycle.Event, Never>) {
        let stop = state.withLock { state in
            if state.pendingStop == nil { state.parked = continuation }
            return state.pendingStop
        }
        if let stop { continuation.resume(returning: .stopRequested(stop)) }
    }

    func unpark(_ event: JobLifecycle.Event) {
        let parked = state.withLock { state in
            defer { state.parked = nil }
            return state.parked
        }
        parked?.resume(returning: event)
    }

    // MARK: - Progress

    func note(progress fraction: Double, _ note: String) {
        state.withLock { state in
            state.progress = (fraction, note)
            state.progressIsNew = true
        }
    }

    /// What the handler last said, once.
    func takeProgress() -> (fraction: Double, note: String)? {
        state.withLock { state in
            guard state.progressIsNew else { return nil }
            state.progressIsNew = false
            return state.progress
        }
    }
}
