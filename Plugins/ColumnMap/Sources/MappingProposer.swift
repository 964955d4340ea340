/// Finds the target of each column of a file.
struct MappingProposer {
    let schema: TargetSchema
    /// Labels that must be mapped.
    let required: [String]
    private let names: NameEvidence

    /// A pair is worth taking from here on: log-odds.
    static let threshold = 3.0

    init(schema: TargetSchema, required: [String]? = nil) {
        self.schema = schema
        self.required = required ?? schema.columns.filter(\.isRequired).map(\.name)
        names = NameEvidence(schema)
    }

    /// One pair of a file column and a target.
    private struct Pair {
        var name: NameMatch
        var values: ValueMatch
        var product = 0.0
        var productEvidence = ""

        var score: Double { name.weight + values.weight + product }
    }

    /// The mapping that the labels and the sample speak for.
    func propose(_ file: FileProfile) -> MappingProposal {
        var pairs = file.columns.map { column in
            zip(names.matches(column.label), schema.columns).map { name, target in
                Pair(name: name, values: ValueEvidence.match(column, target))
            }
        }
        let units = addProductEvidence(&pairs, file)
        let chosen = assign(pairs, file)
        var proposal = MappingProposal(
            schema: schema, columns: [], missingRequired: [], conflicts: [],
            fingerprint: MappingProposal.fingerprint(file.columns.map(\.label)))
        for (index, column) in file.columns.enumerated() {
            proposal.columns.append(entry(for: column, pairs[index], chosen[index], file, &proposal.conflicts, units))
        }
        noteRivals(&proposal, pairs, file)
        let mapped = Set(proposal.columns.compactMap(\.target))
        proposal.missingRequired = required.filter { !mapped.contains($0) }
        return proposal
    }

    /// The target of each column, best in sum; equal columns are told apart by label, never by position.
    private func assign(_ pairs: [[Pair]], _ file: FileProfile) -> [Int?] {
        let order = file.columns.indices.sorted { file.columns[$0].label < file.columns[$1].label }
        var rank = [Double](repeating: 0, count: order.count)
        for (place, index) in order.enumerated() { rank[index] = Double(place) * 1e-7 }
        let gains = schema.columns.indices.map { target in
            pairs.indices.map { pairs[$0][target].score - Self.threshold - rank[$0] }
        }
        var chosen = [Int?](repeating: nil, count: pairs.count)
        for (target, column) in Assignment.best(gains, columns: pairs.count).enumerated() {
            if let column { chosen[column] = target }
        }
        return chosen
    }

    private func entry(
        for column: ColumnProfile, _ pairs: [Pair], _ chosen: Int?, _ file: FileProfile,
        _ conflicts: inout [MappingProposal.Conflict], _ units: [Int: ColumnUnit]
    ) -> MappingProposal.Column {
        let ranked = pairs.indices.filter { $0 != chosen && pairs[$0].score > 0 }
            .sorted { (pairs[$0].score, -$0) > (pairs[$1].score, -$1) }
        let alternatives = ranked.prefix(3).map {
            MappingProposal.Alternative(target: schema.columns[$0].name, confidence: Self.confidence(pairs[$0].score))
        }
        guard let chosen else {
            let best = pairs.indices.max { pairs[$0].score < pairs[$1].score }
            let signals = best.map { Self.signals(pairs[$0]) } ?? []
            let confidence = 1 - (best.map { Self.confidence(pairs[$0].score) } ?? 0)
            return MappingProposal.Column(
                source: column.label, index: column.index, target: nil, confidence: confidence,
                signals: signals.filter { $0.name == "negative" }, alternatives: Array(alternatives),
                transform: .identity)
        }
        let target = schema.columns[chosen]
        var entry = MappingProposal.Column(
            source: column.label, index: column.index, target: target.name,
            confidence: Self.confidence(pairs[chosen]), signals: Self.signals(pairs[chosen]),
            alternatives: Array(alternatives), transform: .proposed(for: column, target))
        decideUnit(&entry, column, target, units[column.index], &conflicts)
        noteUnknownValues(entry, column, target, &conflicts)
        return entry
    }

