/// The bundle's table of recommended actions, ready to be asked row by row.
struct ActionRules: Sendable {
    /// What is recommended when an offer would cost more than it is expected to bring.
    static let notWorthIt = "No offer: it would cost more than it is expected to save"

    private struct Rule: Sendable {
        let tiers: Set<String>
        /// Column index and histogram bin that the row must have.
        let conditions: [(column: Int, bin: Int)]
        let action: String
        let isOffer: Bool
    }

    private let rules: [Rule]

    /// Resolves the rules' columns and values.
    ///
    /// - Throws: `BundleDefect.corrupt` when a rule names a column or value that the bundle does not have.
    init(_ bundle: BundleDocument) throws(BundleDefect) {
        var rules: [Rule] = []
        for action in bundle.actions {
            var conditions: [(column: Int, bin: Int)] = []
            for (name, value) in action.when.sorted(by: { $0.key < $1.key }) {
                guard let column = bundle.columns.firstIndex(where: { $0.name == name }),
                    let bin = bundle.columns[column].values?.firstIndex(of: value)
                else { throw .corrupt(file: "bundle.json", reason: "an action asks for \(name) = \(value)") }
                conditions.append((column, bin))
            }
            for tier in action.tiers where RiskTier(rawValue: tier) == nil {
                throw .corrupt(file: "bundle.json", reason: "an action names the tier '\(tier)'")
            }
            rules.append(
                Rule(
                    tiers: Set(action.tiers), conditions: conditions, action: action.action,
                    isOffer: action.offer ?? false))
        }
        self.rules = rules
    }

    /// The action for a row, or an empty text when no rule fits.
    ///
    /// - Parameters:
    ///   - tier: the row's tier.
    ///   - benefit: what an offer is expected to bring, its cost taken off; nil when the revenue is not known.
    ///   - cells: the row's cells.
    ///   - row: the row's place in its batch.
    /// - Returns: a sentence.
    func action(_ tier: RiskTier, benefit: Double?, _ cells: borrowing CellTable, row: Int) -> String {
        for rule in rules where rule.tiers.contains(tier.rawValue) {
            var fits = true
            for condition in rule.conditions where cells.bin(row, condition.column) != condition.bin { fits = false }
            guard fits else { continue }
            if rule.isOffer, let benefit, benefit <= 0 { return Self.notWorthIt }
            return rule.action
        }
        return ""
    }
}
