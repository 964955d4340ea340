public import HandlerSDK
public import PureJSON
import TabularData

/// Says whether a CSV file is sound: its structure, and its cells against a schema.
///
/// Input `csv`; outputs `report.json`, `errors.csv` and `valid.csv`. Every verdict completes the job, unless the
/// job's `failOn` says otherwise; a file that is no table is invalid input.
public struct CSVValidateHandler: JobHandler {
    /// What the job's record keeps.
    public struct Result: Encodable, Sendable {
        /// How many data rows the table has.
        public let rows: Int
        /// `valid`, `valid-with-warnings` or `invalid`.
        public let verdict: String
        /// How many rows have an error.
        public let badRows: Int
        /// How many issues are errors.
        public let errors: Int
        /// How many issues are warnings.
        public let warnings: Int
        /// Whether the whole file was read.
        public let complete: Bool
        /// How often each code occurred.
        public let codes: [String: Int]
    }

    /// The name in the manifest.
    public static let name = "csv-validate"
    /// The version in the manifest.
    public static let version = "1.0.0"

    private static let pieceBytes = 64 << 10

    /// Creates the handler; it has no configuration.
    public init(config: JSONValue) throws(HandlerError) {}

    /// Validates the input `csv`.
    ///
    /// - Parameters:
    ///   - payload: The job's parameters.
    ///   - job: The run.
    /// - Returns: The verdict and the counts behind it.
    /// - Throws: `HandlerError` for unreadable input, cancellation or failed I/O.
    public func run(_ payload: ValidationParameters, _ job: Job) async throws -> Result {
        let validator: TableValidator
        do {
            validator = try TableValidator(payload)
        } catch {
            throw Self.handlerError(error)
        }
        let input = try job.input("csv")
        let outputs = try Outputs(job, names: payload.emit)
        do {
            try validate(input, validator, outputs, job)
        } catch let error as ValidationFailure {
            throw Self.handlerError(error)
        }
        try refuse(validator)
        return try finish(validator, outputs, job)
    }

    /// The outputs that the job wants.
    private struct Outputs {
        let report: JobOutput?
        let errors: JobOutput?
        let valid: JobOutput?

        init(_ job: Job, names: Set<String>) throws(HandlerError) {
            let known: Set<String> = ["report.json", "errors.csv", "valid.csv"]
            if let stranger = names.subtracting(known).sorted().first {
                throw .invalidInput(
                    code: "params-invalid", message: "emit names an output that does not exist: \(stranger)",
                    hint: "The outputs are \(known.sorted().joined(separator: ", ")).")
            }
            valid = names.contains("valid.csv") ? try job.output("valid.csv", contentType: "text/csv") : nil
            errors = names.contains("errors.csv") ? try job.output("errors.csv", contentType: "text/csv") : nil
            report =
                names.contains("report.json") ? try job.output("report.json", contentType: "application/json") : nil
        }

        /// Hands on what the validator has ready.
        func drain(_ validator: TableValidator, atLeast size: Int) throws(HandlerError) {
            try validator.validRows.flush(atLeast: size) { bytes throws(HandlerError) in try valid?.write(bytes) }
            try validator.issueRows.flush(atLeast: size) { bytes throws(HandlerError) in try errors?.write(bytes) }
        }
    }
}

extension CSVValidateHandler {
    private func validate(
        _ input: JobInput, _ validator: TableValidator, _ outputs: Outputs, _ job: Job
    ) throws {
        var done = 0
        while !validator.isStopped, let block = try input.nextBlock() {
            try job.checkCancelled()
            try validator.feed(block)
            try outputs.drain(validator, atLeast: Self.pieceBytes)
            done += block.count
            job.progress(Double(done) / Double(max(1, input.size)), "validating")
        }
        try validator.finish()
        try outputs.drain(validator, atLeast: 0)
    }

    private func finish(_ validator: TableValidator, _ outputs: Outputs, _ job: Job) throws -> Result {
        let files = [("errors.csv", outputs.errors), ("valid.csv", outputs.valid)]
        let sizes = files.compactMap { name, output in output.map { (name: name, bytes: $0.size) } }
        let report = validator.report(version: Self.version, outputs: sizes)
        try outputs.report?.write(report.serialized(.pretty) + "\n")
        let result = Result(
            rows: validator.rows.data, verdict: validator.verdict.rawValue, badRows: validator.rows.bad,
            errors: validator.count(of: .error), warnings: validator.count(of: .warning),
            complete: validator.isComplete,
            codes: Dictionary(uniqueKeysWithValues: validator.log.counts.map { ($0.key.rawValue, $0.value.count) }))
        job.log.info(
            "table validated",
            ["verdict": result.verdict, "rows": "\(result.rows)", "errors": "\(result.errors)"])
        return result
    }

    /// Fails the job when its verdict reaches `failOn`.
    private func refuse(_ validator: TableValidator) throws(HandlerError) {
        let isRefused =
            switch validator.parameters.failOn {
            case .never: false
            case .error: validator.verdict == .invalid
            case .warning: validator.verdict != .valid
            }
        guard isRefused, let first = validator.log.first else { return }
        throw .invalidInput(
            code: first.code.rawValue, message: first.message, row: first.line, column: first.columnName,
            hint: first.fix)
    }

    private static func handlerError(_ failure: ValidationFailure) -> HandlerError {
        switch failure {
        case .unreadable(let error):
            .invalidInput(code: error.code, message: "\(error)", hint: "Send a CSV file with a header line.")
        case .unknownSchema(let name):
            .invalidInput(
                code: "schema-unknown", message: "there is no schema “\(name)”",
                hint: "The schemas are telco-v1, auto and none.")
        case .unexpected(let message): .failed(code: "validation-failed", message: message)
        }
    }
}
