internal import AWSWire

/// Joins the cyclic checksums of adjoining pieces to that of the whole, without the bytes.
///
/// Appending n zero bits multiplies a reflected checksum by x^n modulo the polynomial; as a linear map over GF(2)
/// that is a matrix, and doubling n squares it. Source: M. Adler, `crc32_combine` of zlib.
struct ChecksumJoin {
    private let polynomial: UInt64
    private let width: Int

    /// Only cyclic checksums can be joined.
    init?(_ algorithm: S3ChecksumAlgorithm) {
        switch algorithm {
        case .crc32: (polynomial, width) = (0xEDB8_8320, 32)
        case .crc32c: (polynomial, width) = (0x82F6_3B78, 32)
        case .crc64nvme: (polynomial, width) = (0x9A6C_9329_AC4B_C9B5, 64)
        case .sha1, .sha256: return nil
        }
    }

    /// The big-endian checksum of the pieces in order; `sizes` are the pieces' bytes.
    func join(_ values: [[UInt8]], sizes: [Int64]) -> [UInt8] {
        var whole: UInt64 = 0
        for (value, size) in zip(values, sizes) {
            whole = shifted(whole, byBytes: size) ^ value.reduce(0) { $0 << 8 | UInt64($1) }
        }
        return (0..<(width / 8)).reversed().map { UInt8(truncatingIfNeeded: whole >> UInt64($0 * 8)) }
    }

    private func shifted(_ checksum: UInt64, byBytes count: Int64) -> UInt64 {
        var matrix = (0..<width).map { $0 == 0 ? polynomial : UInt64(1) << UInt64($0 - 1) }
        for _ in 0..<3 { matrix = squared(matrix) }
        var result = checksum
        var rest = count
        while rest > 0 {
            if rest & 1 == 1 { result = apply(matrix, to: result) }
            rest >>= 1
            if rest > 0 { matrix = squared(matrix) }
        }
        return result
    }

    private func apply(_ matrix: [UInt64], to vector: UInt64) -> UInt64 {
        var sum: UInt64 = 0
        for place in 0..<width where vector >> UInt64(place) & 1 == 1 { sum ^= matrix[place] }
        return sum
    }

    private func squared(_ matrix: [UInt64]) -> [UInt64] { matrix.map { apply(matrix, to: $0) } }
}
