/// Comparisons whose duration says nothing about where two secrets differ.
enum ConstantTime {
    /// Whether the bytes are the same; only different lengths are told at once.
    static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (one, other) in zip(left, right) { difference |= one ^ other }
        return difference == 0
    }
}
