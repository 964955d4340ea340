/// A strict RFC 8259 parser over UTF-8 bytes.
///
/// Refused: duplicate names, lone surrogates, invalid UTF-8, control characters in strings, numbers beyond a
/// double's range, anything after the value.
struct JSONParser {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var position = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func parseDocument() throws(JSONParseError) -> JSONValue {
        guard bytes.count <= limits.byteCount else {
            throw failure("expected at most \(limits.byteCount) bytes, found \(bytes.count)")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw failure("expected a value, found a byte order mark") }
        skipWhitespace()
        let value = try parseValue(depth: 0)
        skipWhitespace()
        guard position == bytes.count else { throw failure("expected the end of the text, found \(found)") }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONParseError) -> JSONValue {
        guard position < bytes.count else { throw failure("expected a value, found the end of the text") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try parseObject(depth: depth + 1)
        case UInt8(ascii: "["): return try parseArray(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseLiteral("true", .bool(true))
        case UInt8(ascii: "f"): return try parseLiteral("false", .bool(false))
        case UInt8(ascii: "n"): return try parseLiteral("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw failure("expected a value, found \(found)")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONParseError) -> JSONValue {
        try enter(depth)
        var object = JSONObject()
        skipWhitespace()
        if take(UInt8(ascii: "}")) { return .object(object) }
        while true {
            skipWhitespace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw failure("expected a member name in quotes, found \(found)")
            }
            let start = position
            let key = try parseString()
            guard object[key] == nil else {
                throw failure("the name \"\(key)\" appears twice in one object", at: start)
            }
            skipWhitespace()
            guard take(UInt8(ascii: ":")) else { throw failure("expected ':' after a member name, found \(found)") }
            skipWhitespace()
            object[key] = try parseValue(depth: depth)
            skipWhitespace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw failure("expected ',' or '}' in an object, found \(found)") }
            return .object(object)
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONParseError) -> JSONValue {
        try enter(depth)
        var elements: [JSONValue] = []
        skipWhitespace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            skipWhitespace()
            elements.append(try parseValue(depth: depth))
            skipWhitespace()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw failure("expected ',' or ']' in an array, found \(found)") }
            return .array(elements)
        }
    }

    private mutating func enter(_ depth: Int) throws(JSONParseError) {
        guard depth <= limits.depth else { throw failure("nested deeper than \(limits.depth) levels") }
        position += 1
    }

    private mutating func parseLiteral(_ text: String, _ value: JSONValue) throws(JSONParseError) -> JSONValue {
        guard bytes[position...].starts(with: text.utf8) else { throw failure("expected \(text), found \(found)") }
        position += text.utf8.count
        return value
    }

    private mutating func parseNumber() throws(JSONParseError) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        var isInteger = true
        if take(UInt8(ascii: "0")) {
            if position < bytes.count, bytes[position].isDigit { throw failure("a number must not start with 0") }
        } else {
            try takeDigits()
        }
        if take(UInt8(ascii: ".")) {
            isInteger = false
            try takeDigits()
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try takeDigits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text), text != "-0" { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw failure("the number \(text.prefix(40)) is beyond a double's range", at: start)
        }
        return .number(value)
    }

    private mutating func takeDigits() throws(JSONParseError) {
        let start = position
        while position < bytes.count, bytes[position].isDigit { position += 1 }
        guard position > start else { throw failure("expected a digit, found \(found)") }
    }

    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private var found: String {
        guard position < bytes.count else { return "the end of the text" }
        let byte = bytes[position]
        return (0x21...0x7E).contains(byte) ? "'\(Character(UnicodeScalar(byte)))'" : "byte \(byte)"
    }

    private func failure(_ reason: String, at place: Int? = nil) -> JSONParseError {
        let offset = place ?? position
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let line = before.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        return JSONParseError(reason: reason, byteOffset: offset, line: line, column: offset - lineStart + 1)
    }
}

// MARK: - Strings

extension JSONParser {
    private mutating func parseString() throws(JSONParseError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try validated(bytes[start..<position], at: start)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try parseEscapedString(from: start)
            case 0..<0x20: throw failure("a control character in a string must be written as an escape")
            default: position += 1
            }
        }
        throw failure("expected '\"' to end a string, found the end of the text")
    }

    private mutating func parseEscapedString(from start: Int) throws(JSONParseError) -> String {
        var decoded = Array(bytes[start..<position])
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try validated(decoded[...], at: start)
                position += 1
                return text
            case UInt8(ascii: "\\"): decoded.append(contentsOf: String(try parseEscape()).utf8)
            case 0..<0x20: throw failure("a control character in a string must be written as an escape")
            case let byte:
                decoded.append(byte)
                position += 1
            }
        }
        throw failure("expected '\"' to end a string, found the end of the text")
    }

    private mutating func parseEscape() throws(JSONParseError) -> UnicodeScalar {
        position += 1
        guard position < bytes.count else { throw failure("expected an escape, found the end of the text") }
        let kind = bytes[position]
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(kind)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try parseUnicodeEscape()
        default: throw failure("unknown escape", at: position - 1)
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONParseError) -> UnicodeScalar {
        let first = try parseHexQuad()
        if let scalar = UnicodeScalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
            throw failure("half of a surrogate pair")
        }
        let second = try parseHexQuad()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = UnicodeScalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { throw failure("half of a surrogate pair") }
        return scalar
    }

    private mutating func parseHexQuad() throws(JSONParseError) -> UInt32 {
        guard position + 4 <= bytes.count,
            bytes[position..<position + 4].allSatisfy({ $0.isHexDigit }),
            let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
        else { throw failure("expected four hexadecimal digits") }
        position += 4
        return value
    }

    private func validated(_ slice: ArraySlice<UInt8>, at start: Int) throws(JSONParseError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw failure("invalid UTF-8 in a string", at: start)
        }
        return text
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    fileprivate var isHexDigit: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
            || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(self)
    }
}

extension JSONValue {
    /// Parses one JSON text.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 without a byte order mark.
    ///   - limits: bounds on size and depth.
    /// - Throws: ``JSONParseError`` with the position of the first fault.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .default) throws(JSONParseError) {
        var parser = JSONParser(bytes: bytes, limits: limits)
        self = try parser.parseDocument()
    }

    /// Parses one JSON text.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - limits: bounds on size and depth.
    /// - Throws: ``JSONParseError`` with the position of the first fault.
    public init(parsing text: String, limits: JSONLimits = .default) throws(JSONParseError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}
