/// Appends fields to a frame: little-endian numbers, texts and lists with a 32-bit count.
struct FrameWriter {
    private(set) var bytes: [UInt8] = []

    mutating func number<T: FixedWidthInteger>(_ value: T) {
        for place in 0..<(T.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> (place * 8)))
        }
    }

    mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func blob(_ value: [UInt8]) {
        number(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func text(_ value: String) {
        number(UInt32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func list<T>(_ values: [T], _ write: (inout FrameWriter, T) -> Void) {
        number(UInt32(values.count))
        for value in values { write(&self, value) }
    }
}

/// Takes fields off a frame; never reads beyond it and never reserves more than it holds.
struct FrameReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func number<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(FrameFault) -> T {
        let width = T.bitWidth / 8
        let slice = try take(width)
        var value: T = 0
        for (place, byte) in slice.enumerated() { value |= T(truncatingIfNeeded: byte) << (place * 8) }
        return value
    }

    mutating func flag(_ field: String) throws(FrameFault) -> Bool {
        switch try number(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw .invalidValue(field: field)
        }
    }

    mutating func blob() throws(FrameFault) -> [UInt8] {
        let count = try number(UInt32.self)
        return Array(try take(Int(count)))
    }

    mutating func text() throws(FrameFault) -> String {
        let count = try number(UInt32.self)
        guard let text = String(validating: try take(Int(count)), as: UTF8.self) else { throw .invalidText }
        return text
    }

    mutating func list<T>(_ read: (inout FrameReader) throws(FrameFault) -> T) throws(FrameFault) -> [T] {
        let count = Int(try number(UInt32.self))
        // Each element takes four bytes at least.
        guard count <= (bytes.count - position) / 4 else {
            throw .truncated(expected: count * 4, found: bytes.count - position)
        }
        var values: [T] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }

    func end() throws(FrameFault) {
        guard position == bytes.count else { throw .trailingBytes(bytes.count - position) }
    }

    private mutating func take(_ count: Int) throws(FrameFault) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else {
            throw .truncated(expected: count, found: bytes.count - position)
        }
        defer { position += count }
        return bytes[position..<position + count]
    }
}
