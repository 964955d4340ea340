import TabularData

/// Says in words what moved a customer's probability: which column, with which value, which way and by how much.
///
/// The amount is in percentage points: the probability as it is, less what it would be without the contribution.
struct ReasonWriter: Sendable {
    /// Amounts below this many points are not worth a sentence.
    static let leastPoints = 0.05

    private let columns: [FeatureEncoder.Column]
    /// Per column and bin the words before the direction; empty for numbers.
    private let words: [[String]]
    private let calibration: Calibration

    init(_ bundle: BundleDocument, _ encoder: FeatureEncoder) {
        columns = encoder.columns
        calibration = bundle.calibration
        words = bundle.columns.map { column in
            switch column.kind {
            case .category: (column.values ?? []).map { "\(column.label): \($0)" }
            case .flag: ["\(column.label): No", "\(column.label): Yes"]
            case .number: []
            }
        }
    }

    /// The columns of a row by the size of their contribution, largest first; ties in column order.
    func ranking(_ batch: RowBatch, _ row: Int, into order: inout [Int]) {
        order.removeAll(keepingCapacity: true)
        for column in columns.indices {
            let size = abs(batch.block.contribution(row, column: column))
            var place = order.count
            while place > 0, abs(batch.block.contribution(row, column: order[place - 1])) < size { place -= 1 }
            order.insert(column, at: place)
        }
    }

    /// The sentence for a column, or nil when its amount rounds to nothing.
    func sentence(_ batch: RowBatch, _ row: Int, column: Int, probability: Double) -> [UInt8]? {
        let contribution = batch.block.contribution(row, column: column)
        let without = calibration.probability(Double(batch.block.margin(row)) - contribution)
        let points = (probability - without) * 100
        guard abs(points) >= Self.leastPoints else { return nil }
        var text = Array(subject(batch, row, column).utf8)
        text += (points > 0 ? " raises the risk by " : " lowers the risk by ").utf8
        DecimalText.append(abs(points), places: 1) { text.append($0) }
        text += " points".utf8
        return text
    }

    private func subject(_ batch: RowBatch, _ row: Int, _ column: Int) -> String {
        let description = columns[column]
        switch batch.cells.state(row, column) {
        case .known, .outOfRange:
            guard description.kind == .number else { return words[column][batch.cells.bin(row, column)] }
            let text = columns[column].position.map { batch.text(row, $0) } ?? ""
            guard !description.unit.isEmpty else { return "\(description.label): \(text)" }
            // "1 month", not "1 months".
            let unit =
                text == "1" && description.unit.hasSuffix("s") ? description.unit.dropLast() : description.unit[...]
            return "\(description.label): \(text) \(unit)"
        case .missing: return "\(description.label): not given"
        case .notANumber: return "\(description.label): not a number"
        case .absent: return "\(description.label): not in the file"
        case .unseen:
            let text = columns[column].position.map { batch.text(row, $0).prefix(40) } ?? ""
            return "\(description.label): \(text) (unknown to the model)"
        }
    }
}
