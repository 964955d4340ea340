/// Choices that depend on a seed and on what is chosen from, and on nothing that was chosen before: leaving one
/// thing out of a run does not change the others.
struct KeyedChoice: Sendable {
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    /// The weight of a key: the least one goes first.
    func weight(of key: String) -> UInt64 {
        // FNV-1a over the bytes (Fowler, Noll and Vo), then the finaliser of SplitMix64.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in key.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 31)
    }
}
