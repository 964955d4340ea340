import TabularData

/// Rows whose scores were recorded when the model was made.
struct GoldenRows {
    /// The largest difference in margin and probability.
    static let tolerance = 1e-6
    /// The largest difference in a contribution; XGBoost sums its own in float32.
    static let contributionTolerance = 1e-4

    /// One row's recorded values.
    private struct Expected {
        let name: String
        let margin: Double
        let probability: Double
        let contributions: [Double]
    }

    private let bytes: [UInt8]

    /// Takes the text of `golden.csv`.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Scores every row and compares.
    ///
    /// - Throws: `BundleDefect.goldenMismatch` for the first difference, `.corrupt` when the file is not as expected.
    func check(_ bundle: ModelBundle) throws(BundleDefect) {
        do {
            try compare(bundle)
        } catch let defect as BundleDefect {
            throw defect
        } catch {
            throw .corrupt(file: "golden.csv", reason: "\(error)")
        }
    }

    private func compare(_ bundle: ModelBundle) throws {
        let reader = CSVReader()
        let block = bundle.makeBlock()
        var cells = CellTable(columns: bundle.document.columns.count)
        var encoder: FeatureEncoder?
        var header: [String] = []
        var expected: [Expected] = []
        var rows = 0
        func visit(_ record: borrowing CSVRecord) throws {
            guard !record.isBlank else { return }
            guard let encoder else {
                for index in 0..<record.count { header.append(record[index].string) }
                encoder = FeatureEncoder(bundle.document) { header.firstIndex(of: $0) }
                return
            }
            expected.append(try Self.expected(record, header, bundle))
            encoder.encode(record, row: block.count, into: block, &cells)
            block.count += 1
            rows += 1
            guard block.count == FeatureBlock.capacity else { return }
            try Self.compare(block, expected, bundle)
            expected.removeAll()
        }
        try reader.feed(bytes, visit)
        try reader.finish(visit)
        try Self.compare(block, expected, bundle)
        guard rows > 0 else { throw BundleDefect.corrupt(file: "golden.csv", reason: "it has no rows") }
    }

    private static func expected(
        _ record: borrowing CSVRecord, _ header: [String], _ bundle: ModelBundle
    ) throws -> Expected {
        guard record.count == header.count else {
            throw BundleDefect.corrupt(file: "golden.csv", reason: "line \(record.line) has \(record.count) cells")
        }
        var numbers: [Double] = []
        for name in ["expected_margin", "expected_probability"] + bundle.document.columns.map({ "expected.\($0.name)" })
        {
            guard let place = header.firstIndex(of: name), let number = record[place].decimal else {
                throw BundleDefect.corrupt(file: "golden.csv", reason: "line \(record.line) has no \(name)")
            }
            numbers.append(number)
        }
        return Expected(
            name: record[0].string, margin: numbers[0], probability: numbers[1],
            contributions: Array(numbers.dropFirst(2)))
    }

    private static func compare(_ block: FeatureBlock, _ expected: [Expected], _ bundle: ModelBundle) throws {
        guard block.count > 0 else { return }
        bundle.scoreAndExplain(block)
        for (row, wanted) in expected.enumerated() {
            let margin = block.margin(row)
            try compare(wanted.name, "margin", wanted.margin, Double(margin), tolerance)
            try compare(wanted.name, "probability", wanted.probability, bundle.probability(margin), tolerance)
            for (column, value) in wanted.contributions.enumerated() {
                try compare(
                    wanted.name, "contribution of \(bundle.document.columns[column].name)", value,
                    block.contribution(row, column: column), contributionTolerance)
            }
        }
        block.count = 0
    }

    private static func compare(
        _ row: String, _ measure: String, _ expected: Double, _ found: Double, _ tolerance: Double
    ) throws {
        guard abs(expected - found) <= tolerance else {
            throw BundleDefect.goldenMismatch(row: row, measure: measure, expected: expected, found: found)
        }
    }
}
