package import PureJSON

/// A compiled JSON Schema: the part of draft 2020-12 that parameters need.
///
/// Keywords: `type enum const required properties additionalProperties items minItems maxItems uniqueItems minimum
/// maximum exclusiveMinimum exclusiveMaximum minLength maxLength pattern minProperties maxProperties propertyNames anyOf
/// oneOf allOf not $ref` (to `#/$defs/NAME`) and the annotations. Any other keyword is a fault of the schema, not ignored.
package struct JSONSchema: Sendable {
    indirect enum Additional: Sendable {
        case allowed
        case refused
        case schema(Rules)
    }

    /// What one schema object asks for.
    struct Rules: Sendable {
        var accepts: Bool = true
        var types: [String] = []
        var allowed: [JSONValue]?
        var required: [String] = []
        var properties: [(name: String, rules: Rules)] = []
        var additional: Additional = .allowed
        /// What every member's name must be, as a text.
        var memberNames: [Rules] = []
        var items: [Rules] = []
        var counts = Bounds()
        var lengths = Bounds()
        var members = Bounds()
        var minimum: Double?
        var maximum: Double?
        var exclusiveMinimum: Double?
        var exclusiveMaximum: Double?
        var hasUniqueItems = false
        var pattern: String?
        var anyOf: [Rules] = []
        var oneOf: [Rules] = []
        var allOf: [Rules] = []
        var not: [Rules] = []
        var reference: String?
        var defaultValue: JSONValue?
    }

    /// A count's smallest and largest value.
    struct Bounds: Sendable {
        var least: Int?
        var most: Int?
    }

    let root: Rules
    let definitions: [String: Rules]

    /// Compiles a schema.
    package init(_ value: JSONValue) throws(JSONSchemaFault) {
        var definitions: [String: Rules] = [:]
        for (name, schema) in value["$defs"]?.objectValue ?? JSONObject() {
            definitions[name] = try SchemaCompiler.rules(schema, at: "/$defs/\(name)")
        }
        root = try SchemaCompiler.rules(value, at: "")
        self.definitions = definitions
        try SchemaCompiler.checkReferences(in: self, of: value)
    }

    /// An object with the defaults of the schema's own properties where it has no member of that name.
    package func addingDefaults(to object: JSONObject) -> JSONObject {
        var object = object
        for (name, rules) in root.properties where object[name] == nil {
            if let value = rules.defaultValue { object[name] = value }
        }
        return object
    }
}

/// Why a schema cannot be used.
package struct JSONSchemaFault: Error, Hashable {
    /// The JSON Pointer inside the schema.
    package var pointer: String
    /// What was expected and found.
    package var reason: String
}
