/// Numbers as decimal text, the same on every machine and in every locale.
public enum DecimalText {
    /// A number with a fixed count of decimals, such as `0.250`; empty when it is not finite.
    ///
    /// - Parameters:
    ///   - number: The number, rounded to nearest, halves away from zero.
    ///   - places: How many decimals, 0...9.
    /// - Returns: ASCII text with `.` as the point.
    public static func fixed(_ number: Double, places: Int) -> String {
        var bytes: [UInt8] = []
        append(number, places: places) { bytes.append($0) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A number with at most a count of decimals and no zeros at the end, such as `0.25`; empty when not finite.
    ///
    /// - Parameters:
    ///   - number: The number, rounded to nearest, halves away from zero.
    ///   - places: How many decimals at most, 0...9.
    /// - Returns: ASCII text with `.` as the point.
    public static func trimmed(_ number: Double, places: Int) -> String {
        let text = fixed(number, places: places)
        guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
        let end = text.utf8.lastIndex { $0 != UInt8(ascii: "0") } ?? text.startIndex
        let kept = text.utf8[end] == UInt8(ascii: ".") ? text[..<end] : text[...end]
        return kept == "-0" ? "0" : String(kept)
    }

    /// Gives the digits of a whole number one by one.
    public static func append(_ number: Int, to sink: (UInt8) -> Void) {
        if number < 0 { sink(UInt8(ascii: "-")) }
        appendDigits(UInt64(number.magnitude), atLeast: 1, to: sink)
    }

    /// Gives the characters of a number with a fixed count of decimals one by one; none when it is not finite.
    ///
    /// - Parameters:
    ///   - number: The number, rounded to nearest, halves away from zero.
    ///   - places: How many decimals, 0...9.
    ///   - sink: Receives ASCII characters.
    public static func append(_ number: Double, places: Int, to sink: (UInt8) -> Void) {
        guard number.isFinite else { return }
        let places = min(max(places, 0), 9)
        let scaled = (number.magnitude * powersOfTen[places]).rounded(.toNearestOrAwayFromZero)
        guard scaled < 9e18 else {
            for byte in "\(number)".utf8 { sink(byte) }
            return
        }
        let units = UInt64(scaled)
        if number < 0, units > 0 { sink(UInt8(ascii: "-")) }
        let unit = UInt64(powersOfTen[places])
        appendDigits(units / unit, atLeast: 1, to: sink)
        guard places > 0 else { return }
        sink(UInt8(ascii: "."))
        appendDigits(units % unit, atLeast: places, to: sink)
    }

    private static func appendDigits(_ number: UInt64, atLeast width: Int, to sink: (UInt8) -> Void) {
        var divisor: UInt64 = 1
        var digits = 1
        while digits < width || number / divisor >= 10 {
            divisor *= 10
            digits += 1
        }
        while divisor > 0 {
            sink(UInt8(48 + number / divisor % 10))
            divisor /= 10
        }
    }
}
