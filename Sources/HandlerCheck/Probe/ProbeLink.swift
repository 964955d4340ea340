import CHandlerProbe
import CHostProcess
import Glibc
import HostProtocol
import ProbeProtocol
import PureJSON

/// The checker's end of one probe process.
///
/// Owned by the thread that started it.
struct ProbeLink {
    private static let keptOutputBytes = 4_096
    private static let keptCalls = 200

    private let child: host_child
    private let rule: WatchRule?
    private var watch: Int32 = -1
    private var isControlOpen = true
    private var isOutputOpen = true
    private var joiner = FramePackets.Joiner()
    private var observation = ProbeObservation(ending: .timedOut)

    init(_ child: host_child, rule: WatchRule?) {
        self.child = child
        self.rule = rule
    }

    /// Sends the script; `false` when the process is gone.
    func send(_ script: ProbeScript) -> Bool {
        do {
            let packets = try FramePackets.split(Array(try JSONValue(encoding: script).serialized().utf8))
            return packets.allSatisfy { packet in
                unsafe host_send(child.control, packet, UInt64(packet.count), nil, 0) == 0
            }
        } catch {
            return false
        }
    }

    /// Takes what is there, at most once from each source; `true` when the process has ended.
    mutating func turn(waiting nanoseconds: Int64) -> Bool {
        let sources = [child.pidfd, isControlOpen ? child.control : -1, isOutputOpen ? child.output : -1, watch]
        let ready = unsafe host_poll(sources, UInt32(sources.count), nanoseconds)
        guard ready > 0 else { return false }
        if ready & 8 != 0 { answerCall() }
        if ready & 2 != 0 { _ = receive() }
        if ready & 4 != 0 { _ = readOutput() }
        return ready & 1 != 0
    }

    /// Waits for the process's end, takes what it left behind, and tells everything.
    mutating func reap(isTimedOut: Bool) -> ProbeObservation {
        var end = host_exit()
        while unsafe host_reap(child.pid, &end) == 0 {
            _ = unsafe host_poll([child.pidfd], 1, 1_000_000_000)
        }
        while receive() {}
        while readOutput() {}
        observation.ending =
            isTimedOut ? .timedOut : end.signal != 0 ? .killed(signal: end.signal) : .exited(code: end.code)
        return observation
    }

    func close() {
        for descriptor in [child.control, child.output, child.pidfd, watch] where descriptor >= 0 {
            _ = Glibc.close(descriptor)
        }
    }

    // MARK: - Sources

    /// Takes one packet; `false` when there is none.
    private mutating func receive() -> Bool {
        guard isControlOpen else { return false }
        var descriptors = [Int32](repeating: -1, count: Int(HOST_MAX_FDS))
        var count: UInt32 = 0
        var length: Int64 = 0
        let capacity = FramePackets.packetBytes + 1
        let packet = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, used in
            length = unsafe host_receive(child.control, 0, buffer.baseAddress, UInt64(capacity), &descriptors, &count)
            used = max(Int(length), 0)
        }
        if length == -Int64(EAGAIN) { return false }
        guard length > 0 else {
            isControlOpen = false
            return false
        }
        if count > 0 {
            // The one packet with a descriptor: where watched calls are told.
            watch = descriptors[0]
            return true
        }
        take(packet)
        return true
    }

    private mutating func take(_ packet: [UInt8]) {
        do {
            guard let whole = try joiner.add(packet) else { return }
            observation.events.append(try JSONValue(parsing: whole).decode(ProbeEvent.self))
        } catch {
            // A handler that writes to the socket: what comes after it means nothing.
            isControlOpen = false
        }
    }

    /// Takes a block of what the process printed; `false` when there is none.
    private mutating func readOutput() -> Bool {
        guard isOutputOpen else { return false }
        var block = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe read(child.output, &block, block.count)
        if count < 0, errno == EINTR { return true }
        if count < 0, errno == EAGAIN { return false }
        guard count > 0 else {
            isOutputOpen = false
            return false
        }
        let room = Self.keptOutputBytes - observation.output.count
        observation.output.append(contentsOf: block[..<min(count, max(room, 0))])
        observation.outputBytes += count
        return true
    }

    private mutating func answerCall() {
        var call = probe_call()
        let failed = unsafe probe_next_call(watch, &call)
        if failed == -EAGAIN { return }
        guard failed == 0, let kind = WatchedCall.Kind(rawValue: call.kind) else {
            _ = Glibc.close(watch)
            watch = -1
            return
        }
        var watched = WatchedCall(
            kind: kind, name: Self.text(of: &call.name), path: ownPath(Self.text(of: &call.path)),
            writes: call.writes != 0)
        watched.isAllowed = rule?.allows(watched) ?? false
        _ = unsafe probe_answer(watch, &call, watched.isAllowed ? 0 : EPERM)
        if !watched.isAllowed, observation.calls.count < Self.keptCalls { observation.calls.append(watched) }
    }

    /// A path in which the process's own directory in `/proc`, or one of its threads', is `/proc/self`.
    private func ownPath(_ path: String) -> String {
        let parts = path.split(separator: "/")
        guard parts.count > 1, parts[0] == "proc", let number = Int32(parts[1]) else { return path }
        let isOwn = unsafe number == child.pid || access("/proc/\(child.pid)/task/\(number)", F_OK) == 0
        return isOwn ? "/proc/self/" + parts[2...].joined(separator: "/") : path
    }

    private static func text<Tuple>(of field: inout Tuple) -> String {
        unsafe withUnsafeBytes(of: &field) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
