import HandlerSDK
import PureJSON
import TabularData

/// Scores one file in two passes over it.
///
/// The first pass finds the distribution that percentiles and tiers need, the second writes. A row's probability depends on that row alone; memory does not depend on the number of rows.
final class BatchScorer {
    private let bundle: ModelBundle
    private let options: ScoringOptions
    private let job: Job
    private let rules: ActionRules

    private var layout: TableLayout?
    private var histogram = ProbabilityHistogram()
    private var rows = 0
    private var firstRejection: (line: Int, reason: String)?
    private var identifiers = IdentifierSet()
    private let revenueColumn: Int

    private static let scoresPiece = 64 << 10

    init(_ bundle: ModelBundle, _ options: ScoringOptions, _ job: Job) throws(BundleDefect) {
        self.bundle = bundle
        self.options = options
        self.job = job
        rules = try ActionRules(bundle.document)
        revenueColumn = bundle.document.columns.firstIndex { $0.name == bundle.document.revenue } ?? 0
    }

    /// Reads the input twice and writes the outputs.
    ///
    /// - Returns: what the job's record keeps.
    /// - Throws: `HandlerError`.
    func run() throws -> ChurnPredictResult {
        try survey()
        guard let layout else { throw noRows }
        histogram.seal()
        let tiers = try RiskTiers(bundle.document.tiers, options, histogram)
        var summary = ScoreSummary(bundle, options, tiers)
        try write(layout, tiers, &summary)
        for column in summary.drift.alerts {
            job.log.warning("column has drifted from the training data", ["column": column])
        }
        if options.outputs.contains(ScoringOptions.summaryName) {
            let output = try job.output(ScoringOptions.summaryName, contentType: "application/json")
            try output.write(summary.document(histogram, identifiers).serialized(.pretty) + "\n")
            try output.close()
        }
        return ChurnPredictResult(
            rows: summary.rows, scored: summary.scored, rejected: summary.rejected, model: bundle.name,
            modelSHA256: bundle.sha256, meanProbability: (histogram.mean * 1e6).rounded() / 1e6,
            revenueAtRisk: (summary.revenueAtRisk * 100).rounded() / 100, tiers: summary.tierCounts,
            driftAlerts: summary.drift.alerts)
    }

    private var noRows: HandlerError {
        .invalidInput(code: "no-rows", message: "the file has a header but no rows", hint: "check the export")
    }

    /// The first pass: columns, probabilities, and who left.
    private func survey() throws {
        var batch: RowBatch?
        try eachRecord(from: 0, to: 0.35) { record in
            guard let current = batch else {
                batch = RowBatch(try readHeader(record), bundle, options, keepsTexts: false)
                return
            }
            rows += 1
            current.append(record)
            if current.isFull { count(current) }
        }
        guard let batch, rows > 0 else { throw noRows }
        count(batch)
        guard histogram.total > 0 else {
            throw HandlerError.invalidInput(
                code: "all-rows-rejected",
                message: "none of the \(rows) rows can be scored; the first: \(firstRejection?.reason ?? "")",
                row: firstRejection?.line, hint: "run csv-validate on the file")
        }
    }

    private func readHeader(_ record: borrowing CSVRecord) throws -> TableLayout {
        var names: [String] = []
        for index in 0..<record.count { names.append(record[index].trimmed.string) }
        let layout = try TableLayout(names, bundle.document, needsIdentifier: options.passthrough != .none)
        self.layout = layout
        return layout
    }

    private func count(_ batch: RowBatch) {
        bundle.score(batch.block)
        for row in 0..<batch.count {
            if let reason = batch.rejections[row] {
                if firstRejection == nil { firstRejection = (batch.lines[row], reason) }
                continue
            }
            let probability = bundle.probability(batch.block.margin(row))
            histogram.add(ProbabilityHistogram.millionths(probability), left: batch.labels[row])
        }
        batch.clear()
    }

