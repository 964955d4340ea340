/// How many customers have each probability, in millionths: percentiles and quality measures of a file of any length in
/// constant memory.
///
/// Probabilities are reported with six decimals, so every figure is exact for what is reported. Memory: 4 MB, and as
/// much again when the file says who left.
struct ProbabilityHistogram: Sendable {
    /// The number of millionths in 1.
    static let scale = 1_000_000

    private(set) var total = 0
    private(set) var counts = [UInt32](repeating: 0, count: scale + 1)
    private(set) var leaving: [UInt32] = []
    private(set) var labelled: [UInt32] = []
    private var below: [UInt32] = []

    /// A probability in millionths.
    static func millionths(_ probability: Double) -> Int { Int((probability * Double(scale)).rounded()) }

    /// Counts one customer; `left` tells whether they left, nil when that is not known.
    mutating func add(_ millionths: Int, left: Bool?) {
        total += 1
        counts[millionths] += 1
        guard let left else { return }
        if labelled.isEmpty {
            labelled = Array(repeating: 0, count: Self.scale + 1)
            leaving = Array(repeating: 0, count: Self.scale + 1)
        }
        labelled[millionths] += 1
        if left { leaving[millionths] += 1 }
    }

    /// Makes ``percentile(_:)`` answer; call once, after the last customer.
    mutating func seal() {
        below = Array(repeating: 0, count: counts.count)
        var sum: UInt32 = 0
        for place in counts.indices {
            below[place] = sum
            sum += counts[place]
        }
    }

    /// The share of customers with a lower probability, half of those with the same included, 0...100.
    func percentile(_ millionths: Int) -> Double {
        (Double(below[millionths]) + Double(counts[millionths]) / 2) / Double(total) * 100
    }

    /// The probability below which a share of the customers lie.
    func quantile(_ share: Double) -> Double {
        let wanted = max(1, Int((share * Double(total)).rounded(.up)))
        var sum = 0
        for place in counts.indices {
            sum += Int(counts[place])
            if sum >= wanted { return Double(place) / Double(Self.scale) }
        }
        return 0
    }

    /// The mean probability.
    var mean: Double {
        var sum = 0.0
        for place in counts.indices where counts[place] > 0 { sum += Double(counts[place]) * Double(place) }
        return total == 0 ? 0 : sum / Double(total) / Double(Self.scale)
    }

    /// The lowest limit, in millionths, that at most `limit` customers reach.
    func threshold(reachedByAtMost limit: Int) -> Int {
        var sum = 0
        for place in counts.indices.reversed() {
            sum += Int(counts[place])
            if sum > limit { return place + 1 }
        }
        return 0
    }
}
