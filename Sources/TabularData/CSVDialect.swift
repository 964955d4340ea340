/// How a text file separates, quotes and labels its cells.
public struct CSVDialect: Sendable, Hashable {
    /// The byte between two fields, an ASCII character such as `,`, `;`, tab or `|`.
    public var delimiter: UInt8
    /// The byte that opens and closes a quoted field, or nil when quotes are ordinary text.
    public var quote: UInt8?
    /// The byte that makes a following quote ordinary inside a quoted field, besides doubling; usually nil.
    public var escape: UInt8?
    /// Whether blanks between a delimiter and an opening quote are ignored.
    public var skipsInitialSpace: Bool
    /// Whether the first record holds the column names.
    public var hasHeader: Bool
    /// How many physical lines before the header belong to no table.
    public var preambleLines: Int

    /// Creates a dialect; the defaults are those of RFC 4180 with a header.
    public init(
        delimiter: UInt8 = UInt8(ascii: ","), quote: UInt8? = UInt8(ascii: "\""), escape: UInt8? = nil,
        skipsInitialSpace: Bool = false, hasHeader: Bool = true, preambleLines: Int = 0
    ) {
        self.delimiter = delimiter
        self.quote = quote
        self.escape = escape
        self.skipsInitialSpace = skipsInitialSpace
        self.hasHeader = hasHeader
        self.preambleLines = preambleLines
    }

    /// Comma-separated values as in RFC 4180, with a header.
    public static let rfc4180 = CSVDialect()
}

/// The sizes past which a reader refuses to buffer.
public struct CSVLimits: Sendable, Hashable {
    /// The longest field in bytes; a longer quoted field is taken for an unclosed quote.
    public var maxFieldBytes: Int
    /// The longest record in bytes, at most 512 MiB.
    public var maxRecordBytes: Int
    /// The most physical lines that one record may span before its quote is taken for unclosed.
    public var maxLinesPerRecord: Int
    /// The most fields in one record.
    public var maxFields: Int

    /// Creates limits; the defaults are 1 MiB per field, 16 MiB and 1,000 lines per record, 100,000 fields.
    public init(
        maxFieldBytes: Int = 1 << 20, maxRecordBytes: Int = 16 << 20, maxLinesPerRecord: Int = 1_000,
        maxFields: Int = 100_000
    ) {
        self.maxFieldBytes = max(1, maxFieldBytes)
        self.maxRecordBytes = min(max(1, maxRecordBytes), 512 << 20)
        self.maxLinesPerRecord = max(1, maxLinesPerRecord)
        self.maxFields = max(1, maxFields)
    }
}
