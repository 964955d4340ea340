import CHostProcess
import Glibc
import HostProtocol
import Synchronization

/// Why this process cannot go on talking to its runner.
enum ControlFault: Error, CustomStringConvertible {
    case receive(errno: Int32)
    case frame(FrameFault)
    case outOfOrder(_ expected: String)
    case thread(errno: Int32)

    var description: String {
        switch self {
        case .receive(let code): "the control socket cannot be read (errno \(code))"
        case .frame(let fault): "the runner sent something else than a frame: \(fault)"
        case .outOfOrder(let expected): "expected \(expected) from the runner"
        case .thread(let code): "no thread for the handler (errno \(code))"
        }
    }
}

/// The control socket: any thread sends, the main thread receives.
final class ControlChannel: Sendable {
    private let sending = Mutex<Void>(())
    private let joiner = Mutex(FramePackets.Joiner())

    /// Sends a frame whole; a runner that is gone ends this process.
    func send(_ frame: HostFrame) {
        let packets: [[UInt8]]
        do throws(FrameFault) {
            packets = try FramePackets.split(frame.encoded())
        } catch {
            // Only a result near the frame limit could, and that is refused when it is set.
            host_leave(3)
        }
        let failed = sending.withLock { _ in
            packets.contains { packet in
                unsafe host_send(HOST_CONTROL_FD, packet, UInt64(packet.count), nil, 0) < 0
            }
        }
        if failed { host_leave(0) }
    }

    /// Waits for a frame; `nil` when the runner has closed its end.
    func receive() throws(ControlFault) -> (frame: HostFrame, descriptors: [Int32])? {
        var descriptors: [Int32] = []
        while true {
            guard let packet = try receivePacket(&descriptors) else { return nil }
            do throws(FrameFault) {
                let whole = try joiner.withLock { joiner throws(FrameFault) in try joiner.add(packet) }
                if let whole { return (try HostFrame(decoding: whole), descriptors) }
            } catch {
                throw .frame(error)
            }
        }
    }

    private func receivePacket(_ descriptors: inout [Int32]) throws(ControlFault) -> [UInt8]? {
        var received = [Int32](repeating: -1, count: Int(HOST_MAX_FDS))
        var count: UInt32 = 0
        var length: Int64 = 0
        let capacity = FramePackets.packetBytes + 1
        let packet = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, used in
            length = unsafe host_receive(
                HOST_CONTROL_FD, 1, buffer.baseAddress, UInt64(capacity), &received, &count)
            used = max(Int(length), 0)
        }
        guard length >= 0 else { throw .receive(errno: Int32(-length)) }
        descriptors.append(contentsOf: received.prefix(Int(count)))
        return length == 0 ? nil : packet
    }
}
