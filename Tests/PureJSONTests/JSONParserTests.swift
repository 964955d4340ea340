import PureJSON
import Testing

@Suite("JSON parser")
struct JSONParserTests {
    @Test(
        "Texts of RFC 8259 are read as their values",
        arguments: [
            ("null", nil), (" true ", true), ("false", false), ("0", 0), ("-0", .number(-0.0)), ("1.0", 1.0),
            ("-12", -12), ("1e2", 100.0), ("1E+2", 100.0), ("25e-1", 2.5),
            ("9223372036854775807", 9_223_372_036_854_775_807),
            ("-9223372036854775808", -9_223_372_036_854_775_808),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("\"\"", ""), ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a\"\\/\u{8}\u{c}\n\r\t"), ("\"\\u00e9\\u20AC\"", "é€"),
            ("\"\\ud83d\\ude00\"", "😀"), ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}"), ("[]", []), ("[1 , [ ]]", [1, []]),
            ("{}", [:]), ("{\"a\":{\"\":1}}", ["a": ["": 1]]), ("\t\r\n[1]\n", [1]), ("\"\\u0000\"", "\u{0}"),
        ] as [(String, JSONValue)])
    func accepted(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(
        "Texts that RFC 8259 does not allow are refused",
        arguments: [
            "", " ", "nul", "True", "NaN", "Infinity", "+1", "01", "-", "-01", "1.", ".5", "1e", "1e+", "0x10", "1 2",
            "[1,]", "[,1]", "[1", "]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "\"abc",
            "\"\t\"",
            "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "[1]x", "// c\n1", "1e999",
            "{\"a\":1,\"a\":2}", "\u{FEFF}1",
        ])
    func refused(_ text: String) {
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: text) }
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80]] as [[UInt8]])
    func invalidUTF8(_ bytes: [UInt8]) {
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: [0x22] + bytes + [0x22]) }
    }

    @Test("A fault is named with its line and column")
    func position() throws {
        let error = #expect(throws: JSONParseError.self) { try JSONValue(parsing: "{\n  \"a\": tru\n}") }
        #expect(error?.line == 2)
        #expect(error?.column == 8)
        #expect(error?.byteOffset == 9)
        #expect(error?.description == "not valid JSON at line 2, column 8: expected true, found 't'")
    }

    @Test("Nesting and size have limits")
    func limits() throws {
        let deep = String(repeating: "[", count: 129) + String(repeating: "]", count: 129)
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: deep) }
        #expect(try JSONValue(parsing: String(deep.dropFirst().dropLast())).arrayValue?.count == 1)
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: "[1, 2]", limits: JSONLimits(byteCount: 5)) }
    }

    @Test("An object keeps the order of its members, few or many", arguments: [3, 8, 9, 40])
    func order(_ count: Int) throws {
        let names = (0..<count).map { "k\(($0 * 7) % count)-\($0)" }
        let text = "{" + names.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",") + "}"
        let object = try #require(try JSONValue(parsing: text).objectValue)
        #expect(object.keys == names)
        #expect(names.enumerated().allSatisfy { object[$1] == .integer(Int64($0)) })
    }
}
