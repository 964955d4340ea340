/// A cyclic redundancy check computed over pieces: the three that S3 knows.
///
/// Source: Amazon S3 user guide, "Checking object integrity": CRC32 (zlib's polynomial), CRC32C (Castagnoli) and
/// CRC64NVME; S3 shows them as the big-endian bytes in base 64.
package struct CyclicChecksum: Sendable {
    /// Which polynomial.
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// The polynomial of zlib and Ethernet, 4 bytes.
        case crc32
        /// Castagnoli's polynomial, 4 bytes.
        case crc32c
        /// The polynomial of the NVMe specification, 8 bytes.
        case crc64nvme

        /// The length of a result in bytes.
        package var byteCount: Int { self == .crc64nvme ? 8 : 4 }

        fileprivate var reflectedPolynomial: UInt64 {
            switch self {
            case .crc32: 0xEDB8_8320
            case .crc32c: 0x82F6_3B78
            case .crc64nvme: 0x9A6C_9329_AC4B_C9B5
            }
        }

        fileprivate var mask: UInt64 { self == .crc64nvme ? .max : 0xFFFF_FFFF }

        fileprivate var table: [UInt64] {
            switch self {
            case .crc32: Self.crc32Table
            case .crc32c: Self.crc32cTable
            case .crc64nvme: Self.crc64Table
            }
        }

        private static let crc32Table = makeTable(Kind.crc32.reflectedPolynomial)
        private static let crc32cTable = makeTable(Kind.crc32c.reflectedPolynomial)
        private static let crc64Table = makeTable(Kind.crc64nvme.reflectedPolynomial)

        /// Eight tables of 256 entries, one after another, for eight bytes at a step.
        private static func makeTable(_ polynomial: UInt64) -> [UInt64] {
            var table = [UInt64](repeating: 0, count: 8 * 256)
            for byte in 0..<256 {
                var entry = UInt64(byte)
                for _ in 0..<8 { entry = entry & 1 == 1 ? entry >> 1 ^ polynomial : entry >> 1 }
                table[byte] = entry
            }
            for slice in 1..<8 {
                for byte in 0..<256 {
                    let previous = table[(slice - 1) * 256 + byte]
                    table[slice * 256 + byte] = previous >> 8 ^ table[Int(previous & 255)]
                }
            }
            return table
        }
    }

    /// Which polynomial this is computed with.
    package let kind: Kind
    private var state: UInt64

    /// Starts a check over nothing.
    package init(_ kind: Kind) {
        self.kind = kind
        self.state = kind.mask
    }

    /// The check of all these bytes.
    package static func of(_ bytes: some Collection<UInt8>, _ kind: Kind) -> CyclicChecksum {
        var checksum = CyclicChecksum(kind)
        checksum.update(bytes)
        return checksum
    }

    /// Adds bytes at the end.
    package mutating func update(_ bytes: some Collection<UInt8>) {
        var state = self.state
        unsafe withContiguousBytes(of: bytes) { buffer in
            unsafe state = Self.advance(state, over: UnsafeRawBufferPointer(buffer), kind.table)
        }
        self.state = state
    }

    /// Adds bytes at the end; the memory is read during the call only.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe state = Self.advance(state, over: bytes, kind.table)
    }

    /// The check as a number; of the 4-byte kinds only the low half is used.
    package var value: UInt64 { (state ^ kind.mask) & kind.mask }

    /// The check as big-endian bytes.
    package var bytes: [UInt8] {
        (0..<kind.byteCount).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
    }

    /// The check as S3 writes it in headers: base 64 of the big-endian bytes.
    package var base64: String { Base64.encode(bytes) }

    private static func advance(_ start: UInt64, over bytes: UnsafeRawBufferPointer, _ table: [UInt64]) -> UInt64 {
        unsafe table.withUnsafeBufferPointer { table in
            var state = start
            var place = 0
            while place + 8 <= bytes.count {
                let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                let mixed = state ^ word
                var next: UInt64 = 0
                for lane in 0..<8 {
                    unsafe next ^= table[(7 - lane) * 256 + Int(mixed >> UInt64(lane * 8) & 255)]
                }
                state = next
                place += 8
            }
            while place < bytes.count {
                state = unsafe state >> 8 ^ table[Int((state ^ UInt64(bytes[place])) & 255)]
                place += 1
            }
            return state
        }
    }
}
