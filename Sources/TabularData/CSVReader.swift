/// A streaming reader of separated values that is fed blocks of UTF-8 bytes.
///
/// Feed blocks of any size, then call ``finish(_:)``: the records, positions and defects do not depend on how the
/// text was cut. Lines end with LF, CRLF or CR, also inside quotes. Memory stays near one block plus the longest
/// record that ``CSVLimits`` allows. A reader serves one text and one thread at a time.
@safe
public final class CSVReader {
    /// How the text is read.
    public let dialect: CSVDialect
    /// What the reader refuses to buffer.
    public let limits: CSVLimits
    /// How many fields a whole record should have, if known; it helps to tell an unclosed quote from a long text.
    ///
    /// The first record sets it when nobody else has.
    public var expectedFields: Int?
    /// How many lines ended with LF, with CRLF and with CR so far, quoted ones left out.
    public var lineEnds: (lineFeed: Int, carriageReturnLineFeed: Int, carriageReturn: Int) {
        (lineFeedEnds, bothEnds, carriageReturnEnds)
    }
    /// Whether the last record lacked a line end; meaningful after ``finish(_:)``.
    public private(set) var lastRecordLacksLineEnd = false

    let scan: StructuralScan
    /// Bytes not yet delivered: the record in progress first.
    var window = ByteBuffer(capacity: 320 << 10)
    /// Raw end of each field in the window, with flags in the two top bits.
    var ends = WordBuffer(capacity: 64 << 10)
    var records: [RecordEntry] = []
    var defects: [CSVDefect] = []
    var scratch = ByteBuffer(capacity: 0)
    var scratchEnds = WordBuffer(capacity: 0)
    var state = ScanState()
    /// Offset in the text of the window's first byte.
    var windowOffset = 0
    var recordNumber = 0
    var lineFeedEnds = 0
    var bothEnds = 0
    var carriageReturnEnds = 0
    var failure: CSVError?
    var unclosedByLimit = 0
    /// The part of the lent record that is kept outside it.
    let whole: UnsafeMutablePointer<WholeRecord>

    private static let chunkBytes = 256 << 10

    /// Creates a reader for one text.
    ///
    /// - Parameters:
    ///   - dialect: How the text is read.
    ///   - limits: What the reader refuses to buffer.
    ///   - textOffset: The position that the first byte fed has in its file, such as 3 behind a byte order mark.
    public init(dialect: CSVDialect = .rfc4180, limits: CSVLimits = CSVLimits(), textOffset: Int = 0) {
        windowOffset = textOffset
        self.dialect = dialect
        self.limits = limits
        scan = StructuralScan(delimiter: dialect.delimiter, quote: dialect.quote)
        records.reserveCapacity(4096)
        unsafe whole = .allocate(capacity: 1)
        unsafe whole.initialize(
            to: WholeRecord(
                bytes: UnsafePointer(window.base), ends: UnsafePointer(ends.base), count: 0, start: 0, defects: []))
    }

    deinit {
        unsafe whole.deinitialize(count: 1)
        unsafe whole.deallocate()
    }

    /// Reads on with the next bytes and visits each record that they complete.
    ///
    /// - Parameters:
    ///   - block: The next bytes of the text, any number.
    ///   - visit: Called once per record in order, blank lines included; the record is valid only inside the call.
    /// - Throws: ``CSVError`` when a limit is passed, or what `visit` throws.
    public func feed(_ block: [UInt8], _ visit: (borrowing CSVRecord) throws -> Void) throws {
        try unsafe block.withUnsafeBytes { bytes in try unsafe feed(bytes, visit) }
    }

    /// Reads on with the next bytes, borrowed for the call, and visits each record that they complete.
    ///
    /// - Parameters:
    ///   - block: The next bytes of the text, any number.
    ///   - visit: Called once per record in order, blank lines included; the record is valid only inside the call.
    /// - Throws: ``CSVError`` when a limit is passed, or what `visit` throws.
    public func feed(_ block: UnsafeRawBufferPointer, _ visit: (borrowing CSVRecord) throws -> Void) throws {
        var start = 0
        while start < block.count {
            let size = min(Self.chunkBytes, block.count - start)
            unsafe window.append(UnsafeRawBufferPointer(rebasing: block[start..<start + size]))
            start += size
            scanWindow()
            try deliver(visit)
        }
    }

    /// Ends the text and visits the last record if no line end closed it.
    ///
    /// - Parameter visit: Called for the records that were still open.
    /// - Throws: ``CSVError`` when a limit is passed, or what `visit` throws.
    public func finish(_ visit: (borrowing CSVRecord) throws -> Void) throws {
        finishScan()
        try deliver(visit)
    }

    /// Reads a whole text from a source of blocks.
    ///
    /// - Parameters:
    ///   - source: Gives the next block, or nil at the end.
    ///   - visit: Called once per record in order, blank lines included.
    /// - Throws: ``CSVError`` when a limit is passed, or what `source` or `visit` throws.
    public func read(
        from source: () throws -> [UInt8]?, _ visit: (borrowing CSVRecord) throws -> Void
    ) throws {
        while let block = try source() { try feed(block, visit) }
        try finish(visit)
    }

    /// Notes that the last record ended with the text.
    func noteMissingLineEnd() { lastRecordLacksLineEnd = true }

    private func deliver(_ visit: (borrowing CSVRecord) throws -> Void) throws {
        defer { compact() }
        for entry in records {
            if !entry.isBlank { recordNumber += 1 }
            try visit(record(for: entry))
        }
        if let failure { throw failure }
    }

    /// Drops what was delivered and moves the record in progress to the front of the window.
    private func compact() {
        records.removeAll(keepingCapacity: true)
        if state.recordFirstDefect > 0 {
            defects.removeFirst(state.recordFirstDefect)
            state.recordFirstDefect = 0
        }
        let shift = state.recordStart
        guard shift > 0 else { return }
        window.removeFirst(shift)
        windowOffset += shift
        ends.removeFirst(state.recordFirstEnd, subtracting: UInt32(shift))
        state.recordFirstEnd = 0
        state.shift(by: shift)
    }
}
