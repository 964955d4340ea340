internal import Glibc

/// The thread that runs all tasks of the world.
enum WorldThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Stands for the thread where a task asks on what it runs.
    private final class Executor: TaskExecutor {
        static let shared = Executor()
        func enqueue(_ job: consuming ExecutorJob) {
            WorldQueue.shared.add(UnownedJob(job))
        }
    }

    /// Starts the thread; returns 0 or an errno.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
        return unsafe pthread_create(
            &thread, nil,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                }
                return nil
            }, context)
    }

    /// Runs a job until its task waits or ends.
    static func run(_ job: UnownedJob) { unsafe job.runSynchronously(on: Executor.shared.asUnownedTaskExecutor()) }
}
