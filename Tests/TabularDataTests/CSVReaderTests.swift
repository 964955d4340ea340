import Testing

import TabularData

/// One record as plain values, for comparison.
struct SeenRecord: Hashable {
    var fields: [String]
    var line: Int
    var number: Int
    var offset: Int
    var defects: [CSVDefect] = []
}

/// Reads a text in blocks of the given sizes, repeated, and gives every record.
func readAll(
    _ text: [UInt8], blocks: [Int] = [1 << 20], dialect: CSVDialect = .rfc4180, limits: CSVLimits = CSVLimits()
) throws -> [SeenRecord] {
    let reader = CSVReader(dialect: dialect, limits: limits)
    var seen: [SeenRecord] = []
    func note(_ record: borrowing CSVRecord) {
        var fields: [String] = []
        for index in 0..<record.count { fields.append(record[index].string) }
        seen.append(
            SeenRecord(
                fields: record.isBlank ? [] : fields, line: record.line, number: record.number,
                offset: record.byteOffset, defects: Array(record.defects)))
    }
    var start = 0
    var turn = 0
    while start < text.count {
        let size = min(blocks[turn % blocks.count], text.count - start)
        try reader.feed(Array(text[start..<start + size])) { note($0) }
        start += size
        turn += 1
    }
    try reader.finish { note($0) }
    return seen
}

func fields(_ text: String, dialect: CSVDialect = .rfc4180) throws -> [[String]] {
    try readAll(Array(text.utf8), dialect: dialect).map(\.fields)
}

@Suite("CSVReader")
struct CSVReaderTests {
    @Test(
        "Text is split as RFC 4180 says",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
            ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("a,\n,\n", [["a", ""], ["", ""]]),
            ("a,b,", [["a", "b", ""]]),
            ("\"a\",\"b\"\n", [["a", "b"]]),
            ("\"a,b\",c\n", [["a,b", "c"]]),
            ("\"a\nb\",c\n", [["a\nb", "c"]]),
            ("\"a\r\nb\",c\r\n", [["a\r\nb", "c"]]),
            ("\"a\"\"b\",c\n", [["a\"b", "c"]]),
            ("\"\"\"\",\"\"\n", [["\"", ""]]),
            ("\"\"\"a\"\"\"", [["\"a\""]]),
            ("\"\"", [[""]]),
            ("a\n\nb\n", [["a"], [], ["b"]]),
            ("\n", [[]]),
            ("", []),
            (" a , b \n", [[" a ", " b "]]),
            ("é,日本\n", [["é", "日本"]]),
            ("a,b\n\r\nc,d\r\r\n", [["a", "b"], [], ["c", "d"], []]),
        ])
    func splits(_ text: String, _ expected: [[String]]) throws {
        let found = try fields(text)
        #expect(found == expected)
    }

    @Test("Positions are physical lines, record numbers and byte offsets")
    func positions() throws {
        let seen = try readAll(Array("h,i\r\n\"x\r\ny\",1\r\n\r\n3,4".utf8))
        #expect(seen.map(\.line) == [1, 2, 4, 5])
        #expect(seen.map(\.number) == [1, 2, 2, 3])
        #expect(seen.map(\.offset) == [0, 5, 15, 17])
    }

    @Test("A quote inside an unquoted field is text, with its position")
    func strayQuote() throws {
        let seen = try readAll(Array("a,b\n5\" pipe,2\n".utf8))
        #expect(seen[1].fields == ["5\" pipe", "2"])
        #expect(seen[1].defects == [CSVDefect(kind: .strayQuote, line: 2, byteOffset: 5, field: 0)])
    }

    @Test("Text after a closing quote is kept, with the position of the quote")
    func textAfterQuote() throws {
        let seen = try readAll(Array("a,b\n1,\"x \"y\" z\"\n".utf8))
        #expect(seen[1].fields == ["1", "x y\" z\""])
        #expect(seen[1].defects == [CSVDefect(kind: .textAfterQuote, line: 2, byteOffset: 9, field: 1)])
    }

    @Test(
        "An unclosed quote costs one defect and no other row",
        arguments: [
            "a,b,c\n1,\"x,3\n4,5,6\n7,8,9\n",
            "a,b,c\n1,\"x,3\n4,\"y\",6\n7,8,9\n",
            "a,b,c\n1,\"x,3\n\"4\",5,6\n7,8,9\n",
            "a,b,c\n1,\"x,3\n4,\"\",6\n7,\"\",9\n",
        ])
    func unclosedQuote(_ text: String) throws {
        let seen = try readAll(Array(text.utf8))
        #expect(seen.map(\.fields.count) == [3, 3, 3, 3])
        #expect(seen[1].fields == ["1", "\"x", "3"])
        let defects = seen.flatMap(\.defects)
        #expect(defects == [CSVDefect(kind: .unclosedQuote, line: 2, byteOffset: 8, field: 1)])
    }

    @Test("A text of many lines inside quotes is one record, whatever its size")
    func longQuotedText() throws {
        let cell = Array(repeating: "line, with comma", count: 900).joined(separator: "\n")
        let seen = try readAll(Array("a,b\n1,\"\(cell)\"\n2,y\n".utf8))
        #expect(seen.map(\.fields) == [["a", "b"], ["1", cell], ["2", "y"]])
        #expect(seen[2].line == 902)
    }

    @Test("A quote that spans too many lines is text")
    func tooManyLines() throws {
        let limits = CSVLimits(maxLinesPerRecord: 3)
        let seen = try readAll(Array("a,b\n1,\"x\n2,y\n3,z\n4,\"w\"\n".utf8), limits: limits)
        #expect(seen.map(\.fields) == [["a", "b"], ["1", "\"x"], ["2", "y"], ["3", "z"], ["4", "w"]])
    }

    @Test("A field, a record or a field count past its limit is named with its position")
    func limits() throws {
        let text = Array("a,b\n1,0123456789\n".utf8)
        #expect(throws: CSVError.fieldTooLong(line: 2, byteOffset: 6, limit: 9)) {
            try readAll(text, limits: CSVLimits(maxFieldBytes: 9))
        }
        #expect(throws: CSVError.recordTooLong(line: 2, byteOffset: 4, limit: 11)) {
            try readAll(text, limits: CSVLimits(maxRecordBytes: 11))
        }
        #expect(throws: CSVError.tooManyFields(line: 1, byteOffset: 0, limit: 1)) {
            try readAll(text, limits: CSVLimits(maxFields: 1))
        }
    }

    @Test("Blanks around quoted fields are dropped when the dialect says so")
    func initialSpace() throws {
        let dialect = CSVDialect(skipsInitialSpace: true)
        let rows = try fields("a, \"b, c\" , \"d\"\n", dialect: dialect)
        #expect(rows == [["a", "b, c", "d"]])
    }

    @Test("An escape byte makes a quote ordinary")
    func escape() throws {
        let dialect = CSVDialect(escape: UInt8(ascii: "\\"))
        let rows = try fields("\"a \\\"b\\\" c\",d\\\n\"x\\\\\",y\n", dialect: dialect)
        #expect(rows == [["a \"b\" c", "d\\"], ["x\\", "y"]])
    }

    @Test("Lines of a preamble are not records")
    func preamble() throws {
        let dialect = CSVDialect(preambleLines: 2)
        let seen = try readAll(Array("Report\nof today\na,b\n1,2\n".utf8), dialect: dialect)
        #expect(seen.map(\.fields) == [["a", "b"], ["1", "2"]])
        #expect(seen[0].line == 3 && seen[0].number == 1)
    }
}
