/// Finds what somebody who mistyped a name most likely meant.
package enum NearestName {
    /// Longer words are no names; comparing them would only cost time.
    private static let longestBytes = 64

    /// `; did you mean "x"?` when a candidate is near, else nothing.
    package static func sentence(for name: String, among candidates: [String]) -> String {
        of(name, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// The candidate with the fewest edits, if it is near enough to be worth naming.
    ///
    /// Near enough is at most a third of the longer name's length, and at least one edit; letters are compared without
    /// case.
    package static func of(_ name: String, among candidates: [String]) -> String? {
        guard (1...longestBytes).contains(name.utf8.count) else { return nil }
        let typed = Array(name.utf8)
        let scored = candidates.map { (distance(typed, Array($0.utf8)), $0) }
        guard let best = scored.min(by: { ($0.0, $0.1) < ($1.0, $1.1) }) else { return nil }
        return best.0 <= max(1, max(typed.count, best.1.utf8.count) / 3) ? best.1 : nil
    }

    /// Edits between two names: insert, delete, replace, and swap of neighbours (optimal string alignment).
    package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        let (left, right) = (left.map(folded), right.map(folded))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let change = left[row - 1] == right[column - 1] ? 0 : 1
                var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + change)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 32 : byte }
}
