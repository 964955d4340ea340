internal import AWSWire

/// What a receipt handle says: which receipt of which message of which queue.
struct Receipt: Sendable, Hashable {
    /// The queue's number.
    var queueID: UInt64
    /// The message's number.
    var sequence: UInt64
    /// The message's receive count at that receipt.
    var receiveCount: UInt32

    private static let prefix = "AQEB"

    /// Makes a receipt.
    init(queueID: UInt64, sequence: UInt64, receiveCount: Int) {
        self.queueID = queueID
        self.sequence = sequence
        self.receiveCount = UInt32(clamping: receiveCount)
    }

    /// Reads a handle; `nil` for a text that no queue gave out.
    init?(handle: String) {
        guard handle.hasPrefix(Self.prefix), let bytes = Base64.decode(String(handle.dropFirst(Self.prefix.count))),
            bytes.count == 24
        else { return nil }
        func number(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
        queueID = number(0..<8)
        sequence = number(8..<16)
        receiveCount = UInt32(number(16..<20))
        guard number(20..<24) == UInt64(check) else { return nil }
    }

    /// The opaque text.
    var handle: String {
        var bytes: [UInt8] = []
        func append(_ number: UInt64, count: Int) {
            for place in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(place * 8))) }
        }
        append(queueID, count: 8)
        append(sequence, count: 8)
        append(UInt64(receiveCount), count: 4)
        append(UInt64(check), count: 4)
        return Self.prefix + Base64.encode(bytes)
    }

    private var check: UInt32 {
        var source = IDSource(seed: queueID &* 31 &+ sequence &* 17 &+ UInt64(receiveCount))
        return UInt32(truncatingIfNeeded: source.next())
    }
}
