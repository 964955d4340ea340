internal import Dispatch
internal import Synchronization

/// Work that blocks for a moment: opening a database, reading a file.
package enum BlockingWork {
    private static let queue = DispatchQueue(label: "blocking-work", attributes: .concurrent)
    private static let isInPlace = Atomic<Bool>(false)

    /// Runs work on a thread that may block, so that it never holds one of the few threads that tasks share.
    package static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        guard !isInPlace.load(ordering: .relaxed) else { return work() }
        return await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }

    /// From now on such work runs where it is asked for: for a process whose tasks have one order and one thread.
    package static func runInPlace() { isInPlace.store(true, ordering: .relaxed) }
}
