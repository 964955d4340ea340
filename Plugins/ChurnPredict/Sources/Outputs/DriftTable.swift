import Glibc
import PureJSON

/// Compares each column of a file with the training data: the population stability index, and what could not be read.
struct DriftTable: Sendable {
    /// How far a column has moved.
    enum Status: String, Sendable {
        case ok, watch, alert
        /// Too few rows for the index to mean anything.
        case tooFewRows = "too-few-rows"
        /// The file does not have the column.
        case absent
    }

    /// The fewest rows for which the index is judged: below, chance alone reaches the limits.
    static let minimumRows = 250
    static let watchLimit = 0.1
    static let alertLimit = 0.25
    private static let maximumUnseenValues = 20
    private static let maximumValueCharacters = 40

    private let columns: [BundleDocument.Column]
    private var bins: [[Int]]
    private var states: [[Int]]
    private var unseen: [[String: Int]]
    private(set) var rows = 0

    /// Starts an empty table.
    init(_ columns: [BundleDocument.Column]) {
        self.columns = columns
        bins = columns.map { Array(repeating: 0, count: $0.histogram.count) }
        states = columns.map { _ in Array(repeating: 0, count: 6) }
        unseen = columns.map { _ in [:] }
    }

    /// Counts one row's cells; `text` gives the text of an unseen category.
    mutating func add(_ cells: borrowing CellTable, row: Int, text: (Int) -> String) {
        rows += 1
        for column in columns.indices {
            let state = cells.state(row, column)
            states[column][Int(state.rawValue)] += 1
            let bin = cells.bin(row, column)
            if bin >= 0 { bins[column][bin] += 1 }
            guard state == .unseen else { continue }
            let value = String(text(column).prefix(Self.maximumValueCharacters))
            if unseen[column][value] != nil || unseen[column].count < Self.maximumUnseenValues {
                unseen[column][value, default: 0] += 1
            }
        }
    }

    /// The index of a column: the sum over its bins, and one for cells without a bin, of
    /// `(share - training share) * ln(share / training share)`; half a row is added to every bin.
    func index(of column: Int) -> Double {
        let trained = columns[column].histogram + [columns[column].missing]
        let found = bins[column] + [rows - bins[column].reduce(0, +)]
        let trainedTotal = Double(trained.reduce(0, +)) + Double(trained.count) / 2
        let foundTotal = Double(found.reduce(0, +)) + Double(found.count) / 2
        var sum = 0.0
        for (a, b) in zip(found, trained) {
            let share = (Double(a) + 0.5) / foundTotal
            let before = (Double(b) + 0.5) / trainedTotal
            sum += (share - before) * log(share / before)
        }
        return sum
    }

    /// How far a column has moved.
    func status(of column: Int) -> Status {
        if count(.absent, column) == rows, rows > 0 { return .absent }
        guard rows >= Self.minimumRows else { return .tooFewRows }
        let index = index(of: column)
        return index < Self.watchLimit ? .ok : index < Self.alertLimit ? .watch : .alert
    }

    /// `{column: {psi, status}}`.
    var driftJSON: JSONValue {
        object { column in
            let status = status(of: column)
            return [
                "psi": status == .absent ? .null : .rounded(index(of: column)), "status": .string(status.rawValue),
            ]
        }
    }

    /// `{column: {value: rows}}` of the columns that have any; at most 20 values each.
    var unseenJSON: JSONValue {
        object { column in
            guard !unseen[column].isEmpty else { return nil }
            var values = JSONObject()
            for (value, count) in unseen[column].sorted(by: { $0.key < $1.key }) {
                values[value] = .integer(Int64(count))
            }
            return .object(values)
        }
    }

    /// `{column: share}`, cells without a usable value.
    var missingJSON: JSONValue {
        object { column in
            let missing = count(.missing, column) + count(.notANumber, column) + count(.absent, column)
            return .rounded(rows == 0 ? 0 : Double(missing) / Double(rows))
        }
    }

    /// `{column: rows}` of the columns with numbers outside the training range.
    var outOfRangeJSON: JSONValue {
        object { column in
            let outside = count(.outOfRange, column)
            return outside == 0 ? nil : .integer(Int64(outside))
        }
    }

    /// The columns that have moved far.
    var alerts: [String] { columns.indices.filter { status(of: $0) == .alert }.map { columns[$0].name } }

    private func count(_ state: CellState, _ column: Int) -> Int { states[column][Int(state.rawValue)] }

    private func object(_ value: (Int) -> JSONValue?) -> JSONValue {
        var result = JSONObject()
        for (index, column) in columns.enumerated() {
            if let value = value(index) { result[column.name] = value }
        }
        return .object(result)
    }
}
