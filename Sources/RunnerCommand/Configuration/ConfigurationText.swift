import JobCore

/// Readers and writers of values as they stand in the file, in variables and in flags.
enum ConfigurationText {
    /// Reads a duration such as `300s`, `5m`, `1h30m`, `4d` or `250ms`; `nil` for anything else.
    ///
    /// A bare number is refused, except `0`: its unit would be a guess.
    static func duration(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        var rest = Substring(text)
        var total = Duration.zero
        guard !rest.isEmpty, rest.utf8.count <= 40 else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard digits.count <= 9, let number = Int64(digits), let milliseconds = millisecondsPerUnit[String(unit)]
            else { return nil }
            total += .milliseconds(number * milliseconds)
        }
        return total
    }

    private static let millisecondsPerUnit: [String: Int64] = [
        "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]

    /// Writes a duration with the largest unit that keeps it whole, such as `5m` or `90s`.
    static func text(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        guard milliseconds != 0 else { return "0s" }
        let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)]
        let unit = units.first { milliseconds % $0.1 == 0 } ?? ("ms", 1)
        return "\(milliseconds / unit.1)\(unit.0)"
    }

    /// Splits a list that was given as one text.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }
    }

    /// A found value for a message, quoted and cut to 60 characters.
    static func quoted(_ text: String) -> String {
        text.count > 60 ? "\"\(text.prefix(57))…\"" : "\"\(text)\""
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = text.drop(while: isBlank)
        return String(start.reversed().drop(while: isBlank).reversed())
    }
}
