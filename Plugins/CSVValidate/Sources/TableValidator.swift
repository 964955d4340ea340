public import TabularData

/// Validates one table that comes block by block.
///
/// Feed blocks, then ``finish()``; take what is ready for the outputs from ``validRows`` and ``issueRows`` at any
/// time. Memory does not grow with the table, but for the fingerprints of unique columns (32 MiB at most).
public final class TableValidator {
    /// What was asked for.
    public let parameters: ValidationParameters
    /// The rows without errors, under the header of the file.
    public var validRows: CSVWriter
    /// The listed issues, one per row.
    public var issueRows: CSVWriter
    /// Whether a limit ended the validation early: feed no more.
    public private(set) var isStopped = false

    let document: CSVDocument
    var log: IssueLog
    var header: HeaderBinding?
    var headerLine: Int?
    var schemaUsed: TableSchema?
    var rows = RowCounts()
    var blanksPerColumn: [Int] = []
    /// The data row, counted from 1, that was short last.
    var lastShortRow = 0

    private var checks: CellChecks?
    private var fixedSchema: TableSchema?
    private var uniqueValues = FingerprintSet()
    private var uniqueColumn: Int?
    private var headerText: [UInt8] = []
    private var rowHasError = false
    private var isWholeTextRead = false
    private let limits: (bytes: Int, rows: Int, columns: Int)

    /// How many rows there are of each sort.
    struct RowCounts {
        /// Rows below the header that are not blank.
        var data = 0
        var blank = 0
        /// Rows with an error.
        var bad = 0
    }

    /// Creates a validator for one table.
    ///
    /// - Throws: ``ValidationFailure/unknownSchema(_:)``.
    public init(_ parameters: ValidationParameters) throws(ValidationFailure) {
        self.parameters = parameters
        if case .builtin(let name) = parameters.schema {
            guard let schema = TableSchema.builtin(name) else { throw .unknownSchema(name) }
            fixedSchema = schema
        }
        let asked = parameters.limits
        limits = (asked.maxBytes ?? 5 << 30, asked.maxRows ?? 50_000_000, asked.maxColumns ?? 1_000)
        log = IssueLog(listLimit: max(1, asked.maxErrorsPerCode ?? 1_000))
        let readerLimits = CSVLimits(
            maxFieldBytes: asked.maxFieldBytes ?? 1 << 20, maxLinesPerRecord: asked.maxLinesPerRecord ?? 1_000)
        var options = CSVDocument.Options(limits: readerLimits)
        if let delimiter = parameters.dialect.delimiter?.utf8.first {
            options.dialect = CSVDialect(delimiter: delimiter)
        }
        document = CSVDocument(options: options)
        validRows = CSVWriter()
        issueRows = CSVWriter(escapesFormulas: true)
        writeIssueHeader()
    }

    /// Validates the next bytes.
    ///
    /// - Throws: ``ValidationFailure/unreadable(_:)`` when this is no table.
    public func feed(_ block: [UInt8]) throws(ValidationFailure) {
        guard !isStopped else { return }
        guard document.byteCount + block.count <= limits.bytes else {
            stop(
                .fileTooLarge, "the file is larger than \(limits.bytes) bytes", fix: "Split the file or raise maxBytes."
            )
            return
        }
        try guarding { try document.feed(block) { try take($0) } }
    }

    /// Ends the table.
    ///
    /// - Throws: ``ValidationFailure/unreadable(_:)`` when this is no table.
    public func finish() throws(ValidationFailure) {
        if !isStopped {
            try guarding { try document.finish { try take($0) } }
            isWholeTextRead = !isStopped
        }
        judgeFile()
    }

    /// Whether everything was read and checked.
    public var isComplete: Bool { isWholeTextRead }

    /// The verdict so far.
    public var verdict: Verdict {
        switch log.worst {
        case .error: .invalid
        case .warning: .validWithWarnings
        case .info, nil: .valid
        }
    }

    /// Notes an issue; it is described only when it will be listed.
    func note(_ code: IssueCode, severity: Severity? = nil, line: Int? = nil, _ make: () -> Issue) {
        if let issue = log.add(code, severity ?? code.severity, line: line, make) { write(issue) }
    }

    /// Notes an issue of a row and remembers whether the row is still valid.
    func noteRow(
        _ code: IssueCode, _ record: borrowing CSVRecord, severity: Severity? = nil, column: Int? = nil,
        _ make: () -> Issue
    ) {
        let weight = severity ?? code.severity
        if weight == .error { rowHasError = true }
        let line = record.line
        let number = record.number
        let offset = if let column { record.byteOffset(of: column) } else { record.byteOffset }
        note(code, severity: weight, line: line) {
            var issue = make()
            issue.line = line
            issue.record = number
            issue.byteOffset = issue.byteOffset ?? offset
            issue.column = column
            issue.columnName = column.flatMap { index in
                header.flatMap { index < $0.labels.count ? $0.labels[index] : nil }
            }
            return issue
        }
    }

    private func guarding(_ body: () throws -> Void) throws(ValidationFailure) {
        do {
            try body()
        } catch let error as CSVError {
            try handle(error)
        } catch is RowLimitReached {
            stop(
                .tooManyRows, "the file has more than \(limits.rows) data rows", fix: "Split the file or raise maxRows."
            )
        } catch let failure as ValidationFailure {
            throw failure
        } catch {
            throw .unexpected("\(error)")
        }
    }

