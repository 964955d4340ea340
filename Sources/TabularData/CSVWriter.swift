/// Writes separated values into one reused buffer that is handed on in large pieces.
///
/// A field is quoted when it holds the delimiter, a quote or a line end, or when a blank at its ends would be lost.
/// The caller ends each record and hands the bytes on with ``flush(atLeast:to:)``, so memory stays near the piece
/// size plus one record.
public struct CSVWriter: ~Copyable {
    /// The byte between two fields.
    public let delimiter: UInt8
    /// Whether a text that a spreadsheet would run as a formula gets a leading apostrophe.
    public let escapesFormulas: Bool

    private var buffer = ByteBuffer(capacity: 96 << 10)
    private var isRecordStart = true
    private let lineEnd: [UInt8]

    /// Creates a writer.
    ///
    /// - Parameters:
    ///   - delimiter: The byte between two fields, a comma by default.
    ///   - escapesFormulas: Whether texts that start with `=`, `@`, a tab, or with `+` or `-` without being a number
    ///     get a leading apostrophe.
    ///   - endsLinesWithCarriageReturn: Whether records end with CRLF instead of LF.
    public init(
        delimiter: UInt8 = UInt8(ascii: ","), escapesFormulas: Bool = false, endsLinesWithCarriageReturn: Bool = false
    ) {
        self.delimiter = delimiter
        self.escapesFormulas = escapesFormulas
        lineEnd = endsLinesWithCarriageReturn ? [0x0D, 0x0A] : [0x0A]
    }

    /// How many bytes wait to be handed on.
    public var pendingBytes: Int { buffer.count }

    /// Writes one field of a record that was read.
    public mutating func write(_ field: CSVField) {
        unsafe field.withUnsafeBytes { unsafe write(bytes: $0) }
    }

    /// Writes one field of UTF-8 bytes.
    public mutating func write(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe write(bytes: $0) }
    }

    /// Writes one text field.
    public mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { unsafe write(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Writes one whole number.
    public mutating func write(_ number: Int) {
        separate()
        DecimalText.append(number) { buffer.append($0) }
    }

    /// Writes one number with a fixed count of decimals; a number that is not finite becomes an empty field.
    ///
    /// - Parameters:
    ///   - number: The number, rounded to nearest, halves away from zero.
    ///   - places: How many decimals, 0...9.
    public mutating func write(_ number: Double, places: Int) {
        separate()
        DecimalText.append(number, places: places) { buffer.append($0) }
    }

    /// Writes an empty field.
    public mutating func writeEmpty() { separate() }

    /// Writes fields that are already separated and quoted, such as ``CSVRecord/raw``.
    public mutating func writeRaw(_ text: CSVField) {
        separate()
        unsafe text.withUnsafeBytes { unsafe buffer.append($0) }
    }

    /// Ends the record.
    public mutating func endRecord() {
        for byte in lineEnd { buffer.append(byte) }
        isRecordStart = true
    }

    /// Hands the pending bytes on if there are at least `size` of them.
    ///
    /// - Parameters:
    ///   - size: How many bytes make a piece; 0 hands on whatever is there.
    ///   - sink: Receives the bytes, borrowed for the call.
    /// - Throws: What `sink` throws; the bytes are then still pending.
    public mutating func flush<Failure: Error>(
        atLeast size: Int = 0, to sink: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        guard buffer.count > 0, buffer.count >= size else { return }
        try sink(unsafe Span(_unsafeStart: buffer.base, count: buffer.count))
        buffer.removeAll()
    }

    /// Takes the pending bytes out of the writer.
    public mutating func take() -> [UInt8] {
        let bytes = unsafe Array(UnsafeRawBufferPointer(start: buffer.base, count: buffer.count))
        buffer.removeAll()
        return bytes
    }

    private mutating func separate() {
        if isRecordStart {
            isRecordStart = false
        } else {
            buffer.append(delimiter)
        }
    }

    private mutating func write(bytes: UnsafeRawBufferPointer) {
        separate()
        if unsafe escapesFormulas && Self.isFormula(bytes) {
            unsafe writeQuoted(bytes, apostrophe: true)
        } else if unsafe !buffer.appendPlain(bytes, delimiter: delimiter) {
            unsafe writeQuoted(bytes, apostrophe: false)
        }
    }

    /// Writes a field that needs quotes or an apostrophe.
    private mutating func writeQuoted(_ bytes: UnsafeRawBufferPointer, apostrophe: Bool) {
        let start = buffer.count
        if apostrophe {
            buffer.append(UInt8(ascii: "'"))
            if unsafe buffer.appendPlain(bytes, delimiter: delimiter) { return }
            buffer.removeLast(buffer.count - start)
        }
        buffer.append(UInt8(ascii: "\""))
        if apostrophe { buffer.append(UInt8(ascii: "'")) }
        for index in 0..<bytes.count {
            let byte = unsafe bytes[index]
            if byte == UInt8(ascii: "\"") { buffer.append(byte) }
            buffer.append(byte)
        }
        buffer.append(UInt8(ascii: "\""))
    }

    /// Whether a spreadsheet would take the text for a formula; signed numbers are not.
    public static func isFormula(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = unsafe bytes.first else { return false }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0D:
            return true
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            guard bytes.count > 1 else { return false }
            for index in 1..<bytes.count {
                let byte = unsafe bytes[index]
                let isPlain =
                    (byte >= 48 && byte <= 57) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")
                    || byte == 0x20 || byte | 0x20 == UInt8(ascii: "e") || byte == UInt8(ascii: "-")
                    || byte == UInt8(ascii: "%")
                if !isPlain { return true }
            }
            return false
        default:
            return false
        }
    }
}
