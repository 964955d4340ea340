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

    /// Whether a byte is an ASCII control character other than tab, LF and CR.
    public var hasControlByte: Bool {
        var index = 0
        while index + 8 <= count {
            let word = unsafe UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
            // Bytes below 0x20 borrow; bytes over 0x7F are masked out. Borrows may spill over, so a hit is looked at.
            if (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080 != 0 {
                for offset in index..<index + 8 where unsafe Self.isControl(start[offset]) { return true }
            }
            index += 8
        }
        while index < count {
            if unsafe Self.isControl(start[index]) { return true }
            index += 1
        }
        return false
    }

    /// A 64-bit hash of the bytes, the same in every process.
    ///
    /// Two different seeds give independent hashes: 128 bits tell any two texts of a file apart in practice.
    ///
    /// - Parameter seed: Selects one of many hash functions.
    /// - Returns: The hash.
    public func fingerprint(seed: UInt64) -> UInt64 {
        var hash = seed ^ 0x9E37_79B9_7F4A_7C15 ^ (UInt64(count) &* 0xA076_1D64_78BD_642F)
        var index = 0
        while index < count {
            var word: UInt64 = 0
            if index + 8 <= count {
                word = unsafe UnsafeRawPointer(start + index).loadUnaligned(as: UInt64.self)
            } else {
                for offset in 0..<count - index { unsafe word |= UInt64(start[index + offset]) << UInt64(offset * 8) }
            }
            let product = (hash ^ word).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB ^ (seed | 1))
            hash = product.high ^ product.low &+ 0x8EBC_6AF0_9C88_C6E3
            index += 8
        }
        let mixed = (hash ^ (hash >> 32)).multipliedFullWidth(by: 0x5899_65CC_7537_4CC3)
        return mixed.high ^ mixed.low
    }

    private static func isControl(_ byte: UInt8) -> Bool {
        (byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D) || byte == 0x7F
    }

    @inlinable
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}
