import JobCore
import Logging
import PureJSON

/// How one event becomes one line.
enum LogLayout: Sendable, Hashable {
    /// One JSON object: `timestamp`, `level`, `event`, then the metadata, sorted by name.
    case json
    /// Aligned text: time of day in UTC, level, event, then `name=value`.
    case pretty(isColoured: Bool)

    /// The line, without a newline; control characters are escaped in both layouts.
    func line(at time: Timestamp, level: Logger.Level, event: String, fields: LogFields) -> String {
        switch self {
        case .json: json(at: time, level: level, event: event, fields: fields)
        case .pretty(let isColoured):
            pretty(at: time, level: level, event: event, fields: fields, Palette(isOn: isColoured))
        }
    }

    private func json(at time: Timestamp, level: Logger.Level, event: String, fields: LogFields) -> String {
        var object = JSONObject()
        object["timestamp"] = .string(time.rfc3339)
        object["level"] = .string(level.rawValue)
        object["event"] = .string(event)
        let reserved: Set<String> = ["timestamp", "level", "event"]
        for (name, value) in fields.sorted { object[reserved.contains(name) ? "field_\(name)" : name] = value }
        return JSONValue.object(object).serialized()
    }

    private func pretty(
        at time: Timestamp, level: Logger.Level, event: String, fields: LogFields, _ palette: Palette
    ) -> String {
        let clock = time.rfc3339.dropFirst(11).dropLast(1)
        let word = level.rawValue.uppercased()
        let paddedWord = word + String(repeating: " ", count: max(0, 8 - word.count))
        let name = Self.printable(event)
        let padding = fields.sorted.isEmpty ? "" : String(repeating: " ", count: max(0, 26 - name.count))
        var line = "\(palette.dim(String(clock))) \(palette.paint(paddedWord, for: level)) \(name)\(padding)"
        for (name, value) in fields.sorted {
            line += " \(palette.dim("\(Self.printable(name))="))\(Self.value(value))"
        }
        return line
    }

    private static func value(_ value: JSONValue) -> String {
        guard let text = value.stringValue else { return printable(value.serialized()) }
        let isPlain = !text.isEmpty && !text.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        let shown = printable(text)
        return isPlain ? shown : "\"\(shown)\""
    }

    /// The text with everything that could move a terminal's cursor or start an escape sequence spelled out.
    private static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

private struct Palette {
    let isOn: Bool

    func dim(_ text: String) -> String { isOn ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    func paint(_ text: String, for level: Logger.Level) -> String {
        guard isOn else { return text }
        let code =
            switch level {
            case .trace, .debug: "2"
            case .info, .notice: "32"
            case .warning: "33"
            case .error: "31"
            case .critical: "1;31"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }
}
