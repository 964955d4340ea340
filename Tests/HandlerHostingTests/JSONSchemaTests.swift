import PureJSON
import Testing

@testable import HandlerHosting

@Suite("JSON Schema")
struct JSONSchemaTests {
    static let schema: JSONValue = [
        "type": "object", "required": ["name"], "additionalProperties": false,
        "properties": [
            "name": ["type": "string", "minLength": 2, "maxLength": 4, "pattern": "^[a-z]+$"],
            "rows": ["type": "integer", "minimum": 1, "exclusiveMaximum": 10],
            "mode": ["enum": ["fast", "exact"]], "one": ["const": 1],
            "list": ["type": "array", "items": ["type": "number"], "maxItems": 2, "uniqueItems": true],
            "target": ["oneOf": [["type": "string"], ["type": "object", "required": ["inline"]]]],
            "free": ["type": "object", "additionalProperties": ["type": "boolean"]],
            "tree": ["$ref": "#/$defs/tree"], "not": ["not": ["type": "null"]],
        ],
        "$defs": ["tree": ["type": "array", "items": ["$ref": "#/$defs/tree"]]],
    ]

    @Test(
        "What fits has no mismatch",
        arguments: [
            ["name": "ab"], ["name": "abcd", "rows": 1], ["name": "ab", "rows": 2.0], ["name": "ab", "mode": "fast"],
            ["name": "ab", "list": [1, 2.5]], ["name": "ab", "target": "x"], ["name": "ab", "target": ["inline": nil]],
            ["name": "ab", "free": ["a": true]], ["name": "ab", "tree": [[], [[]]]], ["name": "ab", "one": 1.0],
        ] as [JSONValue])
    func fits(_ value: JSONValue) throws {
        #expect(try JSONSchema(Self.schema).mismatch(of: value) == nil)
    }

    @Test(
        "What does not fit is named with its place",
        arguments: [
            ([], "", "expected object, found array of 0"), ([:], "/name", "expected a value, found nothing"),
            (["name": "a"], "/name", "expected at least 2 characters, found 1"),
            (["name": "abcde"], "/name", "expected at most 4 characters, found 5"),
            (["name": "AB"], "/name", "expected a text that matches ^[a-z]+$, found string \"AB\""),
            (["name": "ab", "rows": 0], "/rows", "expected at least 1, found integer 0"),
            (["name": "ab", "rows": 10], "/rows", "expected less than 10, found integer 10"),
            (["name": "ab", "rows": 1.5], "/rows", "expected integer, found number 1.5"),
            (
                ["name": "ab", "mode": "fats"], "/mode",
                "expected one of \"fast\", \"exact\", found string \"fats\"; did you mean \"fast\"?"
            ),
            (["name": "ab", "list": [1, 2, 3]], "/list", "expected at most 2 elements, found 3"),
            (["name": "ab", "list": [1, 1]], "/list", "expected elements that all differ"),
            (["name": "ab", "list": [1, "x"]], "/list/1", "expected number, found string \"x\""),
            (["name": "ab", "target": [:]], "/target/inline", "expected a value, found nothing"),
            (["name": "ab", "free": ["a": 1]], "/free/a", "expected boolean, found integer 1"),
            (["name": "ab", "row": 1], "/row", "no such member is known; did you mean \"rows\"?"),
            (["name": "ab", "tree": [[1]]], "/tree/0/0", "expected array, found integer 1"),
            (["name": "ab", "not": nil], "/not", "expected another value, found null"),
        ] as [(JSONValue, String, String)])
    func mismatches(_ value: JSONValue, _ pointer: String, _ reason: String) throws {
        let mismatch = try JSONSchema(Self.schema).mismatch(of: value)
        #expect(mismatch == JSONSchemaMismatch(pointer: pointer, reason: reason))
    }

    @Test(
        "A schema with something unknown or impossible is refused, not half applied",
        arguments: [
            (["minimun": 1], "/minimun", "the keyword \"minimun\" is not supported; did you mean \"minimum\"?"),
            (["type": "int"], "/type", "\"int\" is no JSON type"),
            (
                ["properties": ["a": ["minLength": -1]]], "/properties/a/minLength",
                "expected a count of 0 or more, found integer -1"
            ),
            (["items": 5], "/items", "expected a schema, found integer 5"),
            (["$ref": "#/$defs/x"], "/$ref", "nothing is defined as #/$defs/x"),
            (["anyOf": []], "/anyOf", "expected at least one schema, found array of 0"),
        ] as [(JSONValue, String, String)])
    func badSchemas(_ schema: JSONValue, _ pointer: String, _ reason: String) {
        let fault = #expect(throws: JSONSchemaFault.self) { try JSONSchema(schema) }
        #expect(fault == JSONSchemaFault(pointer: pointer, reason: reason))
    }

    @Test("A pattern that is no regular expression is refused")
    func badPattern() {
        let fault = #expect(throws: JSONSchemaFault.self) { try JSONSchema(["pattern": "("]) }
        #expect(fault?.reason.hasPrefix("not a regular expression") ?? false)
    }

    @Test("Defaults fill what is absent and leave what is there")
    func defaults() throws {
        let schema = try JSONSchema(["properties": ["a": ["default": 1], "b": ["default": 2], "c": [:]]])
        #expect(schema.addingDefaults(to: ["b": 5]) == ["b": 5, "a": 1])
    }

    @Test("A reference to itself ends instead of running for ever")
    func endless() throws {
        let schema = try JSONSchema(["$ref": "#/$defs/a", "$defs": ["a": ["$ref": "#/$defs/a"]]])
        #expect(schema.mismatch(of: 1)?.reason == "nested deeper than 128 levels")
    }
}
