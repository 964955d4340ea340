/// How many customers have each probability, in millionths.
///
/// Gives percentiles and quality measures of a file of any length in constant memory. Probabilities are reported with
/// six decimals, so every figure is exact for what is reported. Memory: at most 4 MB, three times as much when the file
/// says who left.
struct ProbabilityHistogram: Sendable {
    /// The number of millionths in 1.
    static let scale = 1_000_000

    private var counts = CountTable(size: scale + 1)
    /// Customers of whom it is known whether they left, and those who did.
    private(set) var labelled = CountTable(size: scale + 1)
    private(set) var leaving = CountTable(size: scale + 1)
    private var sum = 0
    private var sums: [UInt32] = []

    /// A probability in millionths.
    static func millionths(_ probability: Double) -> Int { Int((probability * Double(scale)).rounded()) }

    /// How many customers were counted.
    var total: Int { counts.total }

    /// The mean probability.
    var mean: Double { total == 0 ? 0 : Double(sum) / Double(total) / Double(Self.scale) }

    /// Counts one customer; `left` tells whether they left, nil when that is not known.
    mutating func add(_ millionths: Int, left: Bool?) {
        counts.add(millionths)
        sum += millionths
        guard let left else { return }
        labelled.add(millionths)
        if left { leaving.add(millionths) }
    }

    /// Makes ``percentile(_:)`` answer; call once, after the last customer.
    mutating func seal() { sums = counts.sums() }

    /// The share of customers with a lower probability, half of those with the same included, 0...100.
    func percentile(_ millionths: Int) -> Double {
        let below = counts.count(below: millionths, sums)
        return (Double(below) + Double(counts[millionths]) / 2) / Double(total) * 100
    }

    /// The probabilities at or below which the given shares of the customers lie.
    func quantiles(_ shares: [Double]) -> [Double] {
        // From the top: a share is reached while at least its number of customers are left at or below the place.
        var result = [Double](repeating: 0, count: shares.count)
        var remaining = total
        counts.forEachFromTop { place, count in
            for (index, share) in shares.enumerated()
            where remaining >= max(1, Int((share * Double(total)).rounded(.up))) {
                result[index] = Double(place) / Double(Self.scale)
            }
            remaining -= count
            return true
        }
        return result
    }

    /// The lowest limit, in millionths, that at most `limit` customers reach.
    func threshold(reachedByAtMost limit: Int) -> Int {
        var sum = 0
        var result = 0
        counts.forEachFromTop { place, count in
            sum += count
            if sum > limit { result = place + 1 }
            return sum <= limit
        }
        return result
    }
}
