import TabularData

/// Writes the rows of a file under the labels of the target schema.
///
/// Targets stand in schema order, kept columns follow in file order. Rows that are short are filled with empty cells,
/// surplus cells of long rows are dropped, and both are counted.
struct MappingApplier: ~Copyable {
    /// One column of the output.
    private struct Output {
        let label: String
        let source: String
        let index: Int
        let target: TargetColumn?
        let transform: ValueTransform
    }

    /// What one transform did to one value, or to all of its column.
    struct Change {
        let target: String
        let source: String
        let transform: String
        /// The value before and after; empty when all values of the column are meant.
        let from: String
        let to: String
        var count: Int
    }

    /// The table so far.
    var writer = CSVWriter()
    private(set) var rows = 0
    private(set) var shortRows = 0
    private(set) var longRows = 0
    private let outputs: [Output]
    /// Per output: the file's column, and whether its cells pass as they are.
    private let routes: [(index: Int, isPlain: Bool)]
    /// Per output: spellings that need no look-up.
    private let known: [[[UInt8]]]
    private let width: Int
    /// Per output: value fingerprint to its replacement.
    private var replacements: [[UInt64: Replacement]]
    private var numberChanges: [Int]

    private struct Replacement {
        let from: String
        let to: [UInt8]?
        var count: Int
    }

    /// The most different values of a column that are remembered.
    private static let cacheLimit = 10_000

    init(_ proposal: MappingProposal, unmapped: ColumnMapParameters.Unmapped) {
        var outputs: [Output] = []
        var known: [[[UInt8]]] = []
        for target in proposal.schema.columns {
            guard let column = proposal.source(of: target.name) else { continue }
            var spellings: [[UInt8]] = []
            if case .choice(let dictionary) = target.kind {
                let replaced = if case .values(let table) = column.transform { table } else { [String: String]() }
                spellings = dictionary.values.filter { replaced[$0] == nil }.map { Array($0.utf8) }
            }
            outputs.append(
                Output(
                    label: target.name, source: column.source, index: column.index, target: target,
                    transform: column.transform))
            known.append(spellings)
        }
        if unmapped == .keep {
            var taken = Set(proposal.schema.columns.map(\.name))
            for column in proposal.columns where column.target == nil {
                let label = taken.contains(column.source) ? "src." + column.source : column.source
                taken.insert(label)
                outputs.append(
                    Output(
                        label: label, source: column.source, index: column.index, target: nil, transform: .identity))
                known.append([])
            }
        }
        self.outputs = outputs
        self.known = known
        routes = outputs.map { ($0.index, $0.target == nil || $0.transform == .identity) }
        width = proposal.columns.count
        replacements = outputs.map { _ in [:] }
        numberChanges = outputs.map { _ in 0 }
        for output in outputs { writer.write(output.label) }
        writer.endRecord()
    }

    /// Writes one data row.
    mutating func add(_ record: borrowing CSVRecord) {
        rows += 1
        if record.count < width { shortRows += 1 }
        if record.count > width { longRows += 1 }
        for place in routes.indices {
            let route = routes[place]
            guard route.index < record.count else {
                writer.writeEmpty()
                continue
            }
            if route.isPlain {
                writer.write(record[route.index])
            } else {
                change(record[route.index], place)
            }
        }
        writer.endRecord()
    }

    /// Writes a cell of a column with a transform.
    private mutating func change(_ field: CSVField, _ place: Int) {
        if case .values = outputs[place].transform {
            for known in known[place] where field.equals(known) {
                writer.write(field)
                return
            }
            replace(field, place)
        } else if let text = outputs[place].transform.apply(field.trimmed.string) {
            numberChanges[place] += 1
            writer.write(text)
        } else {
            writer.write(field)
        }
    }

    /// Writes a cell of few spellings as the schema spells it; what nobody knows stays as it is.
    private mutating func replace(_ field: CSVField, _ place: Int) {
        let key = field.fingerprint(seed: 7)
        if let found = replacements[place][key] {
            replacements[place][key]?.count += 1
            if let to = found.to { writer.write(to) } else { writer.write(field) }
            return
        }
        let text = field.trimmed.string
        var to = outputs[place].transform.apply(text)
        if to == nil, case .choice(let dictionary)? = outputs[place].target?.kind { to = dictionary.value(of: text) }
        if to == text, field.count == text.utf8.count { to = nil }
        if replacements[place].count < Self.cacheLimit {
            replacements[place][key] = Replacement(from: field.string, to: to.map { Array($0.utf8) }, count: 1)
        }
        if let to { writer.write(to) } else { writer.write(field) }
    }

    /// What was changed, in the order of the output's columns and of the values.
    var changes: [Change] {
        var changes: [Change] = []
        for (place, output) in outputs.enumerated() {
            let source = output.source
            if numberChanges[place] > 0 {
                changes.append(
                    Change(
                        target: output.label, source: source, transform: output.transform.name, from: "", to: "",
                        count: numberChanges[place]))
            }
            let replaced = replacements[place].values.filter { $0.to != nil }.sorted { $0.from < $1.from }
            for entry in replaced {
                changes.append(
                    Change(
                        target: output.label, source: source, transform: output.transform.name, from: entry.from,
                        to: String(decoding: entry.to ?? [], as: UTF8.self), count: entry.count))
            }
        }
        return changes
    }
}
