/// Cuts frames into packets that a `SOCK_SEQPACKET` socket takes whole, and joins them again.
///
/// A packet is one flag byte (1: more follows, 0: last) and up to ``packetBytes`` bytes of the frame. Descriptors go
/// with a frame's first packet.
package enum FramePackets {
    /// The most bytes of a frame in one packet; well below the kernel's default socket buffer.
    package static let packetBytes = 65_536
    /// The most bytes of a frame.
    package static let frameLimit = 8 << 20

    /// Cuts a frame.
    package static func split(_ frame: [UInt8]) throws(FrameFault) -> [[UInt8]] {
        guard frame.count <= frameLimit else { throw .tooLarge(limit: frameLimit) }
        guard frame.count > packetBytes else { return [[0] + frame] }
        return stride(from: 0, to: frame.count, by: packetBytes).map { start in
            let end = min(start + packetBytes, frame.count)
            return [end < frame.count ? 1 : 0] + frame[start..<end]
        }
    }

    /// Joins the packets of one direction in the order in which they come.
    package struct Joiner: Sendable {
        private var pending: [UInt8] = []

        /// Makes a joiner without pending packets.
        package init() {}

        /// Takes a packet; returns the frame that it completes, if it does.
        package mutating func add(_ packet: [UInt8]) throws(FrameFault) -> [UInt8]? {
            guard let flag = packet.first else { throw .truncated(expected: 1, found: 0) }
            guard flag <= 1 else { throw .invalidValue(field: "packet flag") }
            guard pending.count + packet.count - 1 <= frameLimit else { throw .tooLarge(limit: frameLimit) }
            pending.append(contentsOf: packet.dropFirst())
            guard flag == 0 else { return nil }
            defer { pending = [] }
            return pending
        }
    }
}
