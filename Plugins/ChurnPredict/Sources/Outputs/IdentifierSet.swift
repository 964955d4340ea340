/// Remembers which identifiers were seen, as 64-bit fingerprints, up to a fixed count.
struct IdentifierSet: Sendable {
    /// How many identifiers are remembered at most; 16 MiB.
    static let limit = 1 << 20

    /// Whether every identifier so far was remembered.
    private(set) var isComplete = true
    private(set) var count = 0
    private var slots = [UInt64](repeating: 0, count: 1 << 10)

    /// Notes an identifier; true when it was seen before.
    mutating func insert(_ identifier: String) -> Bool {
        var fingerprint: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in identifier.utf8 { fingerprint = (fingerprint ^ UInt64(byte)) &* 0x100_0000_01b3 }
        // FNV-1a mixes its high bits poorly for short texts.
        fingerprint = (fingerprint ^ fingerprint >> 32) &* 0xd6e8_feb8_6659_fd93
        fingerprint = max(1, fingerprint ^ fingerprint >> 32)
        var place = Int(fingerprint & UInt64(slots.count - 1))
        while slots[place] != 0 {
            if slots[place] == fingerprint { return true }
            place = (place + 1) & (slots.count - 1)
        }
        guard count < Self.limit else {
            isComplete = false
            return false
        }
        slots[place] = fingerprint
        count += 1
        if count * 2 > slots.count { grow() }
        return false
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: 0, count: old.count * 2)
        for fingerprint in old where fingerprint != 0 {
            var place = Int(fingerprint & UInt64(slots.count - 1))
            while slots[place] != 0 { place = (place + 1) & (slots.count - 1) }
            slots[place] = fingerprint
        }
    }
}
