/// The UTF-8 bytes of one field, lent like its record.
@safe
public struct CSVField {
    @usableFromInline let start: UnsafePointer<UInt8>
    /// How many bytes the field has.
    public let count: Int

    @usableFromInline
    init(start: UnsafePointer<UInt8>, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    /// The byte at `index`, from 0; traps outside `0..<count`.
    @inlinable
    public subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count, "a field has no byte with this index")
        return unsafe start[index]
    }

    /// Whether the field has no bytes.
    @inlinable
    public var isEmpty: Bool { count == 0 }

    /// Whether the field has nothing but spaces and tabs.
    @inlinable
    public var isBlank: Bool {
        for index in 0..<count {
            let byte = unsafe start[index]
            if byte != 0x20 && byte != 0x09 { return false }
        }
        return true
    }

    /// The field without spaces and tabs at both ends.
    @inlinable
    public var trimmed: CSVField {
        var from = 0
        var to = count
        while from < to, unsafe Self.isSpace(start[from]) { from += 1 }
        while to > from, unsafe Self.isSpace(start[to - 1]) { to -= 1 }
        return unsafe CSVField(start: start + from, count: to - from)
    }

    /// The bytes from `lower` up to, not including, `upper`; traps outside the field.
    @inlinable
    public func slice(_ lower: Int, _ upper: Int) -> CSVField {
        precondition(lower >= 0 && lower <= upper && upper <= count, "the range leaves the field")
        return unsafe CSVField(start: start + lower, count: upper - lower)
    }

    /// The text, with U+FFFD where the bytes are not UTF-8.
    public var string: String {
        unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// A copy of the bytes.
    public var bytes: [UInt8] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

    /// Gives the bytes to `body` without copying them.
    @inlinable
    public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try unsafe body(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Whether the field has exactly the bytes of `other`.
    @inlinable
    public func equals(_ other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where unsafe start[index] != other[index] { return false }
        return true
    }

    /// Whether the field has exactly the bytes of the UTF-8 text `other`.
    public func equals(_ other: StaticString) -> Bool {
        guard count == other.utf8CodeUnitCount else { return false }
        for index in 0..<count where unsafe start[index] != other.utf8Start[index] { return false }
        return true
    }

    @inlinable
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
