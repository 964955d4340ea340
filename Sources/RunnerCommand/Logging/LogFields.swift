import Logging
import PureJSON

/// The fields of one log line, merged and sorted.
struct LogFields {
    /// Name and value, sorted by name.
    let sorted: [(name: String, value: JSONValue)]

    /// Merges a handler's metadata, a provider's and the event's own; the later ones win.
    init(_ layers: Logger.Metadata?..., error: (any Error)? = nil) {
        var merged: Logger.Metadata = [:]
        for case let layer? in layers { merged.merge(layer) { $1 } }
        if let error, merged["error"] == nil { merged["error"] = "\(error)" }
        sorted = merged.map { ($0.key, Self.json($0.value)) }.sorted { $0.0 < $1.0 }
    }

    /// A metadata value as JSON: numbers and booleans stay what they are, all else is text.
    static func json(_ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value): json(convertible: value)
        case .array(let elements): .array(elements.map(json))
        case .dictionary(let members): .object(object(members))
        }
    }

    private static func json(convertible value: any CustomStringConvertible) -> JSONValue {
        if let flag = value as? Bool { return .bool(flag) }
        if let number = value as? any BinaryInteger, let exact = Int64(exactly: number) { return .integer(exact) }
        if let number = value as? Double { return .number(number) }
        return .string(value.description)
    }

    private static func object(_ members: Logger.Metadata) -> JSONObject {
        var object = JSONObject()
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { object[name] = json(value) }
        return object
    }
}