    /// Whether some label is surely one of the schema's.
    func knowsLabel(in file: FileProfile) -> Bool {
        file.columns.contains { column in names.matches(column.label).contains { $0.weight >= 5 } }
    }

    /// What a confirmed pair looks like: its evidence, transform and open questions.
    func confirm(
        _ column: ColumnProfile, as target: TargetColumn, _ transform: ValueTransform?
    ) -> (entry: MappingProposal.Column, values: ValueMatch, conflicts: [MappingProposal.Conflict]) {
        let values = ValueEvidence.match(column, target)
        let place = schema.index(of: target.name) ?? 0
        let pair = Pair(name: names.matches(column.label)[place], values: values)
        var conflicts: [MappingProposal.Conflict] = []
        var entry = MappingProposal.Column(
            source: column.label, index: column.index, target: target.name, confidence: 1,
            signals: [.init(name: "confirmed", weight: 0, evidence: "")] + Self.signals(pair), alternatives: [],
            transform: transform ?? .proposed(for: column, target))
        if transform == nil { decideUnit(&entry, column, target, nil, &conflicts) }
        noteUnknownValues(entry, column, target, &conflicts)
        entry.confidence = 1
        return (entry, values, conflicts)
    }

    /// Converts a unit when two signs agree, and asks when only one does.
    private func decideUnit(
        _ entry: inout MappingProposal.Column, _ column: ColumnProfile, _ target: TargetColumn,
        _ proven: ColumnUnit?, _ conflicts: inout [MappingProposal.Conflict]
    ) {
        let named = ColumnUnit.named(in: LabelText.words(column.label), for: target.kind)
        guard let unit = named ?? proven else { return }
        let signs = [named == unit, proven == unit, unit.agrees(with: column)].filter { $0 }.count
        if signs >= 2 {
            entry.transform = .divide(by: unit.divisor, unit: unit)
            return
        }
        entry.confidence = min(entry.confidence, 0.85)
        conflicts.append(
            MappingProposal.Conflict(
                code: "unit-unknown", target: target.name, sources: [column.label],
                message: "“\(column.label)” may stand in \(unit.rawValue); nothing is converted without a second sign"))
    }

    private func noteUnknownValues(
        _ entry: MappingProposal.Column, _ column: ColumnProfile, _ target: TargetColumn,
        _ conflicts: inout [MappingProposal.Conflict]
    ) {
        let unknown = ValueTransform.unknown(in: column, target)
        guard !unknown.isEmpty else { return }
        let listed = unknown.prefix(3).map { "“\($0.prefix(32))”" }.joined(separator: ", ")
        conflicts.append(
            MappingProposal.Conflict(
                code: "value-unmapped", target: target.name, sources: [column.label],
                message: "\(unknown.count) values of “\(column.label)” are not known: \(listed)"))
    }

    /// Lowers the confidence of a target for which a second column speaks nearly as loud with other values.
    private func noteRivals(_ proposal: inout MappingProposal, _ pairs: [[Pair]], _ file: FileProfile) {
        for (place, entry) in proposal.columns.enumerated() {
            guard let name = entry.target, let target = schema.index(of: name) else { continue }
            let score = pairs[entry.index][target].score
            let rivals = file.columns.indices.filter { other in
                other != entry.index && proposal.columns[other].target == nil
                    && pairs[other][target].score >= Self.threshold && score - pairs[other][target].score < 1
            }.filter { !agree(file.columns[$0], file.columns[entry.index], schema.columns[target]) }
            guard !rivals.isEmpty else { continue }
            proposal.columns[place].confidence *= 0.7
            let sources = ([entry.source] + rivals.map { file.columns[$0].label }).sorted()
            proposal.conflicts.append(
                MappingProposal.Conflict(
                    code: "two-columns-one-target", target: name, sources: sources,
                    message: "\(sources.count) columns may be “\(name)”; “\(entry.source)” was taken"))
        }
    }

