/// How the values of a column speak for a target column.
struct ValueMatch: Sendable, Hashable {
    /// Log-odds, from -7 to 5; 0 without values.
    var weight: Double
    /// What was counted.
    var evidence: String

    static let nothing = ValueMatch(weight: 0, evidence: "no values")
}

/// Compares the values of columns with what target columns hold.
enum ValueEvidence {
    static func match(_ column: ColumnProfile, _ target: TargetColumn) -> ValueMatch {
        guard column.filled > 0 else { return .nothing }
        var match =
            switch target.kind {
            case .identifier: identifier(column)
            case .months: months(column)
            case .monthlyMoney: money(column, isTotal: false)
            case .totalMoney: money(column, isTotal: true)
            case .choice(let dictionary): choice(column, dictionary, target)
            }
        // One or two rows prove little for a column, but a wrong type in them speaks.
        if match.weight > 0 { match.weight *= min(1, 0.5 + 0.1 * Double(column.filled)) }
        return match
    }

    private static func identifier(_ column: ColumnProfile) -> ValueMatch {
        let text = "\(column.counts.count) distinct of \(column.filled)"
        if column.withAt * 2 > column.filled { return ValueMatch(weight: -3, evidence: "e-mail addresses") }
        if column.whole < column.numeric { return ValueMatch(weight: -5, evidence: "numbers with fractions") }
        if column.filled >= 5, column.uniqueness < 0.5 { return ValueMatch(weight: -3.5, evidence: text) }
        if column.withSpace * 2 > column.filled { return ValueMatch(weight: -2.5, evidence: "texts of several words") }
        return ValueMatch(weight: column.uniqueness >= 0.98 ? 1.5 : -0.5, evidence: text)
    }

    private static func months(_ column: ColumnProfile) -> ValueMatch {
        let share = column.numericShare
        let text = "\(percent(share)) numbers"
        guard share >= 0.8, let low = column.minimum, let high = column.maximum else {
            return ValueMatch(weight: -5, evidence: text)
        }
        if low < 0 { return ValueMatch(weight: -4, evidence: "negative numbers") }
        if column.filled >= 20, high <= 1 { return ValueMatch(weight: -4, evidence: "only 0 and 1") }
        if high <= 130 { return ValueMatch(weight: 1.2, evidence: "\(text) up to \(short(high))") }
        return ValueMatch(weight: high <= 6_000 ? -0.8 : -3, evidence: "\(text) up to \(short(high))")
    }

    private static func money(_ column: ColumnProfile, isTotal: Bool) -> ValueMatch {
        let share = column.numericShare
        let text = "\(percent(share)) numbers"
        guard share >= 0.8, let median = column.median, let high = column.maximum, let low = column.minimum else {
            return ValueMatch(weight: -5, evidence: text)
        }
        if high <= 1, column.filled >= 5 { return ValueMatch(weight: -5, evidence: "numbers up to 1") }
        if low < 0, !isTotal { return ValueMatch(weight: -1.5, evidence: "negative numbers") }
        let isUsual = isTotal ? median >= 10 : (median >= 2 && median <= 5_000)
        return ValueMatch(weight: isUsual ? 1.2 : 0, evidence: "\(text), median \(short(median))")
    }

    private static func choice(
        _ column: ColumnProfile, _ dictionary: ValueDictionary, _ target: TargetColumn
    ) -> ValueMatch {
        var known = 0
        var canonical = 0
        var telling: Set<String> = []
        for (text, key, count) in column.common {
            guard let value = dictionary.spellings[key] else { continue }
            known += count
            if value == text { canonical += count }
            if dictionary.telling.contains(value), !text.allSatisfy(\.isNumber) { telling.insert(value) }
        }
        let share = column.share(known)
        let text = "\(percent(share)) known spellings"
        if share < 0.5 { return refuse(column, dictionary, text) }
        let isCoded = column.numericShare > 0.5
        if !telling.isEmpty, share >= 0.6 {
            // Values that no other column has: with two of them the label hardly matters.
            let isSure = telling.count >= 2 && column.share(canonical) >= 0.95 && dictionary.telling.count >= 2
            return ValueMatch(
                weight: isSure ? 4.5 : 3 * share, evidence: text + ", " + telling.sorted().joined(separator: ", "))
        }
        if isCoded, !dictionary.telling.isEmpty, target.name != "MultipleLines" {
            return ValueMatch(weight: share >= 0.95 ? 0 : -2, evidence: text + ", coded as numbers")
        }
        if dictionary == .internet { return ValueMatch(weight: -1, evidence: text + ", but no technology") }
        if share < 0.9 { return ValueMatch(weight: -1.5, evidence: text) }
        return ValueMatch(weight: column.share(canonical) >= 0.9 ? 1.7 : 1.5, evidence: text)
    }

    private static func refuse(
        _ column: ColumnProfile, _ dictionary: ValueDictionary, _ text: String
    ) -> ValueMatch {
        // Plans and payment means have many spellings; services and flags have few.
        let isOpen = dictionary == .contract || dictionary == .payment || dictionary == .internet
        if isOpen, column.numericShare < 0.5 {
            return ValueMatch(weight: dictionary == .payment ? -1.2 : -2.6, evidence: text)
        }
        return ValueMatch(weight: isOpen ? -2.2 : -6, evidence: text)
    }

    static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    static func short(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\((number * 100).rounded() / 100)"
    }
}
