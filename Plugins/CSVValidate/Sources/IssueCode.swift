/// How much an issue weighs.
public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Worth knowing; changes no verdict.
    case info
    /// Suspicious; the row stays valid.
    case warning
    /// Wrong; the row, or the file, is not valid.
    case error

    /// Info before warning before error.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        }
    }
}

/// The stable names of everything that can be wrong with a table.
public enum IssueCode: String, Sendable, Hashable, CaseIterable {
    // The file.
    case fileTooLarge = "file-too-large"
    case encodingByteOrderMark = "encoding-bom"
    case encodingGuessed = "encoding-guessed"
    case encodingInvalidUTF8 = "encoding-invalid-utf8"
    case nulByte = "nul-byte"
    case truncatedLastRecord = "truncated-last-record"
    // The dialect.
    case quoteStray = "quote-stray"
    case quoteUnclosed = "quote-unclosed"
    case fieldTooLong = "field-too-long"
    case recordTooLong = "record-too-long"
    case tooManyColumns = "too-many-columns"
    case tooManyRows = "too-many-rows"
    case lineEndsMixed = "line-ends-mixed"
    case lineEndsCR = "line-ends-cr"
    case delimiterAmbiguous = "delimiter-ambiguous"
    case preamble
    // The header.
    case headerMissing = "header-missing"
    case headerBlankLabel = "header-blank-label"
    case headerDuplicateLabel = "header-duplicate-label"
    case headerExtraLabel = "header-extra-label"
    case headerMissingLabel = "header-missing-label"
    case headerOrder = "header-order"
    case headerWhitespace = "header-whitespace"
    case headerFormula = "header-formula"
    // Rows.
    case rowBlank = "row-blank"
    case rowShort = "row-short"
    case rowLong = "row-long"
    case rowRepeatsHeader = "row-repeats-header"
    case rowDuplicate = "row-duplicate"
    // Cells.
    case typeInteger = "type-integer"
    case typeDecimal = "type-decimal"
    case required
    case enumeration = "enum"
    case rangeMin = "range-min"
    case rangeMax = "range-max"
    case whitespace
    case numberLocale = "number-locale"
    case numberCurrency = "number-currency"
    case controlCharacter = "control-char"
    case formulaInjection = "formula-injection"
    case placeholderNull = "placeholder-null"
    // Columns and the table.
    case unique
    case uniqueUnchecked = "unique-unchecked"
    case rowRule = "row-rule"
    case tooFewRows = "too-few-rows"

    /// The weight of an issue with this code, unless a rule says otherwise.
    public var severity: Severity {
        switch self {
        case .encodingByteOrderMark, .headerOrder, .headerExtraLabel, .uniqueUnchecked: .info
        case .encodingGuessed, .lineEndsMixed, .lineEndsCR, .delimiterAmbiguous, .preamble, .headerWhitespace,
            .headerFormula, .rowBlank, .rowDuplicate, .whitespace, .formulaInjection, .rowRule:
            .warning
        default: .error
        }
    }
}

/// One finding with its place.
public struct Issue: Sendable, Hashable {
    /// What is wrong.
    public var code: IssueCode
    /// How much it weighs.
    public var severity: Severity
    /// The physical line, from 1; nil when the whole file is meant.
    public var line: Int?
    /// The record's number, the header being 1; nil when no record is meant.
    public var record: Int?
    /// The position of the first byte that is meant.
    public var byteOffset: Int?
    /// The column's index, from 0.
    public var column: Int?
    /// The column's name in the header.
    public var columnName: String?
    /// What was found, masked and at most 64 bytes.
    public var value: String?
    /// What was expected.
    public var expected: String?
    /// One sentence that says what is wrong.
    public var message: String
    /// What to do, as an imperative sentence.
    public var fix: String

    /// Creates an issue without a place; the severity is the code's.
    public init(_ code: IssueCode, _ message: String, fix: String) {
        self.code = code
        severity = code.severity
        self.message = message
        self.fix = fix
    }
}
