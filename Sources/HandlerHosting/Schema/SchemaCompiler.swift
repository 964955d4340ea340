import JobCore
import PureJSON

/// Turns a schema document into rules, refusing what it does not know.
enum SchemaCompiler {
    private static let annotations: Set<String> = [
        "$schema", "$id", "$comment", "$defs", "title", "description", "examples", "format", "deprecated", "readOnly",
        "writeOnly",
    ]
    private static let keywords = [
        "type", "enum", "const", "required", "properties", "additionalProperties", "items", "minItems", "maxItems",
        "uniqueItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
        "pattern", "minProperties", "maxProperties", "propertyNames", "anyOf", "oneOf", "allOf", "not", "$ref",
        "default",
    ]
    private static let types: Set<String> = ["null", "boolean", "integer", "number", "string", "array", "object"]

    static func rules(_ schema: JSONValue, at pointer: String) throws(JSONSchemaFault) -> JSONSchema.Rules {
        var rules = JSONSchema.Rules()
        if let flag = schema.boolValue {
            rules.accepts = flag
            return rules
        }
        guard case .object(let object) = schema else {
            throw JSONSchemaFault(pointer: pointer, reason: "expected a schema, found \(schema.summary)")
        }
        for (keyword, value) in object where !annotations.contains(keyword) {
            try read(keyword, value, into: &rules, at: pointer + "/" + keyword)
        }
        return rules
    }

    private static func read(
        _ keyword: String, _ value: JSONValue, into rules: inout JSONSchema.Rules, at pointer: String
    ) throws(JSONSchemaFault) {
        switch keyword {
        case "type": rules.types = try typeNames(value, at: pointer)
        case "enum": rules.allowed = try array(value, at: pointer)
        case "const": rules.allowed = [value]
        case "default": rules.defaultValue = value
        case "$ref": rules.reference = try reference(value, at: pointer)
        case "pattern": rules.pattern = try pattern(value, at: pointer)
        case "required": rules.required = try strings(value, at: pointer)
        case "properties":
            guard let object = value.objectValue else { throw expected("an object", value, pointer) }
            for (name, schema) in object {
                rules.properties.append((name, try Self.rules(schema, at: pointer + "/" + name)))
            }
        case "additionalProperties":
            let inner = try Self.rules(value, at: pointer)
            rules.additional = value == true ? .allowed : value == false ? .refused : .schema(inner)
        case "propertyNames": rules.memberNames = [try Self.rules(value, at: pointer)]
        case "items": rules.items = [try Self.rules(value, at: pointer)]
        case "not": rules.not = [try Self.rules(value, at: pointer)]
        case "anyOf": rules.anyOf = try list(value, at: pointer)
        case "oneOf": rules.oneOf = try list(value, at: pointer)
        case "allOf": rules.allOf = try list(value, at: pointer)
        case "uniqueItems":
            guard let flag = value.boolValue else { throw expected("true or false", value, pointer) }
            rules.hasUniqueItems = flag
        default: try readNumber(keyword, value, into: &rules, at: pointer)
        }
    }

    private static func readNumber(
        _ keyword: String, _ value: JSONValue, into rules: inout JSONSchema.Rules, at pointer: String
    ) throws(JSONSchemaFault) {
        switch keyword {
        case "minItems": rules.counts.least = try count(value, at: pointer)
        case "maxItems": rules.counts.most = try count(value, at: pointer)
        case "minLength": rules.lengths.least = try count(value, at: pointer)
        case "maxLength": rules.lengths.most = try count(value, at: pointer)
        case "minProperties": rules.members.least = try count(value, at: pointer)
        case "maxProperties": rules.members.most = try count(value, at: pointer)
        case "minimum": rules.minimum = try number(value, at: pointer)
        case "maximum": rules.maximum = try number(value, at: pointer)
        case "exclusiveMinimum": rules.exclusiveMinimum = try number(value, at: pointer)
        case "exclusiveMaximum": rules.exclusiveMaximum = try number(value, at: pointer)
        default:
            let hint = NearestName.sentence(for: keyword, among: keywords)
            throw JSONSchemaFault(pointer: pointer, reason: "the keyword \"\(keyword)\" is not supported\(hint)")
        }
    }