    private func handle(_ error: CSVError) throws(ValidationFailure) {
        let fix = "Check the quotes at this place, or raise the limit."
        switch error {
        case .empty, .notCSV: throw .unreadable(error)
        case .fieldTooLong(let line, let offset, _): stop(.fieldTooLong, "\(error)", fix: fix, line, offset)
        case .recordTooLong(let line, let offset, _): stop(.recordTooLong, "\(error)", fix: fix, line, offset)
        case .tooManyFields(let line, let offset, _): stop(.tooManyColumns, "\(error)", fix: fix, line, offset)
        }
    }

    private func stop(_ code: IssueCode, _ message: String, fix: String, _ line: Int? = nil, _ offset: Int? = nil) {
        isStopped = true
        note(code, line: line) {
            var issue = Issue(code, message, fix: fix)
            issue.line = line
            issue.byteOffset = offset
            return issue
        }
    }

    private struct RowLimitReached: Error {}

    private func take(_ record: borrowing CSVRecord) throws {
        rowHasError = false
        noteDefects(of: record)
        if record.isBlank {
            rows.blank += 1
            noteRow(.rowBlank, record) { Issue(.rowBlank, "the line is blank", fix: "Delete the line.") }
            return
        }
        if header == nil, try takeHeader(record) { return }
        guard rows.data < limits.rows else { throw RowLimitReached() }
        rows.data += 1
        check(record)
        if rowHasError {
            rows.bad += 1
        } else {
            validRows.writeRaw(record.raw)
            validRows.endRecord()
        }
    }

    /// Takes the first record; false when it is a data row.
    private func takeHeader(_ record: borrowing CSVRecord) throws -> Bool {
        guard record.count <= limits.columns else {
            throw CSVError.tooManyFields(line: record.line, byteOffset: record.byteOffset, limit: limits.columns)
        }
        var labels: [String] = []
        for index in 0..<record.count { labels.append(record[index].trimmed.string) }
        let candidate = fixedSchema ?? (parameters.schema == .automatic ? .telco : nil)
        var binding = HeaderBinding(labels: labels, schema: candidate)
        let detected = parameters.dialect.header ?? document.dialect?.dialect.hasHeader ?? true
        let isHeader = detected || binding.boundCount * 2 >= max(1, candidate?.columns.count ?? .max)
        if !isHeader { binding = HeaderBinding(positional: candidate, count: record.count) }
        schemaUsed = fixedSchema
        if let candidate, fixedSchema == nil {
            let isFit = binding.boundCount * 2 > candidate.columns.count
            schemaUsed = isFit ? candidate : nil
            if !isFit { binding = isHeader ? HeaderBinding(labels: labels, schema: nil) : binding }
        }
        header = binding
        headerLine = record.line
        blanksPerColumn = Array(repeating: 0, count: binding.labels.count)
        uniqueColumn = binding.columns.firstIndex { $0?.isUnique == true }
        checks = CellChecks(binding, level: parameters.level)
        guard isHeader else {
            noteRow(.headerMissing, record) {
                Issue(.headerMissing, "the first line holds data, not column names", fix: "Add a header line.")
            }
            rowHasError = false
            return false
        }
        headerText = record.raw.bytes
        validRows.writeRaw(record.raw)
        validRows.endRecord()
        checkHeader(record, binding)
        return true
    }

    private func check(_ record: borrowing CSVRecord) {
        guard let checks, let header else { return }
        if record.count != header.labels.count {
            noteLength(of: record, expected: header.labels.count)
            return
        }
        if !headerText.isEmpty, record.raw.equals(headerText) {
            noteRow(.rowRepeatsHeader, record) {
                Issue(.rowRepeatsHeader, "the row repeats the header", fix: "Delete the row.")
            }
            return
        }
        checks.check(record, for: self)
        checkUnique(record)
    }

    private func checkUnique(_ record: borrowing CSVRecord) {
        guard parameters.level != .structure else { return }
        let value = if let uniqueColumn { record[uniqueColumn] } else { record.raw }
        guard uniqueColumn == nil || !value.isBlank else { return }
        guard !uniqueValues.isFull else {
            if log.counts[.uniqueUnchecked] == nil { noteUniqueUnchecked(record) }
            return
        }
        if uniqueValues.insert(value.fingerprint(seed: 1), value.fingerprint(seed: 2)) { return }
        guard let uniqueColumn else {
            noteRow(.rowDuplicate, record) {
                Issue(.rowDuplicate, "the row repeats an earlier row", fix: "Delete one of the two rows.")
            }
            return
        }
        let shown = shown(value, column: uniqueColumn)
        noteRow(.unique, record, column: uniqueColumn) {
            var issue = Issue(.unique, "the value is taken by an earlier row", fix: "Give each row its own value.")
            issue.value = shown
            issue.expected = "a value that no other row has"
            return issue
        }
    }

    private func noteUniqueUnchecked(_ record: borrowing CSVRecord) {
        let limit = uniqueValues.capacity
        noteRow(.uniqueUnchecked, record) {
            Issue(
                .uniqueUnchecked, "repeated values are looked for in the first \(limit) rows only",
                fix: "Split the file to have all rows checked.")
        }
    }

    /// A cell as reports may show it.
    func shown(_ field: CSVField, column: Int) -> String {
        let rule = header.flatMap { column < $0.columns.count ? $0.columns[column] : nil }
        let isPersonal = parameters.masksPersonalValues && (rule?.isPersonal ?? (field.decimal == nil))
        return ValueMask.show(field.slice(0, min(field.count, 200)).string, isPersonal: isPersonal)
    }
}
