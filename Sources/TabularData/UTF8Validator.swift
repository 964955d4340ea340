/// Counts what is not UTF-8 in bytes that come block by block.
public struct UTF8Validator: Sendable {
    /// How many maximal invalid sequences were seen.
    public private(set) var invalidCount = 0
    /// The positions of the first invalid sequences, at most 20.
    public private(set) var firstInvalidOffsets: [Int] = []
    /// How many valid characters of two or more bytes were seen.
    public private(set) var multibyteCount = 0
    /// How many NUL bytes were seen.
    public private(set) var nulCount = 0
    /// The position of the first NUL byte.
    public private(set) var firstNULOffset: Int?

    private var offset = 0
    /// How many continuation bytes are still due, and where their character starts.
    private var pending = 0
    private var start = 0
    /// The range that the next continuation byte must be in.
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    /// Creates a validator for one text.
    public init() {}

    /// Looks at the next bytes.
    public mutating func feed(_ block: [UInt8]) {
        unsafe block.withUnsafeBytes { unsafe feed($0) }
    }

    /// Looks at the next bytes, borrowed for the call.
    public mutating func feed(_ block: UnsafeRawBufferPointer) {
        var index = 0
        while index < block.count {
            if pending == 0 {
                while index + 64 <= block.count, unsafe isPlain(block, index) { index += 64 }
                guard index < block.count else { break }
            }
            unsafe take(block[index], at: offset + index)
            index += 1
        }
        offset += block.count
    }

    /// Ends the text: a character cut by the end is invalid.
    public mutating func finish() {
        if pending > 0 { reject(at: start) }
        pending = 0
    }

    /// Whether 64 bytes are all ASCII and none of them NUL.
    @inline(__always)
    private func isPlain(_ block: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        var suspicious: UInt64 = 0
        for word in 0..<8 {
            let bytes = unsafe block.loadUnaligned(fromByteOffset: index + word * 8, as: UInt64.self)
            // A byte over 0x7F has its high bit; a NUL borrows and gets one.
            suspicious |= bytes | (bytes &- 0x0101_0101_0101_0101)
        }
        return suspicious & 0x8080_8080_8080_8080 == 0
    }

    private mutating func take(_ byte: UInt8, at position: Int) {
        if pending > 0 {
            if byte >= lowest, byte <= highest {
                pending -= 1
                lowest = 0x80
                highest = 0xBF
                if pending == 0 { multibyteCount += 1 }
                return
            }
            reject(at: start)
            pending = 0
        }
        lowest = 0x80
        highest = 0xBF
        start = position
        switch byte {
        case 0:
            nulCount += 1
            if firstNULOffset == nil { firstNULOffset = position }
        case 0x01...0x7F: break
        case 0xC2...0xDF: pending = 1
        case 0xE0: (pending, lowest) = (2, 0xA0)
        case 0xED: (pending, highest) = (2, 0x9F)
        case 0xE1...0xEF: pending = 2
        case 0xF0: (pending, lowest) = (3, 0x90)
        case 0xF4: (pending, highest) = (3, 0x8F)
        case 0xF1...0xF3: pending = 3
        default: reject(at: position)
        }
    }

    private mutating func reject(at position: Int) {
        invalidCount += 1
        if firstInvalidOffsets.count < 20 { firstInvalidOffsets.append(position) }
    }
}
