internal import CTaskHook
internal import Dispatch
internal import Glibc
internal import Synchronization

/// All tasks of this process that are ready to run, first come first served, for the one thread that runs them.
final class WorldQueue: Sendable {
    /// A job and whether it belongs to the main actor.
    struct Entry: @unchecked Sendable {
        let job: UnownedJob
        let isOfMainActor: Bool
    }

    private struct State {
        var entries: [Entry] = []
        var next = 0
        var runner: pthread_t?
    }

    /// The queue that the runtime's hooks put jobs into; there is one runtime in a process.
    static let shared = WorldQueue()

    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)

    /// Takes the place of the runtime's own queues; `false` when this runtime does not allow that.
    func takeOver() -> Bool { unsafe task_hook_install(enqueueGlobalJob, enqueueMainActorJob) == 0 }

    /// Makes the calling thread the one that runs the jobs.
    func adoptThread() { state.withLock { $0.runner = pthread_self() } }

    func add(_ entry: Entry) {
        let isFromOutside = state.withLock { state in
            state.entries.append(entry)
            return state.runner != pthread_self()
        }
        if isFromOutside { arrival.signal() }
    }

    /// The next job; `nil` when none is ready.
    func take() -> Entry? {
        state.withLock { state in
            guard state.next < state.entries.count else {
                state.entries.removeAll(keepingCapacity: true)
                state.next = 0
                return nil
            }
            defer { state.next += 1 }
            return state.entries[state.next]
        }
    }

    /// Whether no job is ready.
    var isEmpty: Bool { state.withLock { $0.next >= $0.entries.count } }

    /// Blocks until another thread has added a job, at most ten seconds; `false` when none came.
    func waitForArrival() -> Bool { arrival.wait(timeout: .now() + .seconds(10)) == .success }
}

private func enqueueGlobalJob(_ job: UnsafeMutableRawPointer?) { unsafe enqueue(job, isOfMainActor: false) }

private func enqueueMainActorJob(_ job: UnsafeMutableRawPointer?) { unsafe enqueue(job, isOfMainActor: true) }

private func enqueue(_ job: UnsafeMutableRawPointer?, isOfMainActor: Bool) {
    guard let job = unsafe job else { return }
    WorldQueue.shared.add(
        WorldQueue.Entry(job: unsafe unsafeBitCast(job, to: UnownedJob.self), isOfMainActor: isOfMainActor))
}
