import TabularData

/// Writes `scores.csv`: one record per row of the input, in the same order, also for rejected rows.
///
/// Texts that a spreadsheet would run as a formula get a leading apostrophe, and no column name stands twice.
struct ScoresWriter: ~Copyable {
    private var csv = CSVWriter(escapesFormulas: true)
    private let layout: TableLayout
    private let bundle: ModelBundle
    private let options: ScoringOptions
    private let reasons: ReasonWriter
    private let expectedMargin: String
    /// Positions of the input's columns that are passed through.
    private let passed: [Int]
    private var order: [Int] = []
    private let ownColumns: [String]

    init(_ layout: TableLayout, _ bundle: ModelBundle, _ options: ScoringOptions) {
        self.layout = layout
        self.bundle = bundle
        self.options = options
        reasons = ReasonWriter(bundle.document, layout.encoder)
        expectedMargin = options.fullPrecision ? "\(bundle.ensemble.expectedMargin)" : ""
        switch options.passthrough {
        case .all: passed = Array(layout.header.indices)
        case .id: passed = layout.identifier.map { [$0] } ?? []
        case .none: passed = []
        }
        var own = ["churn_probability"]
        if options.fullPrecision { own += ["churn_margin", "base_margin"] }
        own += ["risk_percentile", "risk_decile", "risk_tier"]
        if options.reasons > 0 { own += (1...options.reasons).map { "reason_\($0)" } + ["protective_reason"] }
        own += [
            "recommended_action", "monthly_charges", "expected_revenue_at_risk", "expected_benefit", "data_quality",
            "model_version",
        ]
        if options.fullPrecision { own += bundle.document.columns.map { "contribution.\($0.name)" } }
        ownColumns = own
        writeHeader()
    }

    /// Hands the pending bytes on if there are at least `size` of them.
    mutating func flush(atLeast size: Int, to sink: (Span<UInt8>) throws -> Void) throws {
        try csv.flush(atLeast: size, to: sink)
    }

    /// Writes a row that was scored.
    mutating func write(_ row: Int, of batch: RowBatch, _ scored: ScoredRow, percentile: Double) {
        writePassed(row, of: batch)
        if options.fullPrecision {
            csv.write("\(scored.probability)")
            csv.write("\(batch.block.margin(row))")
            csv.write(expectedMargin)
        } else {
            csv.write(Double(scored.millionths) / Double(ProbabilityHistogram.scale), places: 6)
        }
        csv.write(percentile, places: 2)
        csv.write(min(10, Int(percentile / 10) + 1))
        csv.write(scored.tier.rawValue)
        if options.reasons > 0 { writeReasons(row, of: batch, scored.probability) }
        csv.write(scored.action)
        writeMoney(scored.monthlyRevenue)
        writeMoney(scored.revenueAtRisk)
        writeMoney(scored.benefit)
        csv.write(quality(row, of: batch, isDuplicate: scored.isDuplicate))
        csv.write(bundle.name)
        if options.fullPrecision {
            for column in bundle.document.columns.indices {
                csv.write("\(batch.block.contribution(row, column: column))")
            }
        }
        csv.endRecord()
    }

    /// Writes a row that was rejected: what is passed through, and why it has no score.
    mutating func writeRejected(_ row: Int, of batch: RowBatch, reason: String) {
        writePassed(row, of: batch)
        for name in ownColumns {
            switch name {
            case "data_quality": csv.write("rejected:\(reason)")
            case "model_version": csv.write(bundle.name)
            default: csv.writeEmpty()
            }
        }
        csv.endRecord()
    }

    private mutating func writeHeader() {
        var taken = Set(ownColumns)
        for position in passed {
            var name = layout.header[position].isEmpty ? "column_\(position + 1)" : layout.header[position]
            if ownColumns.contains(name) { name = "input.\(name)" }
            let plain = name
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(plain)_\(number)"
                number += 1
            }
            csv.write(name)
        }
        for name in ownColumns { csv.write(name) }
        csv.endRecord()
    }

    private mutating func writePassed(_ row: Int, of batch: RowBatch) {
        for position in passed { csv.write(batch.text(row, position)) }
    }

    private mutating func writeReasons(_ row: Int, of batch: RowBatch, _ probability: Double) {
        reasons.ranking(batch, row, into: &order)
        for place in 0..<options.reasons {
            let sentence =
                place < order.count
                ? reasons.sentence(batch, row, column: order[place], probability: probability) : nil
            if let sentence { csv.write(sentence) } else { csv.writeEmpty() }
        }
        let protective = order.first { batch.block.contribution(row, column: $0) < 0 }
        if let protective,
            let sentence = reasons.sentence(batch, row, column: protective, probability: probability)
        {
            csv.write(sentence)
        } else {
            csv.writeEmpty()
        }
    }

    private mutating func writeMoney(_ amount: Double?) {
        if let amount { csv.write(amount, places: 2) } else { csv.writeEmpty() }
    }

    /// `ok`, or what is doubtful about the row, separated by semicolons.
    private func quality(_ row: Int, of batch: RowBatch, isDuplicate: Bool) -> String {
        var flags: [String] = []
        for index in layout.encoder.columns.indices {
            let column = layout.encoder.columns[index]
            let word: String
            switch batch.cells.state(row, index) {
            case .known: continue
            case .missing: word = "missing"
            case .unseen: word = "unseen-category"
            case .notANumber: word = "not-a-number"
            case .outOfRange: word = "out-of-range"
            case .absent: word = "absent"
            }
            flags.append("\(word):\(column.name)")
        }
        if isDuplicate { flags.append("duplicate-id") }
        return flags.isEmpty ? "ok" : flags.joined(separator: ";")
    }
}
