package import PureJSON

/// A value that is known, or that the run brings.
package enum Computed<Value: Sendable & Hashable>: Sendable, Hashable {
    /// It is known.
    case value(Value)
    /// It is worked out when it is needed.
    case expression(Expression)
}

/// Any value, parts of which the run may bring.
package indirect enum ValueTemplate: Sendable, Hashable {
    /// A member of a mapping.
    package struct Member: Sendable, Hashable {
        package var name: String
        package var value: ValueTemplate
    }

    /// It is known.
    case value(JSONValue)
    /// The value of an expression, with its type.
    case expression(Expression)
    /// A text with `${…}` in it.
    case text(TextTemplate)
    /// Values in order, at least one of which is not known.
    case list([ValueTemplate])
    /// A mapping, at least one of whose values is not known.
    case mapping([Member])

    /// The value in a scope.
    package func value(in scope: some ExpressionScope) throws(ExpressionFault) -> JSONValue {
        switch self {
        case .value(let value): return value
        case .expression(let expression): return try expression.value(in: scope)
        case .text(let template): return .string(try template.text(in: scope))
        case .list(let elements):
            var values: [JSONValue] = []
            for element in elements { values.append(try element.value(in: scope)) }
            return .array(values)
        case .mapping(let members):
            var object = JSONObject()
            for member in members { object[member.name] = try member.value.value(in: scope) }
            return .object(object)
        }
    }
}

/// Names with `*` for any characters, as scenario files write them.
package enum Wildcard {
    /// Whether a text fits a pattern.
    package static func fits(_ text: String, _ pattern: String) -> Bool {
        let text = Array(text.utf8)
        let pattern = Array(pattern.utf8)
        let star = UInt8(ascii: "*")
        var place = 0
        var at = 0
        var retry: (pattern: Int, text: Int)?
        while place < text.count {
            if at < pattern.count, pattern[at] == star {
                retry = (at + 1, place)
                at += 1
            } else if at < pattern.count, pattern[at] == text[place] {
                at += 1
                place += 1
            } else if let last = retry {
                retry = (last.pattern, last.text + 1)
                at = last.pattern
                place = last.text + 1
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == star }
    }
}
