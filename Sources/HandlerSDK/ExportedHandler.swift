import Glibc
import PureJSON
import Synchronization

/// A handler without its type, as C function pointers need it.
final class ExportedHandler: Sendable {
    typealias Body = @Sendable ([UInt8], Job) async -> Result<JSONValue, HandlerError>

    private let body: Body
    /// The tasks of runs that are under way, by their handle.
    private let running = Mutex<[UInt: Task<Void, Never>]>([:])

    init(body: @escaping Body) { self.body = body }

    /// Runs to the end on the concurrency pool while the calling thread waits.
    func run(_ backend: HostBackend) -> Result<JSONValue, HandlerError> {
        let cell = RunCell()
        let task = Task.detached { [body] in
            cell.finish(await body(backend.payload, Job(backend: backend)))
        }
        running.withLock { $0[backend.handle] = task }
        if backend.isCancelled { task.cancel() }
        let result = cell.wait()
        running.withLock { _ = $0.removeValue(forKey: backend.handle) }
        return result
    }

    func cancel(_ handle: UInt) { running.withLock { $0[handle] }?.cancel() }
}

/// Carries one result from a task to a thread that waits for it.
///
/// SAFETY: the semaphore is made in `init`, destroyed in `deinit`, and is itself thread-safe.
@safe private final class RunCell: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>
    private let result = Mutex<Result<JSONValue, HandlerError>?>(nil)

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func finish(_ value: Result<JSONValue, HandlerError>) {
        result.withLock { $0 = value }
        unsafe sem_post(semaphore)
    }

    func wait() -> Result<JSONValue, HandlerError> {
        while true {
            if let value = result.withLock({ $0 }) { return value }
            unsafe sem_wait(semaphore)
        }
    }
}
