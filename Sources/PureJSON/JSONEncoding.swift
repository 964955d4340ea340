/// Where a Swift value has no JSON form.
public struct JSONEncodingFailure: Error, Hashable, CustomStringConvertible {
    /// The JSON Pointer (RFC 6901) of the place; empty for the whole document.
    public let path: String
    /// What JSON can hold there.
    public let expected: String
    /// What the value is.
    public let found: String

    /// One sentence with the place.
    public var description: String {
        "at \(path.isEmpty ? "the top level" : path): expected \(expected), found \(found)"
    }
}

extension JSONValue {
    /// Encodes a Swift value.
    ///
    /// Members keep the order in which the type encodes them; a dictionary's are sorted by name, so that equal values
    /// give equal texts.
    ///
    /// - Parameter value: the value.
    /// - Throws: ``JSONEncodingFailure`` for a number that JSON cannot spell: not finite, or an integer above
    ///   9,223,372,036,854,775,807.
    public init(encoding value: some Encodable) throws(JSONEncodingFailure) {
        do {
            self = try JSONValueEncoder.box(value, at: [])
        } catch let error as EncodingError {
            guard case .invalidValue(let found, let context) = error else {
                throw JSONEncodingFailure(path: "", expected: "a value with a JSON form", found: "\(error)")
            }
            throw JSONEncodingFailure(
                path: JSONPointer.text(context.codingPath), expected: context.debugDescription, found: "\(found)")
        } catch {
            throw JSONEncodingFailure(path: "", expected: "a value with a JSON form", found: "\(error)")
        }
    }
}

extension JSONValue: Codable {
    /// Reads any JSON value.
    ///
    /// - Parameter decoder: the decoder.
    /// - Throws: `DecodingError` when the value is of no JSON type.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONValueDecoder {
            self = decoder.value
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let elements = try? container.decode([JSONValue].self) {
            self = .array(elements)
        } else {
            let members = try container.decode([String: JSONValue].self)
            var object = JSONObject()
            for key in members.keys.sorted() { object[key] = members[key] }
            self = .object(object)
        }
    }

    /// Writes the value as it is.
    ///
    /// - Parameter encoder: the encoder.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        case .bool(let flag): try flag.encode(to: encoder)
        case .integer(let number): try number.encode(to: encoder)
        case .number(let number): try number.encode(to: encoder)
        case .string(let text): try text.encode(to: encoder)
        case .array(let elements): try elements.encode(to: encoder)
        case .object(let object):
            var container = encoder.container(keyedBy: JSONCodingKey.self)
            for (key, value) in object { try container.encode(value, forKey: JSONCodingKey(key)) }
        }
    }
}
