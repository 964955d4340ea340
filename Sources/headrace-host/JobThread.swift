import CHandlerABI
import CHostProcess
import Glibc
import HostProtocol
import Synchronization

/// The thread on which the handler is loaded, made, run and destroyed.
enum JobThread {
    /// What to load.
    struct Plan: Sendable {
        var hello: HostHello
        var libraryDescriptor: Int32?
        var layers: [HostLayer]
    }

    /// What the thread does next.
    enum Command: Sendable {
        case run(HostRun, descriptors: [Int32])
        case bye
    }

    static let queue = CommandQueue()
    private static let plan = Mutex<Plan?>(nil)
    // Recursive parsers of handlers get the room that a main thread has.
    private static let stackBytes = 8 << 20

    static func start(_ plan: Plan) throws(ControlFault) {
        Self.plan.withLock { $0 = plan }
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, stackBytes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let failed = unsafe pthread_create(
            &thread, &attributes,
            { _ in
                JobThread.main()
                return nil
            }, nil)
        unsafe pthread_attr_destroy(&attributes)
        guard failed == 0 else { throw .thread(errno: failed) }
    }

    private static func main() {
        guard let plan = plan.withLock({ $0 }) else { return }
        let library: HandlerLibrary
        do throws(LoadFailure) {
            library = try HandlerLibrary.load(plan.hello, descriptor: plan.libraryDescriptor)
        } catch {
            let refusal = HostRefusal(code: error.code, message: error.message, isPassing: error.isPassing)
            hostState.channel.send(.refused(refusal))
            host_leave(0)
        }
        if let descriptor = plan.libraryDescriptor { close(descriptor) }
        hostState.adopt(library)
        hostState.channel.send(
            .ready(
                HostReady(
                    abiMajor: library.abiMajor, minHostMinor: library.minHostMinor, sdk: library.sdk, pid: getpid(),
                    layers: plan.layers)))
        while case .run(let request, let descriptors) = queue.next() {
            run(request, descriptors, library)
        }
        library.destroy()
        host_leave(0)
    }

    private static func run(_ request: HostRun, _ descriptors: [Int32], _ library: HandlerLibrary) {
        let active = ActiveRun(request: request, inputDescriptors: descriptors)
        let knowsPeak = host_reset_own_peak() == 0
        hostState.begin(active)
        let status = library.run(request.run)
        var finish = active.finish(status: status)
        hostState.end()
        finish.peakMemoryBytes = knowsPeak ? UInt64(max(host_own_peak_bytes(), 0)) : 0
        finish.droppedLogLines = hostState.logBudget.takeDropped()
        hostState.channel.send(.finished(finish))
    }
}

/// Commands in order, from the main thread to the job thread.
///
/// SAFETY: the semaphore is made once, never destroyed, and is itself thread-safe.
@safe final class CommandQueue: @unchecked Sendable {
    private let commands = Mutex<[JobThread.Command]>([])
    private let count: UnsafeMutablePointer<sem_t>

    init() {
        unsafe count = .allocate(capacity: 1)
        unsafe sem_init(count, 0, 0)
    }

    func add(_ command: JobThread.Command) {
        commands.withLock { $0.append(command) }
        unsafe sem_post(count)
    }

    /// Waits for the next command.
    func next() -> JobThread.Command {
        while true {
            if let command = commands.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return command }
            unsafe sem_wait(count)
        }
    }
}
