/// Finds the bytes that can end a field, 64 at a time.
struct StructuralScan {
    private let delimiter: SIMD16<UInt8>
    private let quote: SIMD16<UInt8>
    private let lineFeed = SIMD16<UInt8>(repeating: 0x0A)
    private let carriageReturn = SIMD16<UInt8>(repeating: 0x0D)

    init(delimiter: UInt8, quote: UInt8?) {
        self.delimiter = SIMD16(repeating: delimiter)
        self.quote = SIMD16(repeating: quote ?? delimiter)
    }

    /// One bit per byte of the 64 at `bytes`, set for delimiters, quotes and line ends.
    @inline(__always)
    func mask64(_ bytes: UnsafeRawPointer) -> UInt64 {
        unsafe mask16(bytes)
            | mask16(bytes + 16) &<< 16
            | mask16(bytes + 32) &<< 32
            | mask16(bytes + 48) &<< 48
    }

    @inline(__always)
    private func mask16(_ bytes: UnsafeRawPointer) -> UInt64 {
        let block = unsafe bytes.loadUnaligned(as: SIMD16<UInt8>.self)
        let hits = (block .== delimiter) .| (block .== quote) .| (block .== lineFeed) .| (block .== carriageReturn)
        // Each lane is 0x00 or 0xFF; one multiplication gathers the low bits of eight lanes into one byte.
        let words = unsafe unsafeBitCast(hits, to: SIMD2<UInt64>.self) & 0x0101_0101_0101_0101
        let low = (words[0] &* 0x0102_0408_1020_4080) &>> 56
        let high = (words[1] &* 0x0102_0408_1020_4080) &>> 56
        return low | high &<< 8
    }
}
