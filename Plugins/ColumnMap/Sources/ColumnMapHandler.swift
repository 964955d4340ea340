public import HandlerSDK
public import PureJSON
import TabularData

/// Finds out which column of a file is which column of a schema, and rewrites the file accordingly.
///
/// Inputs `csv` and, for mode `apply`, optionally `mapping` (a `mapping.json`); outputs `mapping.json`, and in modes
/// `apply` and `auto` also `mapped.csv` and `changes.csv`. No state is kept: a confirmed mapping comes with the job.
public struct ColumnMapHandler: JobHandler {
    /// What the job's record keeps.
    public struct Result: Encodable, Sendable {
        /// How many data rows the file has.
        public let rows: Int
        /// `proposed` or `mapped`.
        public let verdict: String
        /// Whether a person should look at the mapping before it is used.
        public let needsConfirmation: Bool
        /// Target to source label.
        public let mapping: [String: String]
        /// Required targets without a column.
        public let missingRequired: [String]
        /// Columns of the file without a target.
        public let unmapped: [String]
        /// How many cells were changed.
        public let changedCells: Int
        /// How many rows had too few cells.
        public let shortRows: Int
        /// How many rows had too many cells.
        public let longRows: Int
    }

    /// The name in the manifest.
    public static let name = "column-map"
    /// The version in the manifest.
    public static let version = "1.0.0"

    static let maxColumns = 1_000
    private static let sampleBytes = 64 << 20
    private static let pieceBytes = 64 << 10

    /// Creates the handler; it has no configuration.
    public init(config: JSONValue) throws(HandlerError) {}

    /// Maps the input `csv`.
    ///
    /// - Parameters:
    ///   - payload: The job's parameters.
    ///   - job: The run.
    /// - Returns: The mapping and what it did.
    /// - Throws: `HandlerError` for unreadable input, a mapping that does not fit, cancellation or failed I/O.
    public func run(_ payload: ColumnMapParameters, _ job: Job) async throws -> Result {
        do {
            return try map(payload, job)
        } catch let failure as MappingFailure {
            throw failure.handlerError
        } catch let error as CSVError {
            throw MappingFailure.unreadable(error).handlerError
        }
    }

    private func map(_ payload: ColumnMapParameters, _ job: Job) throws -> Result {
        let schemaName = payload.target ?? TargetSchema.telco.name
        guard let schema = TargetSchema.builtin(schemaName) else { throw MappingFailure.unknownSchema(schemaName) }
        for name in payload.required ?? [] where schema.index(of: name) == nil {
            throw MappingFailure.unknownTarget(name)
        }
        let proposer = MappingProposer(schema: schema, required: payload.required)
        let mode = payload.mode ?? .propose
        let confirmed = try mode == .apply ? self.confirmed(payload, job) : nil
        let input = try job.input("csv")
        var sample = TableSample(rows: payload.sampleRows ?? 10_000)
        let readsAll = mode == .propose
        let hasHeader = try read(input, job, "sampling", upTo: readsAll ? .max : Self.sampleBytes) {
            sample.add($0)
        } until: {
            !readsAll && sample.isFull
        }
        let file = try sample.finish()
        guard hasHeader || proposer.knowsLabel(in: file) else { throw MappingFailure.headerAbsent }
        let proposal = try confirmed.map { try $0.resolve(file, proposer) } ?? proposer.propose(file)
        let plan = try mode == .propose ? nil : self.plan(proposal, payload)
        guard let plan else {
            return try write(proposal, file, job, rows: sample.rows, needsConfirmation: proposal.needsConfirmation)
        }
        try input.rewind()
        return try apply(plan, file, input, job, unmapped: payload.unmapped ?? .keep)
    }

    private func confirmed(_ payload: ColumnMapParameters, _ job: Job) throws -> ConfirmedMapping {
        if let mapping = payload.mapping { return try ConfirmedMapping(mapping) }
        guard let input = try job.inputIfPresent("mapping") else { throw MappingFailure.mappingMissing }
        do {
            return try ConfirmedMapping(try JSONValue(parsing: input.readAll(limit: 4 << 20)))
        } catch let error as JSONParseError {
            throw MappingFailure.mappingInvalid("\(error)")
        }
    }

