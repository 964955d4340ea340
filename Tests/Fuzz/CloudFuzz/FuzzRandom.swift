/// Random numbers from a seed: the same seed gives the same numbers on every machine.
///
/// SplitMix64 (Steele, Lea, Flood 2014).
package struct FuzzRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts at the n-th place of a seed; places that lie side by side have nothing in common.
    package init(seed: UInt64, place: UInt64) {
        state = seed &* 0xD134_2543_DE82_EF95 ^ (place &+ 1) &* 0x9E37_79B9_7F4A_7C15
        _ = next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Whether something that happens once in so many times happens now.
    mutating func hits(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    /// A number below a bound that is at least 1.
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &self) }

    /// One of the elements, of which there is at least one.
    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
