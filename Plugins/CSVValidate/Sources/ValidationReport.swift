public import PureJSON
import TabularData

extension TableValidator {
    /// The report's schema identifier.
    public static let reportSchema = "headrace.csv-validate.report/1"

    /// The report, to be asked for after ``finish()``.
    ///
    /// Shape: the common envelope (`schema handler version verdict input counts issues outputs metrics`) with
    /// `dialect encoding header rows columns complete truncated limits schemaUsed`. Holds no time.
    ///
    /// - Parameters:
    ///   - version: The handler's version.
    ///   - outputs: Names and sizes of the other outputs.
    /// - Returns: The report as JSON.
    public func report(version: String, outputs: [(name: String, bytes: Int)]) -> JSONValue {
        let truncated = JSONObject(log.truncated.map { ($0.code.rawValue, .integer(Int64($0.count))) })
        return [
            "schema": .string(Self.reportSchema),
            "handler": "csv-validate",
            "version": .string(version),
            "verdict": .string(verdict.rawValue),
            "complete": .bool(isComplete),
            "input": ["name": "csv", "bytes": .integer(Int64(document.byteCount))],
            "encoding": encodingJSON,
            "dialect": dialectJSON,
            "header": headerJSON,
            "schemaUsed": schemaUsed.map { .string($0.name) } ?? .null,
            "rows": rowsJSON,
            "counts": countsJSON,
            "truncated": .object(truncated),
            "issues": .array(log.listed.map(\.json)),
            "columns": columnsJSON,
            "limits": [
                "maxErrorsPerCode": .integer(Int64(log.listLimit)),
                "maxFieldBytes": .integer(Int64(parameters.limits.maxFieldBytes ?? 1 << 20)),
                "maxLinesPerRecord": .integer(Int64(parameters.limits.maxLinesPerRecord ?? 1_000)),
            ],
            "outputs": .array(outputs.map { ["name": .string($0.name), "bytes": .integer(Int64($0.bytes))] }),
            "metrics": ["bytes": .integer(Int64(document.byteCount)), "rows": .integer(Int64(rows.data))],
        ]
    }

    /// The counts of rows: `data blank bad valid`.
    public var rowsJSON: JSONValue {
        [
            "data": .integer(Int64(rows.data)), "blank": .integer(Int64(rows.blank)),
            "bad": .integer(Int64(rows.bad)), "valid": .integer(Int64(rows.data - rows.bad)),
        ]
    }

    /// Every code that occurred, with `severity count firstLine lines`.
    public var countsJSON: JSONValue {
        let members = IssueCode.allCases.compactMap { code -> (String, JSONValue)? in
            guard let entry = log.counts[code] else { return nil }
            let value: JSONValue = [
                "severity": .string(entry.severity.rawValue),
                "count": .integer(Int64(entry.count)),
                "firstLine": entry.firstLine.map { .integer(Int64($0)) } ?? .null,
                "lines": .array(entry.lines.map { .integer(Int64($0)) }),
            ]
            return (code.rawValue, value)
        }
        return .object(JSONObject(members))
    }

    /// How many issues weigh this much.
    public func count(of severity: Severity) -> Int {
        log.counts.values.reduce(0) { $0 + ($1.severity == severity ? $1.count : 0) }
    }

    private var encodingJSON: JSONValue {
        guard let encoding = document.encoding else { return .null }
        return [
            "name": .string(encoding.encoding.rawValue),
            "byteOrderMark": .bool(encoding.byteOrderMarkBytes > 0),
            "guessed": .bool(encoding.isGuess),
            "invalidSequences": .integer(Int64(document.validator.invalidCount)),
        ]
    }

    private var dialectJSON: JSONValue {
        guard let detection = document.dialect else { return .null }
        let dialect = detection.dialect
        return [
            "delimiter": .string(Self.text(dialect.delimiter)),
            "quote": dialect.quote.map { .string(Self.text($0)) } ?? .null,
            "escape": dialect.escape.map { .string(Self.text($0)) } ?? .null,
            "skipInitialSpace": .bool(dialect.skipsInitialSpace),
            "preambleLines": .integer(Int64(dialect.preambleLines)),
            "confidence": .number(Self.rounded(detection.confidence)),
            "alternatives": .array(
                detection.alternatives.map {
                    ["delimiter": .string(Self.text($0.delimiter)), "score": .number(Self.rounded($0.score))]
                }),
        ]
    }

    private var headerJSON: JSONValue {
        guard let header else { return .null }
        return [
            "line": headerLine.map { .integer(Int64($0)) } ?? .null,
            "names": .array(header.labels.map { .string($0) }),
        ]
    }

    private var columnsJSON: JSONValue {
        guard let header else { return [] }
        return .array(
            header.labels.enumerated().map { index, label in
                [
                    "index": .integer(Int64(index)),
                    "name": .string(label),
                    "target": header.columns[index].map { .string($0.name) } ?? .null,
                    "expected": header.columns[index].map { .string($0.expectation) } ?? .null,
                    "blank": .integer(Int64(blanksPerColumn[index])),
                ]
            })
    }

    private static func text(_ byte: UInt8) -> String { String(Character(Unicode.Scalar(byte))) }

    private static func rounded(_ number: Double) -> Double { (number * 1_000).rounded() / 1_000 }

    /// Starts the listing of issues.
    func writeIssueHeader() {
        let names = [
            "line", "record", "byteOffset", "column", "columnName", "code", "severity", "value", "expected", "message",
            "fix",
        ]
        for name in names { issueRows.write(name) }
        issueRows.endRecord()
    }

    /// Adds a row to the listing of issues; columns count from 1 there.
    func write(_ issue: Issue) {
        for number in [issue.line, issue.record, issue.byteOffset, issue.column.map { $0 + 1 }] {
            if let number { issueRows.write(number) } else { issueRows.writeEmpty() }
        }
        issueRows.write(issue.columnName ?? "")
        issueRows.write(issue.code.rawValue)
        issueRows.write(issue.severity.rawValue)
        for text in [issue.value, issue.expected, issue.message, issue.fix] { issueRows.write(text ?? "") }
        issueRows.endRecord()
    }
}

extension Issue {
    /// The issue as the report lists it.
    public var json: JSONValue {
        var members = JSONObject()
        members["code"] = .string(code.rawValue)
        members["severity"] = .string(severity.rawValue)
        members["line"] = line.map { .integer(Int64($0)) } ?? .null
        members["record"] = record.map { .integer(Int64($0)) } ?? .null
        members["byteOffset"] = byteOffset.map { .integer(Int64($0)) } ?? .null
        if let column {
            members["column"] = ["index": .integer(Int64(column)), "name": .string(columnName ?? "")]
        } else {
            members["column"] = .null
        }
        members["value"] = value.map { .string($0) } ?? .null
        members["expected"] = expected.map { .string($0) } ?? .null
        members["message"] = .string(message)
        members["fix"] = .string(fix)
        return .object(members)
    }
}

extension JSONObject {
    /// An object of members in order.
    init(_ members: [(String, JSONValue)]) {
        self.init()
        for (name, value) in members { self[name] = value }
    }
}
