import CHostProcess
import Glibc
import HostProtocol

/// The runner's end of one host process: its control socket and the pipe behind its stdout and stderr.
///
/// Owned by the child's thread.
struct HostLink {
    /// What came in one turn.
    enum Incoming {
        case frames([HostFrame])
        case broken(String)
    }

    /// Frames taken in one turn, so that a flood cannot keep the watch from its work.
    private static let framesPerTurn = 64
    private static let pipeBytesPerTurn = 262_144

    let child: host_child
    private(set) var isControlOpen = true
    private(set) var isOutputOpen = true
    private var joiner = FramePackets.Joiner()

    init(_ child: host_child) { self.child = child }

    /// Sends a frame with descriptors; gives the errno of a failure.
    func send(_ frame: HostFrame, descriptors: [Int32] = []) -> Int32 {
        let packets: [[UInt8]]
        do throws(FrameFault) {
            packets = try FramePackets.split(frame.encoded())
        } catch {
            return EMSGSIZE
        }
        for (place, packet) in packets.enumerated() {
            let count = place == 0 ? UInt32(descriptors.count) : 0
            let status = unsafe host_send(child.control, packet, UInt64(packet.count), descriptors, count)
            guard status == 0 else { return -status }
        }
        return 0
    }

    /// Takes the frames that are there.
    mutating func receive() -> Incoming {
        var frames: [HostFrame] = []
        let capacity = FramePackets.packetBytes + 1
        var descriptors = [Int32](repeating: -1, count: Int(HOST_MAX_FDS))
        while isControlOpen, frames.count < Self.framesPerTurn {
            var count: UInt32 = 0
            var length: Int64 = 0
            let packet = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, used in
                length = unsafe host_receive(
                    child.control, 0, buffer.baseAddress, UInt64(capacity), &descriptors, &count)
                used = max(Int(length), 0)
            }
            for place in 0..<Int(count) { DescriptorCloser.close(descriptors[place]) }
            if length == -Int64(EAGAIN) { break }
            guard length > 0 else {
                isControlOpen = false
                break
            }
            do throws(FrameFault) {
                guard let whole = try joiner.add(packet) else { continue }
                frames.append(try HostFrame(decoding: whole))
            } catch {
                isControlOpen = false
                return .broken("\(error)")
            }
        }
        return .frames(frames)
    }

    /// Takes what the process wrote to stdout and stderr.
    mutating func readOutput(into lines: inout LogTail) {
        var taken = 0
        var block = [UInt8](repeating: 0, count: 16_384)
        while isOutputOpen, taken < Self.pipeBytesPerTurn {
            let count = unsafe read(child.output, &block, block.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            guard count > 0 else {
                isOutputOpen = false
                return
            }
            taken += count
            lines.addOutput(block[..<count])
        }
    }

    func close() {
        DescriptorCloser.close(child.control)
        DescriptorCloser.close(child.output)
        DescriptorCloser.close(child.pidfd)
    }
}
