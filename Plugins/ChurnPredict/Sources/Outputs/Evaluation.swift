import PureJSON

/// How good the probabilities were for customers of whom the file says whether they left.
struct Evaluation: Sendable, Hashable {
    /// One of ten equally wide ranges of probability.
    struct Bin: Sendable, Hashable {
        var customers = 0
        var left = 0
        var probabilitySum = 0.0
    }

    let customers: Int
    let left: Int
    /// Area under the ROC curve; nil when all customers did the same.
    let auc: Double?
    let averagePrecision: Double?
    let brier: Double
    let expectedCalibrationError: Double
    /// How many times more customers left in the riskiest tenth than overall; nil when none left.
    let liftInTopTenth: Double?
    /// At the probability 0.5.
    let confusion: (hits: Int, misses: Int, falseAlarms: Int, correctRejections: Int)
    let bins: [Bin]

    var accuracy: Double { Double(confusion.hits + confusion.correctRejections) / Double(customers) }

    /// Measures a histogram; nil when no customer is labelled.
    init?(_ histogram: ProbabilityHistogram) {
        guard histogram.labelled.total > 0 else { return nil }
        var tally = EvaluationTally(customers: histogram.labelled.total, left: histogram.leaving.total)
        histogram.labelled.forEachFromTop { place, count in
            tally.add(
                probability: Double(place) / Double(ProbabilityHistogram.scale), count: count,
                left: histogram.leaving[place])
            return true
        }
        customers = tally.customers
        left = tally.left
        let stayed = customers - left
        auc = left > 0 && stayed > 0 ? tally.pairs / (Double(left) * Double(stayed)) : nil
        averagePrecision = left > 0 ? tally.precisionSum / Double(left) : nil
        brier = tally.squares / Double(customers)
        bins = tally.bins
        expectedCalibrationError = bins.reduce(0) { $0 + abs(Double($1.left) - $1.probabilitySum) } / Double(customers)
        let topShare = tally.topSize > 0 ? tally.topLeft / tally.topSize : 0
        liftInTopTenth = left > 0 && tally.topSize > 0 ? topShare / (Double(left) / Double(customers)) : nil
        confusion = (tally.hits, left - tally.hits, tally.alarms - tally.hits, stayed - (tally.alarms - tally.hits))
    }

    /// The block of the summary.
    var json: JSONValue {
        [
            "customers": .integer(Int64(customers)), "left": .integer(Int64(left)),
            "auc": .rounded(auc), "averagePrecision": .rounded(averagePrecision), "accuracy": .rounded(accuracy),
            "brier": .rounded(brier), "ece": .rounded(expectedCalibrationError), "lift10": .rounded(liftInTopTenth),
            "confusion": [
                "hits": .integer(Int64(confusion.hits)), "misses": .integer(Int64(confusion.misses)),
                "falseAlarms": .integer(Int64(confusion.falseAlarms)),
                "correctRejections": .integer(Int64(confusion.correctRejections)),
            ],
            "reliability": .array(
                bins.enumerated().map { index, bin in
                    [
                        "from": .number(Double(index) / 10), "customers": .integer(Int64(bin.customers)),
                        "meanProbability": .rounded(
                            bin.customers > 0 ? bin.probabilitySum / Double(bin.customers) : nil),
                        "leftShare": .rounded(bin.customers > 0 ? Double(bin.left) / Double(bin.customers) : nil),
                    ]
                }),
        ]
    }

    static func == (a: Evaluation, b: Evaluation) -> Bool { a.json == b.json }

    func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

/// Running sums over the probabilities from high to low.
private struct EvaluationTally {
    let customers: Int
    let left: Int
    var pairs = 0.0
    var precisionSum = 0.0
    var squares = 0.0
    var hits = 0
    var alarms = 0
    var topLeft = 0.0
    var topSize = 0.0
    var bins = [Evaluation.Bin](repeating: Evaluation.Bin(), count: 10)
    private var seen = 0
    private var seenLeft = 0

    init(customers: Int, left: Int) {
        self.customers = customers
        self.left = left
    }

    /// Adds the customers of one probability, lower than all before.
    mutating func add(probability: Double, count: Int, left leaving: Int) {
        let staying = count - leaving
        // Each staying customer is ranked below those seen, and ties with those of the same probability.
        pairs += Double(staying) * (Double(seenLeft) + Double(leaving) / 2)
        let top = (Double(customers) / 10).rounded()
        let taken = min(Double(count), max(0, top - Double(seen)))
        topSize += taken
        topLeft += taken * Double(leaving) / Double(count)
        seen += count
        seenLeft += leaving
        precisionSum += Double(leaving) * Double(seenLeft) / Double(seen)
        squares += Double(leaving) * (1 - probability) * (1 - probability)
        squares += Double(staying) * probability * probability
        if probability >= 0.5 {
            hits += leaving
            alarms += count
        }
        let bin = min(9, Int(probability * 10))
        bins[bin].customers += count
        bins[bin].left += leaving
        bins[bin].probabilitySum += Double(count) * probability
    }
}

extension JSONValue {
    /// A number with at most six decimals; null for nil.
    static func rounded(_ number: Double?) -> JSONValue {
        guard let number else { return .null }
        return .number((number * 1e6).rounded() / 1e6)
    }
}
