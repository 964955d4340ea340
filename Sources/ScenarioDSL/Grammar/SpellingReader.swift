/// Reads texts with spellings of their own, from left to right.
struct SpellingReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position == bytes.count }

    /// Takes a text if it comes next.
    mutating func take(_ text: StaticString) -> Bool {
        let matches = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        if matches { position += text.utf8CodeUnitCount }
        return matches
    }

    /// Up to `limit` digits.
    mutating func digits(upTo limit: Int) -> String? {
        let run = bytes[position...].prefix { (0x30...0x39).contains($0) }
        guard (1...limit).contains(run.count) else { return nil }
        position += run.count
        return String(decoding: run, as: UTF8.self)
    }

    /// Digits, and maybe a point and more digits.
    mutating func decimal(whole: Int, fraction: Int) -> Double? {
        guard var text = digits(upTo: whole) else { return nil }
        let before = position
        if take(".") {
            if let rest = digits(upTo: fraction) { text += "." + rest } else { position = before }
        }
        return Double(text)
    }

    /// One or more numbers with units, such as `1h30m`.
    mutating func duration() -> Duration? {
        var total = Duration.zero
        var isFound = false
        while !isAtEnd {
            let before = position
            guard let amount = decimal(whole: 9, fraction: 3), let milliseconds = unit() else {
                position = before
                break
            }
            total += .milliseconds(Int64((amount * milliseconds).rounded()))
            isFound = true
        }
        return isFound ? total : nil
    }

    mutating func signedDuration() -> Duration? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        return duration().map { isNegative ? .zero - $0 : $0 }
    }

    private mutating func unit() -> Double? {
        if take("ms") { return 1 }
        if take("s") { return 1_000 }
        if take("m") { return 60_000 }
        if take("h") { return 3_600_000 }
        return take("d") ? 86_400_000 : nil
    }

    var isName: Bool {
        guard let first = bytes.first, bytes.count <= 63, isLetter(first) || first == UInt8(ascii: "_") else {
            return false
        }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || [UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0) }
    }

    var isJobPattern: Bool {
        (1...128).contains(bytes.count)
            && bytes.allSatisfy { isLetter($0) || isDigit($0) || Array("._:*-".utf8).contains($0) }
    }

    var isTimestamp: Bool {
        let form = Array("0000-00-00T00:00:00Z".utf8)
        return bytes.count == form.count
            && zip(bytes, form).allSatisfy { $1 == UInt8(ascii: "0") ? isDigit($0) : $0 == $1 }
    }

    private func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}

/// Texts with units, as numbers.
package enum Quantity {
    /// A duration such as `1h30m`, to the millisecond.
    package static func duration(_ text: String) -> Duration? { whole(text) { $0.duration() } }

    /// A duration as scenario files spell it, such as `1h30m`.
    package static func spelled(_ duration: Duration) -> String {
        var rest = Int64((duration / .milliseconds(1)).rounded())
        guard rest != 0 else { return "0s" }
        var text = rest < 0 ? "-" : ""
        rest = abs(rest)
        for (unit, milliseconds) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)] {
            let (count, left) = rest.quotientAndRemainder(dividingBy: Int64(milliseconds))
            if count > 0 { text += "\(count)\(unit)" }
            rest = left
        }
        return text
    }

    /// A duration that may have a sign.
    package static func signedDuration(_ text: String) -> Duration? { whole(text) { $0.signedDuration() } }

    /// A size such as `64KiB`, in bytes.
    package static func size(_ text: String) -> Int64? {
        whole(text) { reader in
            guard let count = reader.digits(upTo: 9).flatMap({ Int64($0) }) else { return nil }
            if reader.take("KiB") { return count << 10 }
            if reader.take("MiB") { return count << 20 }
            if reader.take("GiB") { return count << 30 }
            return reader.take("B") ? count : nil
        }
    }

    /// A share such as `50%`, 0...1.
    package static func share(_ text: String) -> Double? {
        whole(text) { reader in
            if reader.take("100%") { return 1 }
            guard let percent = reader.decimal(whole: 2, fraction: 6), reader.take("%") else { return nil }
            return percent / 100
        }
    }

    /// A rate such as `20/s`, per second.
    package static func rate(_ text: String) -> Double? {
        whole(text) { reader in
            guard let count = reader.decimal(whole: 9, fraction: 3), reader.take("/") else { return nil }
            if reader.take("s") { return count }
            if reader.take("m") { return count / 60 }
            return reader.take("h") ? count / 3_600 : nil
        }
    }

    /// Numbers such as `2`, `2..4` or `1,4`; a range may run backwards.
    static func ordinals(_ text: String) -> [(first: Int, last: Int)]? {
        whole(text) { reader in
            var ranges: [(first: Int, last: Int)] = []
            repeat {
                guard let first = ordinal(&reader) else { return nil }
                guard reader.take("..") else {
                    ranges.append((first, first))
                    continue
                }
                guard let last = ordinal(&reader) else { return nil }
                ranges.append((first, last))
            } while reader.take(",")
            return ranges
        }
    }

    /// Two durations such as `-10m..+10m`; the range may run backwards.
    static func durationRange(_ text: String) -> (first: Duration, last: Duration)? {
        whole(text) { reader in
            guard let first = reader.signedDuration(), reader.take(".."), let last = reader.signedDuration() else {
                return nil
            }
            return (first, last)
        }
    }

    /// Two numbers such as `0.9..1.1`; the range may run backwards.
    static func numberRange(_ text: String) -> (first: Double, last: Double)? {
        whole(text) { reader in
            guard let first = signed(&reader), reader.take(".."), let last = signed(&reader) else { return nil }
            return (first, last)
        }
    }

    private static func ordinal(_ reader: inout SpellingReader) -> Int? {
        guard let text = reader.digits(upTo: 9), !text.hasPrefix("0") else { return nil }
        return Int(text)
    }

    private static func signed(_ reader: inout SpellingReader) -> Double? {
        let isNegative = reader.take("-")
        return reader.decimal(whole: 9, fraction: 6).map { isNegative ? -$0 : $0 }
    }

    private static func whole<Value>(_ text: String, _ read: (inout SpellingReader) -> Value?) -> Value? {
        var reader = SpellingReader(text)
        guard let value = read(&reader), reader.isAtEnd else { return nil }
        return value
    }
}
