/// Reads a table of unknown encoding and dialect from blocks of bytes.
///
/// The first 64 KiB (or the whole text, if it is shorter) decide encoding and dialect; from then on records stream as
/// from ``CSVReader``. Line numbers are those of the file; byte offsets are those of the file for UTF-8 and those of
/// the converted text for other encodings. The outcome does not depend on how the text was cut into blocks.
public final class CSVDocument {
    /// What may be fixed in advance and what must not be passed.
    public struct Options: Sendable, Hashable {
        /// The dialect, or nil to detect it.
        public var dialect: CSVDialect?
        /// The encoding, or nil to detect it.
        public var encoding: TextEncoding?
        /// The limits of the reader.
        public var limits: CSVLimits

        /// Creates options; by default everything is detected.
        public init(dialect: CSVDialect? = nil, encoding: TextEncoding? = nil, limits: CSVLimits = CSVLimits()) {
            self.dialect = dialect
            self.encoding = encoding
            self.limits = limits
        }
    }

    /// How many bytes decide encoding and dialect.
    public static let headBytes = 64 << 10

    /// What was detected; nil before the first 64 KiB are in or the text has ended.
    public private(set) var encoding: EncodingDetection?
    /// What was detected; nil before the first 64 KiB are in or the text has ended.
    public private(set) var dialect: DialectDetection?
    /// What in the text is not UTF-8; says nothing about texts of another encoding.
    public private(set) var validator = UTF8Validator()
    /// How many bytes were fed.
    public private(set) var byteCount = 0
    /// The reader behind the document, once it has started.
    public private(set) var reader: CSVReader?

    private let options: Options
    private var head: [UInt8] = []
    private var decoder = TextDecoder(EncodingDetection(encoding: .utf8))

    /// Creates a document for one text.
    public init(options: Options = Options()) {
        self.options = options
    }

    /// Reads on with the next bytes and visits each record that they complete.
    ///
    /// - Parameters:
    ///   - block: The next bytes of the file, any number.
    ///   - visit: Called once per record in order, blank lines and the header included.
    /// - Throws: ``CSVError``, or what `visit` throws.
    public func feed(_ block: [UInt8], _ visit: (borrowing CSVRecord) throws -> Void) throws {
        try unsafe block.withUnsafeBytes { bytes in try unsafe feed(bytes, visit) }
    }

    /// Reads on with the next bytes, borrowed for the call, and visits each record that they complete.
    ///
    /// - Parameters:
    ///   - block: The next bytes of the file, any number.
    ///   - visit: Called once per record in order, blank lines and the header included.
    /// - Throws: ``CSVError``, or what `visit` throws.
    public func feed(_ block: UnsafeRawBufferPointer, _ visit: (borrowing CSVRecord) throws -> Void) throws {
        byteCount += block.count
        if let reader {
            try unsafe pass(block, to: reader, visit)
            return
        }
        let taken = min(block.count, Self.headBytes - head.count)
        unsafe head.append(contentsOf: block[..<taken])
        guard head.count == Self.headBytes else { return }
        let started = try start(isWhole: false)
        try pass(head, to: started, visit)
        head = []
        try unsafe pass(UnsafeRawBufferPointer(rebasing: block[taken...]), to: started, visit)
    }

    /// Ends the text and visits what is left.
    ///
    /// - Parameter visit: Called for the records that were still open.
    /// - Throws: ``CSVError``, ``CSVError/empty`` for a text without a byte, or what `visit` throws.
    public func finish(_ visit: (borrowing CSVRecord) throws -> Void) throws {
        let active: CSVReader
        if let reader {
            active = reader
        } else {
            active = try start(isWhole: true)
            try pass(head, to: active, visit)
            head = []
        }
        validator.finish()
        try active.feed(decoder.finish(), visit)
        try active.finish(visit)
    }

    /// Reads a whole text from a source of blocks.
    ///
    /// - Parameters:
    ///   - source: Gives the next block, or nil at the end.
    ///   - visit: Called once per record in order, blank lines and the header included.
    /// - Throws: ``CSVError``, or what `source` or `visit` throws.
    public func read(from source: () throws -> [UInt8]?, _ visit: (borrowing CSVRecord) throws -> Void) throws {
        while let block = try source() { try feed(block, visit) }
        try finish(visit)
    }

    private func start(isWhole: Bool) throws -> CSVReader {
        if let kind = NotCSVKind.detect(in: head) { throw CSVError.notCSV(kind) }
        let found = try EncodingDetection.detect(in: head, isWhole: isWhole)
        let encoding = options.encoding.map { fixed in
            fixed == found.encoding
                ? EncodingDetection(encoding: fixed, byteOrderMarkBytes: found.byteOrderMarkBytes)
                : EncodingDetection(encoding: fixed)
        }
        let chosen = encoding ?? found
        guard head.count > chosen.byteOrderMarkBytes else { throw CSVError.empty }
        self.encoding = chosen
        decoder = TextDecoder(chosen)
        var preview = TextDecoder(chosen)
        let text = unsafe head.withUnsafeBytes { unsafe preview.decode($0) }
        var detection = DialectDetection.detect(in: text, isWhole: isWhole)
        if let fixed = options.dialect {
            detection.dialect = fixed
            detection.confidence = 1
            detection.alternatives = []
        }
        dialect = detection
        let skipped = chosen.encoding == .utf8 ? chosen.byteOrderMarkBytes : 0
        let started = CSVReader(dialect: detection.dialect, limits: options.limits, textOffset: skipped)
        reader = started
        return started
    }

    private func pass(
        _ block: [UInt8], to reader: CSVReader, _ visit: (borrowing CSVRecord) throws -> Void
    ) throws {
        try unsafe block.withUnsafeBytes { bytes in try unsafe pass(bytes, to: reader, visit) }
    }

    private func pass(
        _ block: UnsafeRawBufferPointer, to reader: CSVReader, _ visit: (borrowing CSVRecord) throws -> Void
    ) throws {
        if encoding?.encoding == .utf8 { unsafe validator.feed(block) }
        if decoder.isTransparent {
            try unsafe reader.feed(block, visit)
        } else {
            try reader.feed(unsafe decoder.decode(block), visit)
        }
    }
}
