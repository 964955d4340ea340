import Testing

import TabularData

@Suite("CSVWriter")
struct CSVWriterTests {
    private func line(_ fields: [String], escapesFormulas: Bool = false) -> String {
        var writer = CSVWriter(escapesFormulas: escapesFormulas)
        for field in fields { writer.write(field) }
        writer.endRecord()
        return String(decoding: writer.take(), as: UTF8.self)
    }

    @Test(
        "Fields are quoted exactly when they must be",
        arguments: [
            (["a", "b"], "a,b\n"), (["a,b", "c"], "\"a,b\",c\n"), (["a\"b"], "\"a\"\"b\"\n"),
            (["a\nb", "c\rd"], "\"a\nb\",\"c\rd\"\n"), (["", ""], ",\n"), ([" a", "b c"], "\" a\",b c\n"),
        ])
    func quotes(_ fields: [String], _ expected: String) {
        let text = line(fields)
        #expect(text == expected)
    }

    @Test(
        "Formulas get an apostrophe and numbers do not",
        arguments: [
            ("=1+1", "'=1+1\n"), ("@SUM(A1)", "'@SUM(A1)\n"), ("-5", "-5\n"), ("+1.5e-3", "+1.5e-3\n"),
            ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0\n"), ("a=b", "a=b\n"), ("=A,B", "\"'=A,B\"\n"),
        ])
    func formulas(_ field: String, _ expected: String) {
        let text = line([field], escapesFormulas: true)
        #expect(text == expected)
    }

    @Test(
        "Numbers have fixed decimals",
        arguments: [
            (0.25, 3, "0.250"), (-1.005, 1, "-1.0"), (0, 0, "0"), (1e15, 2, "1000000000000000.00"),
            (-0.0001, 2, "0.00"),
            (99.995, 1, "100.0"), (Double.nan, 2, ""), (2.5, 0, "3"), (-2.5, 0, "-3"),
        ])
    func decimals(_ number: Double, _ places: Int, _ expected: String) {
        #expect(DecimalText.fixed(number, places: places) == expected)
    }

    @Test(
        "Trimmed numbers lose the zeros at their end only",
        arguments: [(10.0, "10"), (0.5, "0.5"), (1.25, "1.25"), (0.0, "0"), (100.1, "100.1")])
    func trimmed(_ number: Double, _ expected: String) {
        #expect(DecimalText.trimmed(number, places: 4) == expected)
    }

    @Test("Whole numbers reach both ends of their range", arguments: [0, -1, 10, Int.max, Int.min])
    func integers(_ number: Int) {
        var writer = CSVWriter()
        writer.write(number)
        let text = String(decoding: writer.take(), as: UTF8.self)
        #expect(text == "\(number)")
    }

    @Test("What is written is read back", arguments: 0..<10 as Range<UInt64>)
    func roundTrip(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let pieces = ["", "a", ",", "\"", "\n", "\r", " ", "é"]
        let rows = (0..<100).map { _ in
            (0..<4).map { _ in (0..<3).map { _ in pieces.randomElement(using: &random) ?? "" }.joined() }
        }
        let seen = try readAll(Array(rows.map { line($0) }.joined().utf8))
        #expect(seen.map(\.fields) == rows)
    }

    @Test(
        "Numbers are parsed to the nearest Double",
        arguments: [
            "0", "1.5", "-0.1", "1889.5", "1e3", "1.7976931348623157e308", "123456789012345678901", "0.1e-5",
            "9007199254740993", ".5", "5.",
        ])
    func parses(_ text: String) throws {
        var found: Double?
        let reader = CSVReader()
        try reader.feed(Array((text + "\n").utf8)) { found = $0[0].decimal }
        #expect(found == Double(text.hasSuffix(".") ? text + "0" : text))
    }

    @Test(
        "What is no number is not parsed",
        arguments: ["", "-", "1,5", "1.2.3", "1e", "nan", "inf", "0x1", " 1", "1e999"])
    func refuses(_ text: String) throws {
        var found: Double? = 0
        let reader = CSVReader()
        try reader.feed(Array(("\"\(text)\"\n").utf8)) { found = $0[0].decimal }
        #expect(found == nil)
    }
}
