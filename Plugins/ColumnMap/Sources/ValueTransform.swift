import TabularData

/// What is done to the values of a mapped column.
public enum ValueTransform: Sendable, Hashable {
    /// Nothing.
    case identity
    /// Spellings are replaced; cells that are not listed stay as they are.
    case values([String: String])
    /// Numbers lose currency signs and separators and are divided.
    case divide(by: Double, unit: ColumnUnit)
    /// Numbers lose currency signs and separators.
    case plainNumber(decimalComma: Bool)

    /// The name in `mapping.json`.
    public var name: String {
        switch self {
        case .identity: "identity"
        case .values: "values"
        case .divide: "divide"
        case .plainNumber: "plain-number"
        }
    }

    /// The cell after the transform; nil when it stays as it is.
    func apply(_ text: String) -> String? {
        switch self {
        case .identity: return nil
        case .values(let table): return table[text]
        case .plainNumber(let decimalComma):
            guard let number = ColumnProfile.amount(text, decimalComma: decimalComma) else { return nil }
            let plain = Self.text(number)
            return plain == text || Double(text) == number ? nil : plain
        case .divide(let divisor, let unit):
            guard let number = ColumnProfile.amount(text) else { return nil }
            return unit == .cents ? Self.text(number / divisor) : Self.text((number / divisor).rounded())
        }
    }

    private static func text(_ number: Double) -> String { DecimalText.trimmed(number, places: 6) }

    /// The transform that the sampled values call for.
    static func proposed(for column: ColumnProfile, _ target: TargetColumn) -> ValueTransform {
        switch target.kind {
        case .identifier:
            return .identity
        case .choice(let dictionary):
            var table: [String: String] = [:]
            for text in column.counts.keys {
                if let value = dictionary.value(of: text), value != text { table[text] = value }
            }
            return table.isEmpty ? .identity : .values(table)
        case .months, .monthlyMoney, .totalMoney:
            let isDressed = column.counts.keys.contains { Double($0) == nil && ColumnProfile.amount($0) != nil }
            return isDressed ? .plainNumber(decimalComma: column.usesDecimalComma) : .identity
        }
    }

    /// Cells of the sample that the schema does not know, and how many distinct ones.
    static func unknown(in column: ColumnProfile, _ target: TargetColumn) -> [String] {
        guard case .choice(let dictionary) = target.kind else { return [] }
        return column.counts.keys.filter { dictionary.value(of: $0) == nil }.sorted()
    }
}
