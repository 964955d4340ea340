/// Makes identifiers from a seed: the same seed gives the same identifiers in the same order.
///
/// The generator is SplitMix64 (Steele, Lea, Flood 2014); its numbers name things and guard nothing.
package struct IDSource: Sendable {
    private var state: UInt64

    /// Starts at a seed.
    package init(seed: UInt64) { state = seed }

    /// Starts at a seed of the system's generator.
    package init() { state = .random(in: .min ... .max) }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A version 4 UUID in lower case; RFC 9562.
    package mutating func uuid() -> String {
        let high = next() & ~0xF000 | 0x4000
        let low = next() & ~(0b11 << 62) | 0b10 << 62
        let digits = Array((Self.hexadecimal(high) + Self.hexadecimal(low)).utf8)
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        return groups.map { String(decoding: digits[$0], as: UTF8.self) }.joined(separator: "-")
    }

    /// 32 hexadecimal digits in lower case.
    package mutating func token() -> String { Self.hexadecimal(next()) + Self.hexadecimal(next()) }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
