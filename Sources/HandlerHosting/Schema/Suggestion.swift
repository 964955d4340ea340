/// Finds what somebody may have meant.
enum Suggestion {
    /// `; did you mean "x"?` when a candidate is close, else nothing.
    static func sentence(for word: String, among candidates: [String]) -> String {
        nearest(to: word, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// The nearest candidate within a third of the word's length.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        guard (1...64).contains(word.utf8.count) else { return nil }
        let limit = max(1, word.utf8.count / 3)
        let scored = candidates.map { (distance: distance(Array(word.utf8), Array($0.utf8)), text: $0) }
        return scored.filter { $0.distance <= limit }.min { ($0.distance, $0.text) < ($1.distance, $1.text) }?.text
    }

    /// Insertions, deletions, substitutions and swaps of neighbours, letters compared without case.
    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        let (a, b) = (a.map(folded), b.map(folded))
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            before = last
            last = row
        }
        return last[b.count]
    }

    private static func folded(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 32 : byte }
}
