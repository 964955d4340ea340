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
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for place in 0..<32 {
            if [8, 12, 16, 20].contains(place) { text.append(UInt8(ascii: "-")) }
            let half = place < 16 ? high : low
            text.append(Self.digit(UInt8(truncatingIfNeeded: half >> UInt64(60 - place % 16 * 4)) & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// 32 hexadecimal digits in lower case.
    package mutating func token() -> String { Self.hexadecimal(next()) + Self.hexadecimal(next()) }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = stride(from: UInt64(60), through: 0, by: -4).map {
            digit(UInt8(truncatingIfNeeded: number >> $0) & 15)
        }
        return String(decoding: digits, as: UTF8.self)
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
