/// Why a text cannot be read on as a table.
public enum CSVError: Error, Sendable, Hashable {
    /// A field without quotes is longer than the limit; the position is its first byte.
    case fieldTooLong(line: Int, byteOffset: Int, limit: Int)
    /// A record is longer than the limit; the position is its first byte.
    case recordTooLong(line: Int, byteOffset: Int, limit: Int)
    /// A record has more fields than the limit; the position is its first byte.
    case tooManyFields(line: Int, byteOffset: Int, limit: Int)
    /// The input holds nothing, or nothing but a byte order mark.
    case empty
    /// The input is of another kind than text with separated values.
    case notCSV(NotCSVKind)

    /// The stable kebab-case name of the case.
    public var code: String {
        switch self {
        case .fieldTooLong: "field-too-long"
        case .recordTooLong: "record-too-long"
        case .tooManyFields: "too-many-columns"
        case .empty: "file-empty"
        case .notCSV: "not-csv"
        }
    }
}

extension CSVError: CustomStringConvertible {
    /// One sentence that says what was expected, what was found and where.
    public var description: String {
        switch self {
        case .fieldTooLong(let line, let offset, let limit):
            "the field at line \(line), byte \(offset) is longer than \(limit) bytes"
        case .recordTooLong(let line, let offset, let limit):
            "the record at line \(line), byte \(offset) is longer than \(limit) bytes"
        case .tooManyFields(let line, let offset, let limit):
            "the record at line \(line), byte \(offset) has more than \(limit) fields"
        case .empty:
            "the file is empty; expected a header line and at least one row"
        case .notCSV(let kind):
            "this is \(kind.sentence), not a CSV file; \(kind.fix)"
        }
    }
}

/// A place where the text breaks the quoting rules and how it was read on.
public struct CSVDefect: Sendable, Hashable {
    /// What is wrong.
    public enum Kind: Sendable, Hashable {
        /// A quote inside a field that is not quoted; taken as text.
        case strayQuote
        /// Text between a closing quote and the next delimiter; appended to the field.
        case textAfterQuote
        /// An opening quote that no quote closes where it should; taken as text up to the end of its line.
        case unclosedQuote
    }

    /// What is wrong.
    public let kind: Kind
    /// The physical line of the quote, from 1.
    public let line: Int
    /// The position of the quote, from the start of the UTF-8 text.
    public let byteOffset: Int
    /// The index of the field in its record, from 0.
    public let field: Int

    /// Creates a defect.
    public init(kind: Kind, line: Int, byteOffset: Int, field: Int) {
        self.kind = kind
        self.line = line
        self.byteOffset = byteOffset
        self.field = field
    }
}
