/// In which unit a column of numbers stands.
public enum ColumnUnit: String, Sendable, Hashable {
    case days, weeks, years, cents

    /// The divisor that gives months or the currency's main unit.
    var divisor: Double {
        switch self {
        case .days: 365.25 / 12
        case .weeks: 365.25 / 12 / 7
        case .years: 1.0 / 12
        case .cents: 100
        }
    }

    /// The unit that a word of a label names.
    static func named(in words: [String], for kind: TargetColumn.Kind) -> ColumnUnit? {
        switch kind {
        case .months:
            if words.contains("month") { return nil }
            if words.contains("day") { return .days }
            if words.contains("week") { return .weeks }
            return words.contains("year") ? .years : nil
        case .monthlyMoney, .totalMoney:
            return words.contains("cent") ? .cents : nil
        default:
            return nil
        }
    }

    /// Whether the numbers themselves look like this unit rather than the usual one.
    func agrees(with column: ColumnProfile) -> Bool {
        guard let high = column.maximum, let median = column.median else { return false }
        switch self {
        case .days: return high > 130 && median > 90
        case .weeks: return high > 130
        case .years: return high <= 30
        case .cents: return column.whole == column.numeric && median >= 500
        }
    }
}

/// Whether total is tenure times monthly amount, in some units.
struct ProductEvidence {
    /// The share of rows in which it holds within 15 %, the first month left out.
    static func share(
        tenure: [Double], monthly: [Double], total: [Double], tenureDivisor: Double = 1, monthlyDivisor: Double = 1,
        totalDivisor: Double = 1
    ) -> (share: Double, rows: Int) {
        var rows = 0
        var hits = 0
        for index in tenure.indices where index < monthly.count && index < total.count {
            let months = tenure[index] / tenureDivisor
            let expected = months * monthly[index] / monthlyDivisor
            let found = total[index] / totalDivisor
            guard months >= 1, expected > 0, found > 0, expected.isFinite, found.isFinite else { continue }
            rows += 1
            if abs(found - expected) <= 0.15 * max(found, expected) { hits += 1 }
        }
        return (rows == 0 ? 0 : Double(hits) / Double(rows), rows)
    }
}
