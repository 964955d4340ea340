import TabularData

/// What became of one cell.
enum CellState: UInt8, Sendable {
    /// Read as it stands.
    case known
    /// Blank, or a word for "not known" such as `NA`.
    case missing
    /// A category that the model has not seen; scored as none of the known ones.
    case unseen
    /// Text where a number belongs; scored as missing.
    case notANumber
    /// A number outside the range of the training data; scored as it is.
    case outOfRange
    /// The file does not have the column.
    case absent
}

/// Turns the records of one file into features, row by row, as the model bundle describes.
///
/// A cell that cannot be read is never replaced by a known value: a number becomes missing (NaN), a category "none of
/// the known ones", and its state says so.
struct FeatureEncoder: Sendable {
    /// A column as this encoder reads it; a class because every row visits every column.
    final class Column: Sendable {
        let name: String
        let kind: BundleDocument.Column.Kind
        let label: String
        let unit: String
        /// Index in the file's records, or nil when the file lacks it.
        let position: Int?
        /// Indices of the model's features; of a category one per value, in order.
        let features: [Int]
        /// The values of a category.
        let values: [[UInt8]]
        /// The spellings of a flag, and what they stand for.
        let spellings: [(text: [UInt8], value: Float)]
        /// Of a number: the inner limits of its histogram, and the range in the training data.
        let edges: [Double]
        let range: ClosedRange<Double>

        init(_ column: BundleDocument.Column, features: [Int], position: Int?) {
            name = column.name
            kind = column.kind
            label = column.label
            unit = column.unit
            self.position = position
            self.features = features
            values = (column.values ?? []).map { Array($0.utf8) }
            spellings = (column.spellings ?? [:]).sorted { $0.key < $1.key }.map {
                (Array($0.key.utf8), Float($0.value))
            }
            edges = column.edges ?? []
            range = (column.minimum ?? -.infinity)...(column.maximum ?? .infinity)
        }
    }

    let columns: [Column]

    /// Maps a bundle's columns to positions in a file.
    init(_ bundle: BundleDocument, position: (String) -> Int?) {
        columns = bundle.columns.map { column in
            let features = bundle.features.indices.filter { bundle.features[$0].column == column.name }
            return Column(column, features: features, position: position(column.name))
        }
    }

    /// Encodes one record into row `row` of `block` and notes its cells in `cells`.
    func encode(_ record: borrowing CSVRecord, row: Int, into block: FeatureBlock, _ cells: inout CellTable) {
        for index in columns.indices {
            let column = columns[index]
            guard let position = column.position else {
                fillMissing(column, row, block)
                cells.set(row, index, state: .absent, bin: -1)
                continue
            }
            let field = record[position].trimmed
            switch column.kind {
            case .category: encodeCategory(field, column, index, row, block, &cells)
            case .flag: encodeFlag(field, column, index, row, block, &cells)
            case .number: encodeNumber(field, column, index, row, block, &cells)
            }
        }
    }

    private func encodeCategory(
        _ field: CSVField, _ column: Column, _ index: Int, _ row: Int, _ block: FeatureBlock, _ cells: inout CellTable
    ) {
        let found = Self.index(of: field, in: column.values)
        for place in column.features.indices { block[row, column.features[place]] = place == found ? 1 : 0 }
        if let found {
            cells.set(row, index, state: .known, bin: found)
        } else {
            cells.set(row, index, state: Self.isMissing(field) ? .missing : .unseen, bin: -1)
        }
    }

    private func encodeFlag(
        _ field: CSVField, _ column: Column, _ index: Int, _ row: Int, _ block: FeatureBlock, _ cells: inout CellTable
    ) {
        var value: Float?
        for spelling in column.spellings where Self.matches(field, spelling.text) { value = spelling.value }
        if value == nil, let number = field.decimal, number == 0 || number == 1 { value = Float(number) }
        block[row, column.features[0]] = value ?? .nan
        if let value {
            cells.set(row, index, state: .known, bin: value == 1 ? 1 : 0)
        } else {
            cells.set(row, index, state: Self.isMissing(field) ? .missing : .unseen, bin: -1)
        }
    }

    private func encodeNumber(
        _ field: CSVField, _ column: Column, _ index: Int, _ row: Int, _ block: FeatureBlock, _ cells: inout CellTable
    ) {
        // Text to double to float32, both rounded to nearest: what the training script does.
        guard let number = field.decimal, Float(number).isFinite else {
            block[row, column.features[0]] = .nan
            cells.set(row, index, state: Self.isMissing(field) ? .missing : .notANumber, bin: -1)
            return
        }
        block[row, column.features[0]] = Float(number)
        cells.numbers[row * cells.columns + index] = number
        var bin = 0
        for edge in column.edges where number >= edge { bin += 1 }
        cells.set(row, index, state: column.range.contains(number) ? .known : .outOfRange, bin: bin)
    }

    private func fillMissing(_ column: Column, _ row: Int, _ block: FeatureBlock) {
        let value: Float = column.kind == .category ? 0 : .nan
        for feature in column.features { block[row, feature] = value }
    }

    private static func index(of field: CSVField, in values: [[UInt8]]) -> Int? {
        for index in values.indices where field.equals(values[index]) { return index }
        for index in values.indices where matches(field, values[index]) { return index }
        return nil
    }

    /// Whether the field has the bytes of `text`, ASCII letters in either case.
    static func matches(_ field: CSVField, _ text: [UInt8]) -> Bool {
        guard field.count == text.count else { return false }
        for index in 0..<field.count where lower(field[index]) != lower(text[index]) { return false }
        return true
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte + 32 : byte }

    private static let missingWords: [[UInt8]] = ["na", "n/a", "nan", "null", "none", "?", "-"].map { Array($0.utf8) }

    /// Whether a cell says that nothing is known.
    static func isMissing(_ field: CSVField) -> Bool {
        field.isEmpty || missingWords.contains { matches(field, $0) }
    }
}

/// What the encoder noted about the cells of one block, row by row.
struct CellTable: Sendable {
    let columns: Int
    private(set) var states: [CellState]
    /// The histogram bin of each cell: value index, 0 or 1, or number bin; -1 when it has none.
    private(set) var bins: [Int8]
    /// The numbers of number columns; meaningful where the state is known or out of range.
    var numbers: [Double]

    /// Makes room for a block of rows with `columns` cells.
    init(columns: Int) {
        self.columns = columns
        let count = columns * FeatureBlock.capacity
        states = Array(repeating: .missing, count: count)
        bins = Array(repeating: -1, count: count)
        numbers = Array(repeating: 0, count: count)
    }

    func state(_ row: Int, _ column: Int) -> CellState { states[row * columns + column] }

    func bin(_ row: Int, _ column: Int) -> Int { Int(bins[row * columns + column]) }

    mutating func set(_ row: Int, _ column: Int, state: CellState, bin: Int) {
        states[row * columns + column] = state
        bins[row * columns + column] = Int8(truncatingIfNeeded: bin)
    }

    /// The cell's number, when it has one.
    func number(_ row: Int, _ column: Int) -> Double? {
        switch state(row, column) {
        case .known, .outOfRange: numbers[row * columns + column]
        default: nil
        }
    }
}
