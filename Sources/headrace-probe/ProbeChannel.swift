import CHostProcess
import Glibc
import HostProtocol
import ProbeProtocol
import PureJSON
import Synchronization

/// The control socket: any thread sends events, the main thread receives.
enum ProbeChannel {
    private static let sending = Mutex<Void>(())

    /// Sends an event whole; a checker that is gone ends this process.
    static func send(_ event: ProbeEvent) {
        let packets: [[UInt8]]
        do {
            packets = try FramePackets.split(Array(try JSONValue(encoding: event).serialized().utf8))
        } catch {
            ProbeFailure.end("an event has no JSON form: \(error)")
        }
        let failed = sending.withLock { _ in
            packets.contains { packet in
                unsafe host_send(HOST_CONTROL_FD, packet, UInt64(packet.count), nil, 0) < 0
            }
        }
        if failed { host_leave(0) }
    }

    /// Waits for the script; `nil` when there is none.
    static func receiveScript() -> ProbeScript? {
        var joiner = FramePackets.Joiner()
        while let packet = receive() {
            do {
                guard let whole = try joiner.add(packet) else { continue }
                return try JSONValue(parsing: whole).decode(ProbeScript.self)
            } catch {
                return nil
            }
        }
        return nil
    }

    /// Waits until the checker has closed its end.
    static func waitForEnd() { while receive() != nil {} }

    private static func receive() -> [UInt8]? {
        var descriptors = [Int32](repeating: -1, count: Int(HOST_MAX_FDS))
        var count: UInt32 = 0
        var length: Int64 = 0
        let capacity = FramePackets.packetBytes + 1
        let packet = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, used in
            length = unsafe host_receive(
                HOST_CONTROL_FD, 1, buffer.baseAddress, UInt64(capacity), &descriptors, &count)
            used = max(Int(length), 0)
        }
        return length > 0 ? packet : nil
    }
}

/// Threads with as much stack as a main thread has.
enum ProbeThread {
    private static let stackBytes = 8 << 20

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a detached thread; returns 0 or an errno.
    static func start(_ body: @escaping @Sendable () -> Void) -> Int32 {
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setstacksize(&attributes, stackBytes)
        unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        defer { unsafe pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
        return unsafe pthread_create(
            &thread, &attributes,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                }
                return nil
            }, context)
    }
}

/// A gate that opens once.
///
/// SAFETY: the semaphore is made once, never destroyed, and is itself thread-safe.
@safe final class Gate: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    /// Lets one waiter pass.
    func open() { unsafe sem_post(semaphore) }

    /// Waits for ``open()``.
    func wait() {
        while unsafe sem_wait(semaphore) != 0 {}
    }

    /// Waits for ``open()``, at most that long; `false` when the time was up.
    func wait(milliseconds: Int64) -> Bool {
        var end = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &end)
        let nanoseconds = Int64(end.tv_nsec) + milliseconds % 1_000 * 1_000_000
        end.tv_sec += Int(milliseconds / 1_000 + nanoseconds / 1_000_000_000)
        end.tv_nsec = Int(nanoseconds % 1_000_000_000)
        while unsafe sem_timedwait(semaphore, &end) != 0 {
            if errno == ETIMEDOUT { return false }
        }
        return true
    }
}
