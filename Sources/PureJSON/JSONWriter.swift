/// How a JSON text is laid out.
public enum JSONStyle: Sendable, Hashable {
    /// No white space, members in their order.
    case compact
    /// Two spaces a level, members in their order.
    case pretty
    /// No white space, members sorted by name: equal values give equal texts.
    case canonical
}

extension JSONValue {
    /// The value as a JSON text.
    ///
    /// Numbers that JSON cannot spell (not a number, infinite) are written as `null`.
    ///
    /// - Parameter style: the layout.
    /// - Returns: the text, without a final newline.
    public func serialized(_ style: JSONStyle = .compact) -> String {
        var writer = JSONWriter(style: style)
        writer.write(self, level: 0)
        return String(decoding: writer.output, as: UTF8.self)
    }
}

private struct JSONWriter {
    let style: JSONStyle
    var output: [UInt8] = []

    init(style: JSONStyle) { self.style = style }

    mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: append("null")
        case .bool(let flag): append(flag ? "true" : "false")
        case .integer(let number): append(String(number))
        case .number(let number): append(number.isFinite ? number.description : "null")
        case .string(let text): writeString(text)
        case .array(let elements): write(elements, level: level)
        case .object(let object): write(object, level: level)
        }
    }

    private mutating func write(_ elements: [JSONValue], level: Int) {
        guard !elements.isEmpty else { return append("[]") }
        append("[")
        for (place, element) in elements.enumerated() {
            if place > 0 { append(",") }
            breakLine(level + 1)
            write(element, level: level + 1)
        }
        breakLine(level)
        append("]")
    }

    private mutating func write(_ object: JSONObject, level: Int) {
        guard !object.isEmpty else { return append("{}") }
        let members = style == .canonical ? object.members.sorted { $0.key < $1.key } : object.members
        append("{")
        for (place, member) in members.enumerated() {
            if place > 0 { append(",") }
            breakLine(level + 1)
            writeString(member.key)
            append(style == .pretty ? ": " : ":")
            write(member.value, level: level + 1)
        }
        breakLine(level)
        append("}")
    }

    private mutating func breakLine(_ level: Int) {
        guard style == .pretty else { return }
        append("\n")
        for _ in 0..<level { append("  ") }
    }

    private mutating func writeString(_ text: String) {
        append("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): append("\\\"")
            case UInt8(ascii: "\\"): append("\\\\")
            case 0x0A: append("\\n")
            case 0x0D: append("\\r")
            case 0x09: append("\\t")
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
            default: output.append(byte)
            }
        }
        append("\"")
    }

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }
}
