/// Remembers which values were seen, by 128-bit fingerprint, within a fixed budget.
struct FingerprintSet {
    /// The most values remembered; 32 MiB at the default.
    let capacity: Int
    private(set) var count = 0
    private var slots: [(UInt64, UInt64)]

    init(capacity: Int = 1 << 20) {
        self.capacity = capacity
        slots = Array(repeating: (0, 0), count: 1 << 10)
    }

    var isFull: Bool { count >= capacity }

    /// Adds a value; false when it was there already.
    mutating func insert(_ first: UInt64, _ second: UInt64) -> Bool {
        if count * 2 >= slots.count { grow() }
        return place(first | 1, second)
    }

    private mutating func place(_ first: UInt64, _ second: UInt64) -> Bool {
        let mask = slots.count - 1
        var index = Int(truncatingIfNeeded: second) & mask
        while slots[index].0 != 0 {
            if slots[index] == (first, second) { return false }
            index = (index + 1) & mask
        }
        slots[index] = (first, second)
        count += 1
        return true
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: (0, 0), count: old.count * 2)
        count = 0
        for slot in old where slot.0 != 0 { _ = place(slot.0, slot.1) }
    }
}
