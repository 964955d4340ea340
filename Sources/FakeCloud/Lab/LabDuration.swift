internal import PureJSON

/// Lengths of time as testers write them: `250ms`, `90s`, `15m`, `1h30m`, `14d`, or seconds as a number.
package enum LabDuration {
    private static let units: [String: Int64] = [
        "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]
    /// A century; beyond it times leave the range of the store.
    private static let limitMilliseconds: Int64 = 100 * 365 * 86_400_000

    /// Reads a text, with a sign in front or not; `nil` when it is none or longer than a century.
    package static func read(_ text: String) -> Duration? {
        let isNegative = text.hasPrefix("-")
        var rest = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard !rest.isEmpty else { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let number = Double(digits), let milliseconds = units[String(unit)] else { return nil }
            total += number * Double(milliseconds)
        }
        guard total <= Double(limitMilliseconds) else { return nil }
        return .milliseconds(Int64(isNegative ? -total : total))
    }

    /// Reads a text or a number of seconds.
    static func read(_ value: JSONValue?) -> Duration? {
        if let text = value?.stringValue { return read(text) }
        guard let seconds = value?.doubleValue, seconds.magnitude * 1_000 <= Double(limitMilliseconds) else {
            return nil
        }
        return .milliseconds(Int64(seconds * 1_000))
    }

    /// What a length of time may look like.
    static let hint = "a length of time such as \"250ms\", \"15m\" or \"14d\""
}
