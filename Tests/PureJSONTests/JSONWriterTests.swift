import PureJSON
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    static let value: JSONValue = ["b": [1, 2.5, nil], "a": ["x": true, "empty": [:], "none": []]]

    @Test("Each style lays one value out in its own way")
    func styles() {
        #expect(Self.value.serialized() == #"{"b":[1,2.5,null],"a":{"x":true,"empty":{},"none":[]}}"#)
        #expect(Self.value.serialized(.canonical) == #"{"a":{"empty":{},"none":[],"x":true},"b":[1,2.5,null]}"#)
        let pretty = """
            {
              "b": [
                1,
                2.5,
                null
              ],
              "a": {
                "x": true,
                "empty": {},
                "none": []
              }
            }
            """
        #expect(Self.value.serialized(.pretty) == pretty)
    }

    @Test(
        "What is written reads back as the same value",
        arguments: [
            .integer(.min), .integer(.max), .number(0.1), .number(1e300), .number(.leastNonzeroMagnitude),
            .number(-0.0),
            .number(123_456_789.125), "\u{0}\u{1f}\u{7f}\"\\/é😀\u{2028}", ["": ""], value,
        ] as [JSONValue])
    func roundTrip(_ value: JSONValue) throws {
        for style in [JSONStyle.compact, .pretty, .canonical] {
            #expect(try JSONValue(parsing: value.serialized(style)) == value)
        }
    }

    @Test("Numbers that JSON cannot spell become null", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(_ number: Double) {
        #expect(JSONValue.number(number).serialized() == "null")
    }

    @Test(
        "A JSON Pointer leads to its value",
        arguments: [
            ("", ["a/b": ["~x": [7, 8]]]), ("/a~1b/~0x/1", 8), ("/a~1b/~0x/2", nil), ("/a~1b/~0x/01", nil),
            ("/nothing", nil), ("a", nil),
        ] as [(String, JSONValue?)])
    func pointer(_ pointer: String, _ expected: JSONValue?) {
        let value: JSONValue = ["a/b": ["~x": [7, 8]]]
        #expect(value.value(at: pointer) == expected)
    }
}