    /// What is carried out; nil when only a proposal is due.
    private func plan(_ proposal: MappingProposal, _ payload: ColumnMapParameters) throws(MappingFailure)
        -> MappingProposal?
    {
        guard payload.mode == .auto else {
            guard proposal.missingRequired.isEmpty else {
                throw .requiredUnmapped(proposal.missingRequired, hints: [])
            }
            return proposal
        }
        let least = payload.minConfidence ?? 0.9
        let unsure = proposal.columns.filter { $0.target != nil && $0.confidence < least }
        let lines = unsure.map { "“\($0.source)” may be \($0.target ?? "") (\($0.confidence))" }
        let open = unsure.compactMap(\.target)
        let missing = proposal.missingRequired
        guard missing.isEmpty else { throw .requiredUnmapped(missing, hints: lines) }
        guard open.isEmpty else {
            if payload.onAmbiguous == .fail { throw .ambiguous(lines) }
            return nil
        }
        return proposal
    }

    private func apply(
        _ proposal: MappingProposal, _ file: FileProfile, _ input: JobInput, _ job: Job,
        unmapped: ColumnMapParameters.Unmapped
    ) throws -> Result {
        let output = try job.output("mapped.csv", contentType: "text/csv")
        var applier = MappingApplier(proposal, unmapped: unmapped)
        var isHeader = true
        func take(_ record: borrowing CSVRecord) {
            if record.isBlank { return }
            if isHeader { isHeader = false } else { applier.add(record) }
        }
        try read(input, job, "mapping", upTo: .max) {
            take($0)
        } afterBlock: {
            try applier.writer.flush(atLeast: Self.pieceBytes) { bytes throws(HandlerError) in try output.write(bytes) }
        }
        try applier.writer.flush { bytes throws(HandlerError) in try output.write(bytes) }
        let changes = applier.changes
        try job.output("changes.csv", contentType: "text/csv").write(MappingReport.csv(changes))
        return try write(
            proposal, file, job, rows: applier.rows, needsConfirmation: false, verdict: "mapped",
            changed: changes.reduce(0) { $0 + $1.count }, short: applier.shortRows, long: applier.longRows)
    }

    private func write(
        _ proposal: MappingProposal, _ file: FileProfile, _ job: Job, rows: Int, needsConfirmation: Bool,
        verdict: String = "proposed", changed: Int = 0, short: Int = 0, long: Int = 0
    ) throws -> Result {
        let json = MappingReport.json(
            proposal, file, version: Self.version, verdict: verdict, needsConfirmation: needsConfirmation, rows: rows)
        try job.output("mapping.json", contentType: "application/json").write(json.serialized(.pretty) + "\n")
        var mapping: [String: String] = [:]
        for column in proposal.columns {
            if let target = column.target { mapping[target] = column.source }
        }
        job.log.info("columns mapped", ["verdict": verdict, "mapped": "\(mapping.count)", "rows": "\(rows)"])
        return Result(
            rows: rows, verdict: verdict, needsConfirmation: needsConfirmation, mapping: mapping,
            missingRequired: proposal.missingRequired,
            unmapped: proposal.columns.filter { $0.target == nil }.map(\.source), changedCells: changed,
            shortRows: short, longRows: long)
    }

    /// Reads the table block by block, up to a number of bytes or until told to stop; whether it seems to have a header.
    @discardableResult
    private func read(
        _ input: JobInput, _ job: Job, _ note: String, upTo limit: Int, _ visit: (borrowing CSVRecord) throws -> Void,
        until isDone: () -> Bool = { false }, afterBlock: () throws -> Void = {}
    ) throws -> Bool {
        let document = CSVDocument()
        var bytes = 0
        while bytes < limit, !isDone(), let block = try input.nextBlock() {
            try job.checkCancelled()
            bytes += block.count
            try document.feed(block, visit)
            try afterBlock()
            job.progress(Double(bytes) / Double(max(1, input.size)), note)
        }
        if bytes < limit, !isDone() { try document.finish(visit) }
        return document.dialect?.dialect.hasHeader ?? true
    }
}

/// The first rows of a table, profiled; all rows counted.
struct TableSample {
    private let limit: Int
    private var file: FileProfile?
    private var columns = 0
    /// Data rows seen.
    private(set) var rows = 0

    init(rows: Int) { limit = max(1, rows) }

    var isFull: Bool { file?.isFull ?? false }

    mutating func add(_ record: borrowing CSVRecord) {
        guard !record.isBlank else { return }
        guard file != nil else {
            columns = record.count
            var labels: [String] = []
            for index in 0..<min(record.count, ColumnMapHandler.maxColumns) {
                labels.append(record[index].trimmed.string)
            }
            file = FileProfile(labels: labels, sampleRows: limit)
            return
        }
        rows += 1
        file?.add(record)
    }

    /// The profile of the columns.
    func finish() throws(MappingFailure) -> FileProfile {
        guard columns <= ColumnMapHandler.maxColumns else {
            throw .tooManyColumns(columns, limit: ColumnMapHandler.maxColumns)
        }
        guard var file else { throw .unreadable(.empty) }
        file.seal()
        return file
    }
}
