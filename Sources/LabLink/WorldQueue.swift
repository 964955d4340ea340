internal import CTaskHook
internal import Dispatch
internal import Glibc
internal import Synchronization

/// All tasks of this process that are ready to run, first come first served, for the one thread that runs them.
final class WorldQueue: Sendable {
    private struct State {
        var jobs: [UnownedJob] = []
        var next = 0
        var runner: pthread_t?
        var arrivals: UInt64 = 0
    }

    /// The queue that the runtime's hooks put jobs into; there is one runtime in a process.
    static let shared = WorldQueue()

    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)

    /// Takes the place of the runtime's own queues, the main actor's excepted; `false` when this runtime does not allow that.
    func takeOver() -> Bool { unsafe task_hook_install(enqueueJob) == 0 }

    /// Makes the calling thread the one that runs the jobs.
    func adoptThread() { state.withLock { $0.runner = pthread_self() } }

    func add(_ job: UnownedJob) {
        let isFromOutside = state.withLock { state in
            state.jobs.append(job)
            guard state.runner != pthread_self() else { return false }
            state.arrivals += 1
            return true
        }
        if isFromOutside { arrival.signal() }
    }

    /// The next job; `nil` when none is ready.
    func take() -> UnownedJob? {
        state.withLock { state in
            guard state.next < state.jobs.count else {
                state.jobs.removeAll(keepingCapacity: true)
                state.next = 0
                return nil
            }
            defer { state.next += 1 }
            return state.jobs[state.next]
        }
    }

    /// How many jobs other threads have made ready so far.
    var arrivals: UInt64 { state.withLock(\.arrivals) }

    /// Blocks until another thread adds a job, at most ten seconds; returns early at times.
    ///
    /// - Returns: `false` when none came.
    func waitForArrival() -> Bool { arrival.wait(timeout: .now() + .seconds(10)) == .success }
}

private func enqueueJob(_ job: UnsafeMutableRawPointer?) {
    guard let job = unsafe job else { return }
    WorldQueue.shared.add(unsafe unsafeBitCast(job, to: UnownedJob.self))
}
