/// Where the scanner stands inside the record in progress; positions count from the window's start.
struct ScanState {
    enum Mode: UInt8 { case plain, quoted, afterQuote }

    var mode = Mode.plain
    /// The next byte to scan.
    var position = 0
    var recordStart = 0
    var fieldStart = 0
    /// The closing quote seen last, in mode `afterQuote`.
    var quotePosition = 0
    /// Flags of the field in progress, as in ``FieldFlag``.
    var fieldFlags: UInt32 = 0
    var recordFirstEnd = 0
    var recordFirstDefect = 0
    /// The physical line of the next byte, and the one on which the record started.
    var line = 1
    var recordLine = 1
    /// The line of the opening quote of the field in progress.
    var quoteLine = 1
    /// Whether the record before ended with CR, so that an LF right at the start belongs to it.
    var followsCarriageReturn = false
    var recordHasEscapes = false
    var fieldHasDefect = false
    /// The opening quote of the field in progress.
    var openQuote = 0
    /// The first quoted field of the record that holds a line end: its opening quote and its index.
    var spanningQuote: (position: Int, field: Int)?
    /// Opening quotes of this record that were found unclosed, as offsets in the text.
    var literalQuotes: [Int] = []

    mutating func shift(by count: Int) {
        position -= count
        recordStart -= count
        fieldStart -= count
        quotePosition -= count
        openQuote -= count
        if let spanning = spanningQuote { spanningQuote = (spanning.position - count, spanning.field) }
    }

    /// Moves on to the record that starts at `start`.
    mutating func beginRecord(at start: Int, line: Int, _ firstEnd: Int, _ firstDefect: Int) {
        recordStart = start
        recordFirstEnd = firstEnd
        recordFirstDefect = firstDefect
        recordLine = line
        self.line = line
        fieldStart = start
        followsCarriageReturn = false
        recordHasEscapes = false
        spanningQuote = nil
        if !literalQuotes.isEmpty { literalQuotes.removeAll() }
    }

    /// Goes back to the first byte of the record in progress.
    mutating func restartRecord() {
        position = recordStart
        fieldStart = recordStart
        line = recordLine
        mode = .plain
        fieldFlags = 0
        recordHasEscapes = false
        spanningQuote = nil
        followsCarriageReturn = false
    }
}

/// The flags that share a word with a field's end.
enum FieldFlag {
    static let quoted: UInt32 = 1 << 31
    static let escaped: UInt32 = 1 << 30
    static let position: UInt32 = (1 << 30) - 1
}

/// One complete record of the window.
struct RecordEntry {
    var start: Int
    var end: Int
    var firstEnd: Int
    var count: Int
    var line: Int
    var firstDefect: Int
    var defectCount: Int
    var hasEscapes: Bool

    var isBlank: Bool { count == 1 && start == end }
}
