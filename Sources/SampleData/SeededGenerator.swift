/// Random numbers that are the same for a seed on every machine: xoshiro256** started by splitmix64.
///
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators". All draws are whole numbers, so no
/// mathematical library has a say in them.
struct SeededGenerator: RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var mixer = seed
        func next() -> UInt64 {
            mixer &+= 0x9e37_79b9_7f4a_7c15
            var word = mixer
            word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
            return word ^ word >> 31
        }
        state = (next(), next(), next(), next())
    }

    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// A whole number from 0 up to, not including, `limit`.
    mutating func below(_ limit: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(limit)).high) }

    /// Whether an event of the given chance, in thousandths, happens.
    mutating func happens(_ thousandths: Int) -> Bool { below(1000) < thousandths }

    /// A number around 0 with a standard deviation of about 1000: the sum of twelve even draws.
    mutating func bell() -> Int {
        var sum = 0
        for _ in 0..<12 { sum += below(1001) }
        return sum - 6000
    }
}
