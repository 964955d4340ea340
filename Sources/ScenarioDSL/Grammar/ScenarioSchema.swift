package import PureJSON

/// The JSON Schema of scenario files, made from the grammar; editors check and complete with it.
package enum ScenarioSchema {
    /// The schema, draft 2020-12.
    package static let document: JSONValue = {
        var definitions: JSONObject = [
            "computed": [
                "type": "string", "pattern": "\\$\\{",
                "description":
                    "A text with `${…}`, which stands for a value of the matrix, of a variable or of the run.",
            ]
        ]
        for spelling in Spelling.allCases {
            definitions["spelled_" + spelling.rawValue] = [
                "type": "string", "pattern": .string(spelling.pattern),
                "description": .string(capitalized(spelling.expectation) + "."),
                "examples": [.string(spelling.example)],
            ]
        }
        for record in Grammar.records { definitions[record.name] = schema(of: record) }
        for kind in MatchedKind.allCases {
            for mayCompute in [false, true] {
                definitions[matcherName(kind, mayCompute)] = matcherSchema(of: kind, mayCompute: mayCompute)
            }
        }
        return .object([
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "scenario.schema.json",
            "title": "A scenario of the lab", "$ref": .string("#/$defs/" + Grammar.root),
            "$defs": .object(definitions),
        ])
    }()

    private static func schema(of record: Record) -> JSONValue {
        guard !record.variants.isEmpty else {
            return closed(record.fields, record, meaning: record.meaning, example: record.example)
        }
        let shapes = record.variants.map { variant in
            closed(record.allFields(of: variant), record, meaning: variant.head.meaning, example: variant.example)
        }
        return ["description": .string(record.meaning), "anyOf": .array(shapes)]
    }

    private static func closed(_ fields: [Field], _ record: Record, meaning: String, example: String?) -> JSONValue {
        var properties = JSONObject()
        for field in fields { properties[field.name] = schema(of: field) }
        var members: JSONObject = [
            "type": "object", "description": .string(meaning), "properties": .object(properties),
            "additionalProperties": false,
        ]
        let required = fields.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { members["required"] = .array(required) }
        if !record.needsOneOf.isEmpty {
            members["anyOf"] = .array(record.needsOneOf.map { ["required": [.string($0)]] })
        }
        return .object(members)
    }

    private static func schema(of field: Field) -> JSONValue {
        let form = schema(of: field.form, mayCompute: field.computing != .never)
        var members = form.objectValue ?? JSONObject()
        let standard = field.standard.map { " Otherwise \($0)." } ?? ""
        members["description"] = .string(field.meaning + standard)
        return .object(members)
    }

    /// The schema of a form; nested values may be computed where the whole may.
    private static func schema(of form: ValueForm, mayCompute: Bool) -> JSONValue {
        let plain = plainSchema(of: form, mayCompute: mayCompute)
        switch form {
        case .value, .text, .matcher: return plain
        default: return mayCompute ? ["anyOf": [["$ref": "#/$defs/computed"], plain]] : plain
        }
    }

    private static func plainSchema(of form: ValueForm, mayCompute: Bool) -> JSONValue {
        func nested(_ inner: ValueForm) -> JSONValue { schema(of: inner, mayCompute: mayCompute) }
        switch form {
        case .value: return .object([:])
        case .text: return ["type": "string"]
        case .spelled(let spelling): return ["$ref": .string("#/$defs/spelled_" + spelling.rawValue)]
        case .word(let vocabulary):
            return ["enum": .array(vocabulary.names.map { .string($0) })]
        case .flag: return ["type": "boolean"]
        case .integer(let range):
            var members: JSONObject = ["type": "integer", "minimum": .integer(range.lowerBound)]
            if range.upperBound != .max { members["maximum"] = .integer(range.upperBound) }
            return .object(members)
        case .number(let least):
            var members: JSONObject = ["type": "number"]
            if let least { members["minimum"] = .number(least) }
            return .object(members)
        case .list(let element, let least):
            var members: JSONObject = ["type": "array", "items": nested(element)]
            if least > 0 { members["minItems"] = .integer(Int64(least)) }
            return .object(members)
        case .pair(let element):
            return ["type": "array", "items": nested(element), "minItems": 2, "maxItems": 2]
        case .record(let name): return ["$ref": .string("#/$defs/" + name)]
        case .table(let element): return ["type": "object", "additionalProperties": nested(element)]
        case .either(let forms): return ["anyOf": .array(forms.map { nested($0) })]
        case .matcher(let kind): return ["$ref": .string("#/$defs/" + matcherName(kind, mayCompute))]
        case .version: return ["const": .integer(Grammar.version)]
        }
    }

    private static func matcherName(_ kind: MatchedKind, _ mayCompute: Bool) -> String {
        "\(mayCompute ? "computed_" : "")value_or_\(kind.recordName)"
    }

    private static func matcherSchema(of kind: MatchedKind, mayCompute: Bool) -> JSONValue {
        var forms: [JSONValue] = [
            literal(of: kind, mayCompute: mayCompute), ["$ref": .string("#/$defs/" + kind.recordName)],
        ]
        if mayCompute { forms.append(["$ref": "#/$defs/computed"]) }
        return ["anyOf": .array(forms)]
    }

    /// A value to be equal to; a mapping is always one of comparisons.
    private static func literal(of kind: MatchedKind, mayCompute: Bool) -> JSONValue {
        guard kind == .value else { return schema(of: kind.form, mayCompute: mayCompute) }
        return ["type": ["string", "number", "boolean", "null", "array"]]
    }

    private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
