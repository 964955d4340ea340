import TabularData

/// Up to 64 rows of one file: their features, what became of their cells, and the texts that the output needs.
///
/// A rejected row keeps its place, so that rows stay in order; what is scored for it is not used.
final class RowBatch {
    let block: FeatureBlock
    private(set) var cells: CellTable
    /// Why each row is rejected, or nil.
    private(set) var rejections = [String?](repeating: nil, count: FeatureBlock.capacity)
    /// Whether each customer left, where the file says so.
    private(set) var labels = [Bool?](repeating: nil, count: FeatureBlock.capacity)
    private(set) var lines = [Int](repeating: 0, count: FeatureBlock.capacity)
    private var texts: [String]

    private let layout: TableLayout
    private let options: ScoringOptions
    /// The positions whose texts are kept whatever they are.
    private let kept: [Int]
    /// The words of the target column, in UTF-8.
    private let positives: [[UInt8]]
    private let negatives: [[UInt8]]

    var count: Int { block.count }
    var isFull: Bool { block.count == FeatureBlock.capacity }

    /// Makes room for rows of a file.
    ///
    /// - Parameters:
    ///   - layout: the file's columns.
    ///   - bundle: the model.
    ///   - options: what to reject.
    ///   - keepsTexts: whether ``text(_:_:)`` will be asked for.
    init(_ layout: TableLayout, _ bundle: ModelBundle, _ options: ScoringOptions, keepsTexts: Bool) {
        self.layout = layout
        self.options = options
        block = bundle.makeBlock()
        positives = [bundle.document.target.positive, "1", "true"].map { Array($0.utf8) }
        negatives = [bundle.document.target.negative, "0", "false"].map { Array($0.utf8) }
        cells = CellTable(columns: bundle.document.columns.count)
        texts = keepsTexts ? Array(repeating: "", count: layout.header.count * FeatureBlock.capacity) : []
        if !keepsTexts {
            kept = []
        } else if options.passthrough == .all {
            kept = Array(layout.header.indices)
        } else {
            let numbers = layout.encoder.columns.filter { $0.kind == .number }
            kept = (numbers.map(\.position) + [layout.identifier]).compactMap { $0 }
        }
    }

    /// Forgets all rows.
    func clear() { block.count = 0 }

    /// Takes in one record that is not blank.
    func append(_ record: borrowing CSVRecord) {
        let row = block.count
        block.count += 1
        lines[row] = record.line
        rejections[row] = nil
        labels[row] = nil
        let found = record.count
        guard found == layout.header.count else {
            rejections[row] = found < layout.header.count ? "row-short" : "row-long"
            keep(kept.filter { $0 < found }, of: record, row, clearing: true)
            return
        }
        layout.encoder.encode(record, row: row, into: block, &cells)
        keep(kept, of: record, row, clearing: false)
        if let target = layout.target { labels[row] = label(record[target].trimmed) }
        for index in layout.encoder.columns.indices {
            let column = layout.encoder.columns[index]
            switch cells.state(row, index) {
            case .known, .outOfRange, .absent:
                break
            case .unseen:
                if options.rejectsUnknown { rejections[row] = "category-unknown:\(column.name)" }
                if !texts.isEmpty, let position = column.position { keep([position], of: record, row, clearing: false) }
            case .missing:
                if options.rejectsMissing { rejections[row] = "cell-missing:\(column.name)" }
            case .notANumber:
                if options.rejectsMissing { rejections[row] = "not-a-number:\(column.name)" }
            }
        }
    }

    /// The text of a kept cell.
    func text(_ row: Int, _ position: Int) -> String { texts[row * layout.header.count + position] }

    private func keep(_ positions: [Int], of record: borrowing CSVRecord, _ row: Int, clearing: Bool) {
        guard !texts.isEmpty else { return }
        let start = row * layout.header.count
        if clearing { for position in kept { texts[start + position] = "" } }
        for position in positions { texts[start + position] = record[position].string }
    }

    private func label(_ field: CSVField) -> Bool? {
        for word in positives where FeatureEncoder.matches(field, word) { return true }
        for word in negatives where FeatureEncoder.matches(field, word) { return false }
        return nil
    }
}
