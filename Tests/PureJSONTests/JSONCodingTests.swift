import PureJSON
import Testing

private struct Customer: Codable, Equatable {
    enum Plan: String, Codable { case monthly, yearly }
    var name: String
    var age: Int8
    var balance: Double
    var plan: Plan
    var tags: [String]
    var parent: [String: Int]?
    var extra: JSONValue?
}

/// A literal as a value.
private func json(_ value: JSONValue) -> JSONValue { value }

@Suite("JSON coders")
struct JSONCodingTests {
    @Test("A value decodes into a type and encodes back in the order of its members")
    func roundTrip() throws {
        let text =
            #"{"name":"Ada","age":36,"balance":1.5,"plan":"yearly","tags":["a"],"parent":{"x":1},"extra":[null,{"k":2}]}"#
        let customer = try JSONValue(parsing: text).decode(Customer.self)
        #expect(customer.extra == [nil, ["k": 2]])
        #expect(try JSONValue(encoding: customer).serialized() == text)
    }

    @Test(
        "A failure names the place, what was expected and what was found",
        arguments: [
            (["name": 1], "at /name: expected a string, found integer 1"),
            (["name": "a", "age": 1.5], "at /age: expected an integer in -128...127, found number 1.5"),
            (["name": "a", "age": 200], "at /age: expected an integer in -128...127, found integer 200"),
            (["name": "a"], "at /age: expected a value, found nothing"),
            (["name": "a", "age": nil], "at /age: expected an integer in -128...127, found null"),
            (["name": "a", "age": 1, "balance": "x"], #"at /balance: expected a number, found string "x""#),
            ([1], "at the top level: expected an object, found array of 1"),
        ] as [(JSONValue, String)])
    func failures(_ value: JSONValue, _ message: String) {
        let failure = #expect(throws: JSONDecodingFailure.self) { try value.decode(Customer.self) }
        #expect(failure?.description == message)
    }

    @Test("A failure deep inside has its whole path, and an unknown case says what is there")
    func paths() {
        let nested = #expect(throws: JSONDecodingFailure.self) {
            try json(["a/b": [[1], ["x"]]]).decode([String: [[Int]]].self)
        }
        #expect(nested?.path == "/a~1b/1/0")
        let plan = #expect(throws: JSONDecodingFailure.self) {
            try json(["plan": "daily"]).decode([String: Customer.Plan].self)
        }
        #expect(plan?.path == "/plan")
        #expect(plan?.found == #"string "daily""#)
    }

    @Test("Integers are exact at the ends of their ranges")
    func exactIntegers() throws {
        #expect(try JSONValue.integer(.max).decode(Int64.self) == .max)
        #expect(try JSONValue.number(4.0).decode(UInt8.self) == 4)
        #expect(try JSONValue(encoding: UInt64(Int64.max)) == .integer(.max))
        #expect(throws: JSONDecodingFailure.self) { try JSONValue.integer(-1).decode(UInt.self) }
        #expect(throws: JSONDecodingFailure.self) { try JSONValue.number(1e300).decode(Int.self) }
        #expect(throws: JSONEncodingFailure.self) { try JSONValue(encoding: UInt64.max) }
    }

    @Test("Numbers that are not finite have no JSON form, wherever they are")
    func notFinite() {
        let failure = #expect(throws: JSONEncodingFailure.self) { try JSONValue(encoding: ["a": [1, Double.nan]]) }
        #expect(failure?.path == "/a/1")
        #expect(throws: JSONEncodingFailure.self) { try JSONValue(encoding: JSONValue.array([.number(.infinity)])) }
    }

    @Test("A dictionary's members are sorted, so that equal values give equal texts")
    func sortedDictionaries() throws {
        let scores = Dictionary(uniqueKeysWithValues: (0..<20).map { ("k\($0)", $0) })
        #expect(try JSONValue(encoding: scores).objectValue?.keys == scores.keys.sorted())
    }

    @Test("Optionals, absent or null, decode as nothing; single values and arrays stand alone")
    func optionals() throws {
        #expect(try json([nil, 1]).decode([Int?].self) == [nil, 1])
        #expect(try json(["a": nil]).decode([String: Int?].self) == ["a": nil])
        #expect(try JSONValue(encoding: Int?.none) == nil)
        #expect(try json("x").decode(String.self) == "x")
        #expect(try JSONValue(encoding: [Float(0.1)]).serialized() == "[0.1]")
    }

    @Test("Classes encode their parent's part through a super encoder")
    func superEncoder() throws {
        final class Child: Codable {
            let value: Int
            init(_ value: Int) { self.value = value }
            enum Keys: String, CodingKey { case value }
            init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: Keys.self)
                value = try Int(from: container.superDecoder())
            }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Keys.self)
                try value.encode(to: container.superEncoder())
            }
        }
        let value = try JSONValue(encoding: Child(5))
        #expect(value == ["super": 5])
        #expect(try value.decode(Child.self).value == 5)
    }
}
