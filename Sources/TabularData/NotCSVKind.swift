/// A well-known kind of file that is often sent where a CSV file is expected.
public enum NotCSVKind: String, Sendable, Hashable, CaseIterable {
    /// An Office Open XML workbook.
    case xlsx
    /// An old binary workbook.
    case xls
    /// A zip archive.
    case zip
    /// A gzip stream.
    case gzip
    /// A web page or other markup.
    case html
    /// A JSON document.
    case json
    /// A PDF document.
    case pdf
    /// A Parquet table.
    case parquet
    /// Bytes that are no text in any supported encoding.
    case binary

    /// The kind as the object of a sentence.
    public var sentence: String {
        switch self {
        case .xlsx: "an Excel workbook (.xlsx)"
        case .xls: "an old Excel workbook (.xls)"
        case .zip: "a zip archive"
        case .gzip: "a gzip-compressed file"
        case .html: "a web page or markup"
        case .json: "a JSON document"
        case .pdf: "a PDF document"
        case .parquet: "a Parquet file"
        case .binary: "binary data"
        }
    }

    /// What to do instead, as an imperative clause.
    public var fix: String {
        switch self {
        case .xlsx, .xls: "open it in a spreadsheet and save it as CSV UTF-8"
        case .zip, .gzip: "unpack it and send the CSV file inside"
        case .html: "download the file itself: this may be a login or error page"
        case .json, .pdf, .parquet: "export the table as CSV"
        case .binary: "export the table as CSV text in UTF-8"
        }
    }

    /// Recognises a file by its first bytes.
    ///
    /// - Parameter head: The first bytes of the file, 4 KiB or more if it has as many.
    /// - Returns: The kind, or nil when the bytes may be separated text.
    public static func detect(in head: [UInt8]) -> NotCSVKind? {
        let magics: [(NotCSVKind, [UInt8])] = [
            (.gzip, [0x1F, 0x8B]), (.pdf, Array("%PDF-".utf8)), (.parquet, Array("PAR1".utf8)),
            (.xls, [0xD0, 0xCF, 0x11, 0xE0]),
        ]
        for (kind, magic) in magics where head.starts(with: magic) { return kind }
        if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) || head.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
            let names = head.prefix(4096)
            return contains(names, "xl/") || contains(names, "[Content_Types].xml") ? .xlsx : .zip
        }
        return detectMarkup(head)
    }

    private static func detectMarkup(_ head: [UInt8]) -> NotCSVKind? {
        let body = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
        let text = body.drop { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
        guard let first = text.first else { return nil }
        let lowered = text.prefix(16).map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
        for tag in ["<!doctype", "<html", "<?xml", "<head", "<body", "<!--"] where lowered.starts(with: tag.utf8) {
            return .html
        }
        let next = text.dropFirst().first { $0 != 0x20 && !($0 >= 0x09 && $0 <= 0x0D) }
        switch (first, next) {
        case (UInt8(ascii: "{"), UInt8(ascii: "\"")), (UInt8(ascii: "{"), UInt8(ascii: "}")): return .json
        case (UInt8(ascii: "["), UInt8(ascii: "{")), (UInt8(ascii: "["), UInt8(ascii: "[")): return .json
        default: return nil
        }
    }

    private static func contains(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
        let needle = Array(text.utf8)
        guard bytes.count >= needle.count else { return false }
        return (bytes.startIndex...bytes.endIndex - needle.count).contains { bytes[$0...].starts(with: needle) }
    }
}
