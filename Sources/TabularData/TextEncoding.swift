/// A character encoding that can be read as UTF-8.
public enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    /// UTF-8.
    case utf8 = "utf-8"
    /// UTF-16, low byte first.
    case utf16LittleEndian = "utf-16le"
    /// UTF-16, high byte first.
    case utf16BigEndian = "utf-16be"
    /// Windows-1252, which reads every Latin-1 text as well.
    case windows1252 = "windows-1252"
}

/// What the first bytes of a text say about its encoding.
public struct EncodingDetection: Sendable, Hashable {
    /// The encoding found.
    public var encoding: TextEncoding
    /// How many bytes at the start are a byte order mark: 0, 2 or 3.
    public var byteOrderMarkBytes: Int
    /// Whether the encoding follows from statistics instead of a mark or from valid UTF-8.
    public var isGuess: Bool

    /// Creates a detection result.
    public init(encoding: TextEncoding, byteOrderMarkBytes: Int = 0, isGuess: Bool = false) {
        self.encoding = encoding
        self.byteOrderMarkBytes = byteOrderMarkBytes
        self.isGuess = isGuess
    }

    /// Reads the encoding off the first bytes.
    ///
    /// - Parameters:
    ///   - head: The first bytes of the text, at most 64 KiB are looked at.
    ///   - isWhole: Whether `head` is the whole text, so that a cut character at its end is an error.
    /// - Returns: The encoding by mark, by valid UTF-8 or by statistics, in this order.
    /// - Throws: ``CSVError/notCSV(_:)`` for binary data.
    public static func detect(in head: [UInt8], isWhole: Bool) throws(CSVError) -> EncodingDetection {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return EncodingDetection(encoding: .utf8, byteOrderMarkBytes: 3) }
        if head.starts(with: [0xFF, 0xFE]) {
            return EncodingDetection(encoding: .utf16LittleEndian, byteOrderMarkBytes: 2)
        }
        if head.starts(with: [0xFE, 0xFF]) {
            return EncodingDetection(encoding: .utf16BigEndian, byteOrderMarkBytes: 2)
        }
        var zeros = (even: 0, odd: 0)
        var controls = 0
        for (index, byte) in head.enumerated() {
            if byte == 0 {
                if index % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
            } else if byte < 0x20, byte != 0x09, byte != 0x0A, byte != 0x0D, byte != 0x0C, byte != 0x1A {
                controls += 1
            }
        }
        let half = head.count / 2
        if half >= 4, zeros.odd * 10 >= half * 7, zeros.even * 10 < half {
            return EncodingDetection(encoding: .utf16LittleEndian, isGuess: true)
        }
        if half >= 4, zeros.even * 10 >= half * 7, zeros.odd * 10 < half {
            return EncodingDetection(encoding: .utf16BigEndian, isGuess: true)
        }
        if (zeros.even + zeros.odd) * 50 > head.count || controls * 20 > head.count { throw .notCSV(.binary) }
        var validator = UTF8Validator()
        validator.feed(head)
        if isWhole { validator.finish() }
        let isUTF8 = validator.invalidCount == 0 || validator.multibyteCount > validator.invalidCount * 2
        return isUTF8
            ? EncodingDetection(encoding: .utf8) : EncodingDetection(encoding: .windows1252, isGuess: true)
    }
}