    /// The second pass: writes `scores.csv` and collects the summary.
    private func write(_ layout: TableLayout, _ tiers: RiskTiers, _ summary: inout ScoreSummary) throws {
        var writer = ScoresWriter(layout, bundle, options)
        let output =
            options.outputs.contains(ScoringOptions.scoresName)
            ? try job.output(ScoringOptions.scoresName, contentType: "text/csv; charset=utf-8") : nil
        func send(atLeast size: Int) throws {
            try writer.flush(atLeast: size) { bytes in try output?.write(bytes) }
        }
        let batch = RowBatch(layout, bundle, options, keepsTexts: true)
        var isHeader = true
        try eachRecord(from: 0.35, to: 1) { record in
            guard !isHeader else {
                isHeader = false
                return
            }
            batch.append(record)
            guard batch.isFull else { return }
            write(batch, tiers, &summary, &writer)
            try send(atLeast: Self.scoresPiece)
        }
        write(batch, tiers, &summary, &writer)
        try send(atLeast: 0)
        try output?.close()
    }

    private func write(
        _ batch: RowBatch, _ tiers: RiskTiers, _ summary: inout ScoreSummary, _ writer: inout ScoresWriter
    ) {
        let explains = options.reasons > 0 || options.fullPrecision
        if explains { bundle.scoreAndExplain(batch.block) } else { bundle.score(batch.block) }
        for row in 0..<batch.count {
            if let reason = batch.rejections[row] {
                summary.reject(reason)
                writer.writeRejected(row, of: batch, reason: reason)
                continue
            }
            let scored = score(batch, row, tiers)
            summary.add(scored)
            if explains { summary.addContributions(batch.block, row) }
            summary.drift.add(batch.cells, row: row) { column in
                layout?.encoder.columns[column].position.map { batch.text(row, $0) } ?? ""
            }
            writer.write(row, of: batch, scored, percentile: histogram.percentile(scored.millionths))
        }
        batch.clear()
    }

    private func score(_ batch: RowBatch, _ row: Int, _ tiers: RiskTiers) -> ScoredRow {
        let probability = bundle.probability(batch.block.margin(row))
        let millionths = ProbabilityHistogram.millionths(probability)
        let tier = tiers.tier(millionths)
        let monthly = batch.cells.number(row, revenueColumn).map { max(0, $0) }
        let atRisk = monthly.map { probability * $0 * Double(options.horizonMonths) }
        let benefit = atRisk.map { $0 * options.saveRate - options.offerCost }
        let isDuplicate = layout?.identifier.map { identifiers.insert(batch.text(row, $0)) } ?? false
        return ScoredRow(
            probability: probability, millionths: millionths, tier: tier, monthlyRevenue: monthly,
            revenueAtRisk: atRisk, benefit: benefit,
            action: rules.action(tier, benefit: benefit, batch.cells, row: row), isDuplicate: isDuplicate)
    }

    /// Visits every record that is not blank, header first; stops between blocks when the job is cancelled.
    private func eachRecord(
        from start: Double, to end: Double, _ visit: (borrowing CSVRecord) throws -> Void
    ) throws {
        let input = try job.input("csv")
        let limits = CSVLimits(
            maxFieldBytes: 64 << 10, maxRecordBytes: 1 << 20, maxLinesPerRecord: 100, maxFields: 1_000)
        let document = CSVDocument(options: CSVDocument.Options(limits: limits))
        var seen = 0
        func step(_ record: borrowing CSVRecord) throws {
            guard !record.isBlank else { return }
            try visit(record)
            seen += 1
        }
        do {
            try job.checkCancelled()
            while let block = try input.nextBlock() {
                try document.feed(block, step)
                try job.checkCancelled()
                let share = Double(document.byteCount) / Double(max(1, input.size))
                job.progress(
                    start + (end - start) * share, start == 0 ? "reading, \(seen) rows" : "\(seen) of \(rows) rows")
            }
            try document.finish(step)
        } catch let error as CSVError {
            throw HandlerError.invalidInput(
                code: error.code, message: error.description, hint: "run csv-validate on the file")
        }
    }
}
