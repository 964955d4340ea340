import PureJSON

/// A mapping that a person confirmed.
struct ConfirmedMapping {
    /// One confirmed pair.
    struct Pair {
        let source: String
        let target: String
        /// What is done to the values; nil leaves it to the sample.
        let transform: ValueTransform?
    }

    let pairs: [Pair]

    /// Reads `{target: source}` or a whole `mapping.json`.
    init(_ json: JSONValue) throws(MappingFailure) {
        guard let object = json.objectValue else { throw .mappingInvalid("expected an object") }
        guard let columns = object["columns"]?.arrayValue else {
            pairs = try Self.plainPairs(object)
            return
        }
        var found: [Pair] = []
        for (index, column) in columns.enumerated() {
            guard let source = column["source"]?.stringValue else {
                throw .mappingInvalid("/columns/\(index)/source is no text")
            }
            guard let target = column["target"], !target.isNull else { continue }
            guard let name = target.stringValue else { throw .mappingInvalid("/columns/\(index)/target is no text") }
            let transform = try Self.transform(column["transform"], index)
            found.append(Pair(source: source, target: name, transform: transform))
        }
        pairs = found
    }

    private static func plainPairs(_ object: JSONObject) throws(MappingFailure) -> [Pair] {
        var found: [Pair] = []
        for (target, value) in object {
            if value.isNull { continue }
            guard let source = value.stringValue else { throw .mappingInvalid("/\(target) is no text") }
            found.append(Pair(source: source, target: target, transform: nil))
        }
        return found
    }

    private static func transform(_ json: JSONValue?, _ index: Int) throws(MappingFailure) -> ValueTransform? {
        guard let json, !json.isNull else { return nil }
        let place = "/columns/\(index)/transform"
        let parameters = json["params"]
        switch json["name"]?.stringValue {
        case "identity":
            return .identity
        case "plain-number":
            return .plainNumber(decimalComma: parameters?["decimalComma"]?.boolValue ?? false)
        case "divide":
            guard let unit = parameters?["unit"]?.stringValue.flatMap(ColumnUnit.init(rawValue:)) else {
                throw .mappingInvalid("\(place)/params/unit is none of days, weeks, years, cents")
            }
            return .divide(by: unit.divisor, unit: unit)
        case "values":
            guard let members = parameters?["map"]?.objectValue else {
                throw .mappingInvalid("\(place)/params/map is no object")
            }
            var table: [String: String] = [:]
            for (from, to) in members {
                guard let to = to.stringValue else { throw .mappingInvalid("\(place)/params/map/\(from) is no text") }
                table[from] = to
            }
            return .values(table)
        default:
            throw .mappingInvalid("\(place)/name is none of identity, values, plain-number, divide")
        }
    }

    /// The proposal that the confirmed pairs make of a file.
    func resolve(_ file: FileProfile, _ proposer: MappingProposer) throws(MappingFailure) -> MappingProposal {
        var entries: [MappingProposal.Column] = file.columns.map {
            MappingProposal.Column(
                source: $0.label, index: $0.index, target: nil, confidence: 1, signals: [], alternatives: [],
                transform: .identity)
        }
        var conflicts: [MappingProposal.Conflict] = []
        for pair in pairs {
            guard let place = proposer.schema.index(of: pair.target) else { throw .unknownTarget(pair.target) }
            guard let column = file.columns.first(where: { $0.label == pair.source }) else {
                throw .mappingStale(pair.source)
            }
            if let taken = entries.first(where: { $0.target == pair.target }) {
                throw .twoColumnsOneTarget(pair.target, sources: [taken.source, pair.source])
            }
            let found = proposer.confirm(column, as: proposer.schema.columns[place], pair.transform)
            guard found.values.weight > -4 else {
                throw .mappingContradicts(
                    source: pair.source, target: pair.target, evidence: found.values.evidence)
            }
            entries[column.index] = found.entry
            conflicts += found.conflicts
        }
        let mapped = Set(entries.compactMap(\.target))
        return MappingProposal(
            schema: proposer.schema, columns: entries,
            missingRequired: proposer.required.filter { !mapped.contains($0) },
            conflicts: conflicts, fingerprint: MappingProposal.fingerprint(file.columns.map(\.label)))
    }
}
