import PureJSON

/// Collects `summary.json` while the rows are written.
///
/// Nothing in it depends on the clock or the machine.
struct ScoreSummary: Sendable {
    /// Sums over the customers of one tier.
    private struct TierSum: Sendable {
        var customers = 0
        var revenueAtRisk = 0.0
        var monthlyRevenue = 0.0
    }

    private let bundle: ModelBundle
    private let options: ScoringOptions
    private let tiers: RiskTiers
    private(set) var rows = 0
    private(set) var scored = 0
    private var rejections: [String: Int] = [:]
    private var tierSums: [RiskTier: TierSum] = [:]
    private var actions: [String: Int] = [:]
    private var duplicates = 0
    private var contributionSizes: [Double]
    private var contributions: [Double]
    var drift: DriftTable

    init(_ bundle: ModelBundle, _ options: ScoringOptions, _ tiers: RiskTiers) {
        self.bundle = bundle
        self.options = options
        self.tiers = tiers
        drift = DriftTable(bundle.document.columns)
        contributionSizes = Array(repeating: 0, count: bundle.document.columns.count)
        contributions = contributionSizes
    }

    var rejected: Int { rows - scored }
    var revenueAtRisk: Double { RiskTier.allCases.reduce(0) { $0 + (tierSums[$1]?.revenueAtRisk ?? 0) } }

    /// Counts a row that was rejected.
    mutating func reject(_ reason: String) {
        rows += 1
        rejections[reason, default: 0] += 1
    }

    /// Counts a row that was scored.
    mutating func add(_ row: ScoredRow) {
        rows += 1
        scored += 1
        tierSums[row.tier, default: TierSum()].customers += 1
        tierSums[row.tier, default: TierSum()].revenueAtRisk += row.revenueAtRisk ?? 0
        tierSums[row.tier, default: TierSum()].monthlyRevenue += row.monthlyRevenue ?? 0
        actions[row.action, default: 0] += 1
        if row.isDuplicate { duplicates += 1 }
    }

    /// Counts a row's contributions.
    mutating func addContributions(_ block: FeatureBlock, _ row: Int) {
        for column in contributions.indices {
            let value = block.contribution(row, column: column)
            contributions[column] += value
            contributionSizes[column] += abs(value)
        }
    }

    /// Customers per tier.
    var tierCounts: JSONValue {
        var result = JSONObject()
        for tier in RiskTier.allCases { result[tier.rawValue] = count(tierSums[tier]?.customers ?? 0) }
        return .object(result)
    }

    /// The whole document.
    ///
    /// - Parameters:
    ///   - histogram: the probabilities of all scored rows.
    ///   - identifiers: the identifiers that were seen.
    /// - Returns: an object.
    func document(_ histogram: ProbabilityHistogram, _ identifiers: IdentifierSet) -> JSONValue {
        var result = JSONObject()
        result["schema"] = "headrace.churn-summary/1"
        result["model"] = [
            "id": .string(bundle.name), "sha256": .string(bundle.sha256),
        ]
        result["rows"] = count(rows)
        result["scored"] = count(scored)
        result["rejected"] = count(rejected)
        result["rejections"] = counts(rejections)
        result["probability"] = probability(histogram)
        result["tiers"] = tierJSON
        result["horizonMonths"] = count(options.horizonMonths)
        result["revenueAtRisk"] = money(revenueAtRisk)
        result["monthlyRevenue"] = money(tierSums.values.map(\.monthlyRevenue).sorted().reduce(0, +))
        result["actions"] = counts(actions)
        if options.reasons > 0 { result["topDrivers"] = drivers }
        result["drift"] = drift.driftJSON
        result["unseenCategories"] = drift.unseenJSON
        result["missingShare"] = drift.missingJSON
        result["outOfRange"] = drift.outOfRangeJSON
        result["duplicateIDs"] = ["rows": count(duplicates), "complete": .bool(identifiers.isComplete)]
        if let evaluation = Evaluation(histogram) { result["evaluation"] = evaluation.json }
        return .object(result)
    }

    private func probability(_ histogram: ProbabilityHistogram) -> JSONValue {
        var result: JSONObject = ["mean": .rounded(histogram.mean)]
        let names = ["minimum", "p05", "p25", "median", "p75", "p95", "maximum"]
        let values = histogram.quantiles([0, 0.05, 0.25, 0.5, 0.75, 0.95, 1])
        for (name, value) in zip(names, values) { result[name] = .rounded(value) }
        return .object(result)
    }

    private var tierJSON: JSONValue {
        .array(
            RiskTier.allCases.reversed().map { tier in
                let sum = tierSums[tier] ?? TierSum()
                return [
                    "tier": .string(tier.rawValue),
                    "from": .rounded(Double(tiers.start(of: tier)) / Double(ProbabilityHistogram.scale)),
                    "customers": count(sum.customers),
                    "share": .rounded(scored == 0 ? 0 : Double(sum.customers) / Double(scored)),
                    "revenueAtRisk": money(sum.revenueAtRisk), "monthlyRevenue": money(sum.monthlyRevenue),
                ]
            })
    }

    private var drivers: JSONValue {
        let order = contributionSizes.indices.sorted {
            (contributionSizes[$1], $0) < (contributionSizes[$0], $1)
        }
        return .array(
            order.map { column in
                [
                    "column": .string(bundle.document.columns[column].name),
                    "meanAbsoluteContribution": .rounded(scored == 0 ? 0 : contributionSizes[column] / Double(scored)),
                    "meanContribution": .rounded(scored == 0 ? 0 : contributions[column] / Double(scored)),
                ]
            })
    }

    private func counts(_ table: [String: Int]) -> JSONValue {
        var result = JSONObject()
        for (key, value) in table.sorted(by: { $0.key < $1.key }) where !key.isEmpty { result[key] = count(value) }
        return .object(result)
    }

    private func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }

    private func money(_ amount: Double) -> JSONValue { .number((amount * 100).rounded() / 100) }
}
