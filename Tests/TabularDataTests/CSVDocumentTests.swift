import Testing

import TabularData

@Suite("CSVDocument")
struct CSVDocumentTests {
    private func read(_ bytes: [UInt8], block: Int = 1 << 20) throws -> (CSVDocument, [[String]]) {
        let document = CSVDocument()
        var rows: [[String]] = []
        func note(_ record: borrowing CSVRecord) {
            var fields: [String] = []
            for index in 0..<record.count { fields.append(record[index].string) }
            rows.append(fields)
        }
        var start = 0
        while start < bytes.count {
            let end = min(start + block, bytes.count)
            try document.feed(Array(bytes[start..<end])) { note($0) }
            start = end
        }
        try document.finish { note($0) }
        return (document, rows)
    }

    private static let table = "name;price\nMüller;1,5\nŁódź €;2,25\n"
    private static let expected = [["name", "price"], ["Müller", "1,5"], ["Łódź €", "2,25"]]

    private static func utf16(_ text: String, bigEndian: Bool, mark: Bool) -> [UInt8] {
        let units = (mark ? [0xFEFF] : []) + Array(text.utf16)
        return units.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }

    @Test(
        "A table is the same in every Unicode encoding, cut anywhere",
        arguments: [
            Array(table.utf8), [0xEF, 0xBB, 0xBF] + Array(table.utf8), utf16(table, bigEndian: false, mark: true),
            utf16(table, bigEndian: true, mark: true), utf16(table, bigEndian: false, mark: false),
        ], [1, 3, 1000])
    func encodings(_ bytes: [UInt8], _ block: Int) throws {
        let (document, rows) = try read(bytes, block: block)
        #expect(rows == Self.expected)
        #expect(document.dialect?.dialect.delimiter == UInt8(ascii: ";"))
    }

    @Test("Windows-1252 is guessed and converted")
    func windows1252() throws {
        let bytes = Array("name;price\nM".utf8) + [0xFC] + Array("ller ".utf8) + [0x80] + Array(";1,5\n".utf8)
        let (document, rows) = try read(bytes)
        #expect(rows == [["name", "price"], ["Müller €", "1,5"]])
        #expect(document.encoding == EncodingDetection(encoding: .windows1252, isGuess: true))
    }

    @Test(
        "The delimiter, header and preamble are found",
        arguments: [
            ("a,b\n1,2\n3,4\n", UInt8(ascii: ","), true, 0),
            ("a\tb c, d\n1\tx, y\n2\tz\n", 0x09, true, 0),
            ("a|b|c\n1|2|3\n", UInt8(ascii: "|"), true, 0),
            ("1,5;2,5\n3,5;4,5\n", UInt8(ascii: ";"), false, 0),
            ("Export of customers\n\nid,name,age\n1,x,2\n2,y,3\n", UInt8(ascii: ","), true, 2),
            ("id\n1\n2\n", UInt8(ascii: ","), true, 0),
            ("7590-V,Female,0\n5575-G,Male,0\n", UInt8(ascii: ","), false, 0),
        ])
    func dialects(_ text: String, _ delimiter: UInt8, _ hasHeader: Bool, _ preamble: Int) throws {
        let (document, _) = try read(Array(text.utf8))
        let dialect = try #require(document.dialect?.dialect)
        #expect(dialect.delimiter == delimiter)
        #expect(dialect.hasHeader == hasHeader)
        #expect(dialect.preambleLines == preamble)
    }

    @Test(
        "Other kinds of file are named",
        arguments: [
            (Array("PK\u{3}\u{4}....[Content_Types].xml".utf8), NotCSVKind.xlsx),
            (Array("PK\u{3}\u{4}....data.csv".utf8), .zip), ([0x1F, 0x8B, 8, 0], .gzip),
            (Array("  <!DOCTYPE html><html>".utf8), .html), (Array("{\"a\": 1}".utf8), .json),
            (Array("[{\"a\": 1}]".utf8), .json), (Array("%PDF-1.7".utf8), .pdf), (Array("PAR1....".utf8), .parquet),
            ([0xD0, 0xCF, 0x11, 0xE0, 1, 2], .xls), ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0], .binary),
        ])
    func notCSV(_ bytes: [UInt8], _ kind: NotCSVKind) {
        #expect(throws: CSVError.notCSV(kind)) { _ = try read(bytes) }
    }

    @Test("A text without a character is empty", arguments: [[], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE]])
    func empty(_ bytes: [UInt8]) {
        #expect(throws: CSVError.empty) { _ = try read(bytes) }
    }

    @Test("Invalid UTF-8 is counted and located")
    func invalidUTF8() throws {
        let bytes = Array("a,b\né,é\né,".utf8) + [0xC3, 0x28, 0x0A]
        let (document, _) = try read(bytes, block: 2)
        #expect(document.validator.invalidCount == 1)
        #expect(document.validator.firstInvalidOffsets == [13])
    }

    @Test("Offsets count the byte order mark")
    func offsets() throws {
        let document = CSVDocument()
        var offsets: [Int] = []
        try document.feed([0xEF, 0xBB, 0xBF] + Array("a,b\n1,2\n".utf8)) { offsets.append($0.byteOffset) }
        try document.finish { offsets.append($0.byteOffset) }
        #expect(offsets == [3, 7])
    }
}