    /// Whether two columns say the same in other words.
    private func agree(_ first: ColumnProfile, _ second: ColumnProfile, _ target: TargetColumn) -> Bool {
        guard case .choice(let dictionary) = target.kind, first.filled > 0 else { return false }
        func spread(_ column: ColumnProfile) -> [String: Int] {
            var spread: [String: Int] = [:]
            for (text, count) in column.counts { spread[dictionary.value(of: text) ?? text, default: 0] += count }
            return spread
        }
        return spread(first) == spread(second)
    }

    /// P(correct) of a pair; 1 for the very label with values that do not object.
    private static func confidence(_ pair: Pair) -> Double {
        pair.name.signal == .exact && pair.values.weight >= 0 ? 1 : confidence(pair.score)
    }

    /// P(correct) of a score in log-odds.
    static func confidence(_ score: Double) -> Double {
        let odds = Exponential.of(-1.0 * (score - 2.6))
        return ((1 / (1 + odds)) * 10_000).rounded() / 10_000
    }

    private static func signals(_ pair: Pair) -> [MappingProposal.Signal] {
        var signals: [MappingProposal.Signal] = []
        if pair.name.signal != .none {
            signals.append(
                .init(name: pair.name.signal.rawValue, weight: pair.name.weight, evidence: pair.name.evidence))
        }
        if pair.values.weight != 0 {
            signals.append(.init(name: "values", weight: pair.values.weight, evidence: pair.values.evidence))
        }
        if pair.product != 0 {
            signals.append(.init(name: "product", weight: pair.product, evidence: pair.productEvidence))
        }
        return signals
    }

    /// Looks for three columns of which one is the product of the others, and for the units in which it is.
    private func addProductEvidence(_ pairs: inout [[Pair]], _ file: FileProfile) -> [Int: ColumnUnit] {
        guard let tenure = schema.index(of: "tenure"), let monthly = schema.index(of: "MonthlyCharges"),
            let total = schema.index(of: "TotalCharges"), file.rows >= 5
        else { return [:] }
        func candidates(_ target: Int) -> [Int] {
            let usable = pairs.indices.filter {
                pairs[$0][target].name.weight > 0 && file.columns[$0].numericShare > 0.7
            }
            return Array(
                usable.sorted {
                    (pairs[$0][target].score, file.columns[$1].label) > (
                        pairs[$1][target].score, file.columns[$0].label
                    )
                }.prefix(4))
        }
        var units: [Int: ColumnUnit] = [:]
        var best = (share: 0.7, columns: [Int](), unit: ColumnUnit?.none)
        for first in candidates(tenure) {
            for second in candidates(monthly) where second != first {
                for third in candidates(total) where third != first && third != second {
                    let numbers = (
                        file.columns[first].numbers, file.columns[second].numbers, file.columns[third].numbers
                    )
                    for unit in [nil, ColumnUnit.days, .weeks, .years] {
                        let found = ProductEvidence.share(
                            tenure: numbers.0, monthly: numbers.1, total: numbers.2, tenureDivisor: unit?.divisor ?? 1)
                        if found.rows >= 5, found.share > best.share + (unit == nil ? 0 : 0.05) {
                            best = (found.share, [first, second, third], unit)
                        }
                    }
                }
            }
        }
        guard best.columns.count == 3 else { return [:] }
        let text = "total is tenure x monthly in \(ValueEvidence.percent(best.share)) of rows"
        for (column, target) in zip(best.columns, [tenure, monthly, total]) {
            pairs[column][target].product = 2.5
            pairs[column][target].productEvidence = text
        }
        if let unit = best.unit { units[best.columns[0]] = unit }
        return units
    }
}

/// The exponential function, the same to the last bit on every machine.
enum Exponential {
    static func of(_ power: Double) -> Double {
        guard power > -700 else { return 0 }
        guard power < 700 else { return .infinity }
        // e^x = (e^(x/1024))^1024, with a short series near 0.
        let small = power / 1024
        var term = 1.0
        var sum = 1.0
        for index in 1...12 {
            term *= small / Double(index)
            sum += term
        }
        for _ in 0..<10 { sum *= sum }
        return sum
    }
}
