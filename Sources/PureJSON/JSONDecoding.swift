/// Where a JSON value does not fit the Swift type that it was decoded into.
public struct JSONDecodingFailure: Error, Hashable, CustomStringConvertible {
    /// The JSON Pointer (RFC 6901) of the value; empty for the whole document.
    public let path: String
    /// What the type needs there.
    public let expected: String
    /// What is there, shortened.
    public let found: String

    /// Makes a failure.
    ///
    /// - Parameters:
    ///   - path: the JSON Pointer of the value; empty for the whole document.
    ///   - expected: what the type needs there.
    ///   - found: what is there.
    public init(path: String, expected: String, found: String) {
        self.path = path
        self.expected = expected
        self.found = found
    }

    /// One sentence with the place.
    public var description: String {
        "at \(path.isEmpty ? "the top level" : path): expected \(expected), found \(found)"
    }
}

extension JSONValue {
    /// Decodes the value into a Swift type.
    ///
    /// Integers are exact: a number with a fraction or out of the type's range is a failure. A JSON integer decodes
    /// into a floating-point type as the nearest value. Unknown members are ignored.
    ///
    /// - Parameter type: the type.
    /// - Returns: the decoded value.
    /// - Throws: ``JSONDecodingFailure`` for the first value that does not fit.
    public func decode<T: Decodable>(_ type: T.Type = T.self) throws(JSONDecodingFailure) -> T {
        do {
            return try JSONValueDecoder(value: self, codingPath: []).unbox(T.self)
        } catch let error as DecodingError {
            throw JSONDecodingFailure(error, root: self)
        } catch {
            throw JSONDecodingFailure(path: "", expected: "a value that \(T.self) accepts", found: "\(error)")
        }
    }

    /// The value in a few words, for messages to people.
    ///
    /// Strings are cut after 40 characters; arrays and objects are named by their type.
    public var summary: String {
        switch self {
        case .null: "null"
        case .bool, .integer, .number: "\(typeName) \(serialized())"
        case .string(let text):
            text.count <= 40
                ? "string \(serialized())" : "string \(JSONValue.string(text.prefix(40) + "…").serialized())"
        case .array(let elements): "array of \(elements.count)"
        case .object: "object"
        }
    }

    /// The value at a place inside this one.
    ///
    /// - Parameter pointer: a JSON Pointer (RFC 6901), such as `/inputs/0/uri`; empty for this value.
    /// - Returns: the value; `nil` when there is none.
    public func value(at pointer: String) -> JSONValue? {
        guard !pointer.isEmpty else { return self }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        var current = self
        for token in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let name = JSONPointer.unescaped(token)
            switch current {
            case .object(let object):
                guard let member = object[name] else { return nil }
                current = member
            case .array:
                guard let index = Int(name), String(index) == name, let element = current[index] else { return nil }
                current = element
            default: return nil
            }
        }
        return current
    }
}

extension JSONDecodingFailure {
    fileprivate init(_ error: DecodingError, root: JSONValue) {
        switch error {
        case .keyNotFound(let key, let context):
            let path = JSONPointer.text(context.codingPath + [key])
            self.init(path: path, expected: "a value", found: "nothing")
        case .valueNotFound(_, let context), .typeMismatch(_, let context), .dataCorrupted(let context):
            if let failure = context.underlyingError as? JSONDecodingFailure {
                self = failure
                return
            }
            let path = JSONPointer.text(context.codingPath)
            let found = root.value(at: path)?.summary ?? "nothing"
            self.init(path: path, expected: "another value (\(context.debugDescription))", found: found)
        @unknown default:
            self.init(path: "", expected: "another value", found: "\(error)")
        }
    }
}

/// Spelling of places inside a document, as RFC 6901 has it.
enum JSONPointer {
    static func text(_ path: [any CodingKey]) -> String {
        path.map { "/" + escaped($0.intValue.map(String.init) ?? $0.stringValue) }.joined()
    }

    static func escaped(_ name: String) -> String {
        var text = ""
        for character in name.unicodeScalars {
            switch character {
            case "~": text += "~0"
            case "/": text += "~1"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }

    static func unescaped(_ token: Substring) -> String {
        guard token.utf8.contains(UInt8(ascii: "~")) else { return String(token) }
        var text = ""
        var pending = false
        for character in token.unicodeScalars {
            switch (pending, character) {
            case (true, "0"): text += "~"
            case (true, "1"): text += "/"
            case (true, _):
                text += "~"
                text.unicodeScalars.append(character)
            case (false, "~"):
                pending = true
                continue
            case (false, _): text.unicodeScalars.append(character)
            }
            pending = false
        }
        return pending ? text + "~" : text
    }
}

/// A key made at run time: a member's name or an element's index.
struct JSONCodingKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) {
        stringValue = name
        intValue = nil
    }

    init(index: Int) {
        stringValue = String(index)
        intValue = index
    }

    init?(stringValue: String) { self.init(stringValue) }

    init?(intValue: Int) { self.init(index: intValue) }
}