    // MARK: - Values of keywords

    private static func expected(_ what: String, _ found: JSONValue, _ pointer: String) -> JSONSchemaFault {
        JSONSchemaFault(pointer: pointer, reason: "expected \(what), found \(found.summary)")
    }

    private static func number(_ value: JSONValue, at pointer: String) throws(JSONSchemaFault) -> Double {
        guard let number = value.doubleValue else { throw expected("a number", value, pointer) }
        return number
    }

    private static func count(_ value: JSONValue, at pointer: String) throws(JSONSchemaFault) -> Int {
        guard let number = value.integerValue, number >= 0 else {
            throw expected("a count of 0 or more", value, pointer)
        }
        return Int(number)
    }

    private static func array(_ value: JSONValue, at pointer: String) throws(JSONSchemaFault) -> [JSONValue] {
        guard let elements = value.arrayValue else { throw expected("an array", value, pointer) }
        return elements
    }

    private static func strings(_ value: JSONValue, at pointer: String) throws(JSONSchemaFault) -> [String] {
        var texts: [String] = []
        for element in try array(value, at: pointer) {
            guard let text = element.stringValue else { throw expected("strings", element, pointer) }
            texts.append(text)
        }
        return texts
    }

    private static func list(_ value: JSONValue, at pointer: String) throws(JSONSchemaFault) -> [JSONSchema.Rules] {
        var all: [JSONSchema.Rules] = []
        for (place, schema) in try array(value, at: pointer).enumerated() {
            all.append(try rules(schema, at: "\(pointer)/\(place)"))
        }
        guard !all.isEmpty else { throw expected("at least one schema", value, pointer) }
        return all
    }

    private static func typeNames(_ value: JSONValue, at pointer: String) throws(JSONSchemaFault) -> [String] {
        let names: [String]
        if let name = value.stringValue { names = [name] } else { names = try strings(value, at: pointer) }
        for name in names where !types.contains(name) {
            let hint = NearestName.sentence(for: name, among: types.sorted())
            throw JSONSchemaFault(pointer: pointer, reason: "\"\(name)\" is no JSON type\(hint)")
        }
        return names
    }

    private static func pattern(_ value: JSONValue, at pointer: String) throws(JSONSchemaFault) -> String {
        guard let text = value.stringValue else { throw expected("a regular expression", value, pointer) }
        do {
            _ = try Regex(text)
        } catch {
            throw JSONSchemaFault(pointer: pointer, reason: "not a regular expression: \(error)")
        }
        return text
    }

    private static func reference(_ value: JSONValue, at pointer: String) throws(JSONSchemaFault) -> String {
        guard let text = value.stringValue, text.hasPrefix("#/$defs/") else {
            throw expected("\"#/$defs/NAME\"", value, pointer)
        }
        return String(text.dropFirst("#/$defs/".count))
    }

    /// Every `$ref` must have its definition.
    static func checkReferences(in schema: JSONSchema, of document: JSONValue) throws(JSONSchemaFault) {
        try check(document, schema, at: "")
    }

    private static func check(
        _ value: JSONValue, _ schema: JSONSchema, at pointer: String
    ) throws(JSONSchemaFault) {
        switch value {
        case .array(let elements):
            for (place, element) in elements.enumerated() { try check(element, schema, at: "\(pointer)/\(place)") }
        case .object(let object):
            if let text = object["$ref"]?.stringValue, schema.definitions[String(text.dropFirst(8))] == nil {
                throw JSONSchemaFault(pointer: pointer + "/$ref", reason: "nothing is defined as \(text)")
            }
            for (key, member) in object { try check(member, schema, at: pointer + "/" + key) }
        default: break
        }
    }
}
