/// Work on other threads: one piece at a time, in the order in which it was asked for.
struct WorkLine {
    /// Those who wait for their turn.
    var waiting: [CheckedContinuation<Void, Never>] = []
    /// Whether a piece is being done.
    var isUnderWay = false

    /// Takes the next one in line, if nothing is being done.
    mutating func begin() -> CheckedContinuation<Void, Never>? {
        guard !isUnderWay, !waiting.isEmpty else { return nil }
        isUnderWay = true
        return waiting.removeFirst()
    }
}

/// Random numbers that start from the lab's seed (SplitMix64, Steele, Lea and Flood 2014).
struct KeyedRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A number in 0..<1.
    mutating func next() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Double(mixed >> 11) * 0x1p-53
    }
}
