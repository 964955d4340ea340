import JobCore

/// Numbers, times and sizes as people read them; the same on every machine, whatever its locale.
enum HumanFormat {
    /// A count with thousands apart: `7,043`.
    static func count(_ value: some BinaryInteger) -> String {
        let digits = String(value.magnitude)
        var grouped = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { grouped.append(",") }
            grouped.append(digit)
        }
        return value < 0 ? "-" + grouped : grouped
    }

    /// A size in decimal units: `967 B`, `1.2 MB`.
    static func bytes(_ value: Int64) -> String {
        guard value >= 1_000 else { return "\(value) B" }
        var scaled = Double(value) / 1_000
        for unit in ["kB", "MB", "GB"] {
            if scaled < 999.95 { return "\(decimal(scaled, places: 1)) \(unit)" }
            scaled /= 1_000
        }
        return "\(decimal(scaled, places: 1)) TB"
    }

    /// A length of time: `12 ms`, `3.4 s`, `2 min 05 s`, `1 h 02 min`, `3 d 4 h`.
    static func duration(_ value: Duration) -> String {
        let milliseconds = value.wholeMilliseconds
        switch milliseconds {
        case ..<0: return "-" + duration(.zero - value)
        case ..<1_000: return "\(milliseconds) ms"
        case ..<60_000: return "\(decimal(Double(milliseconds) / 1_000, places: 1)) s"
        case ..<3_600_000: return "\(milliseconds / 60_000) min \(padded(milliseconds / 1_000 % 60)) s"
        case ..<86_400_000: return "\(milliseconds / 3_600_000) h \(padded(milliseconds / 60_000 % 60)) min"
        default: return "\(milliseconds / 86_400_000) d \(milliseconds / 3_600_000 % 24) h"
        }
    }

    /// A number with that many digits behind the point.
    static func decimal(_ value: Double, places: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled < 9e15 else { return String(value) }
        let whole = Int64(scaled)
        let sign = value < 0 && whole > 0 ? "-" : ""
        guard places > 0 else { return sign + count(whole) }
        let digits = String(whole)
        let filled = String(repeating: "0", count: max(places + 1 - digits.count, 0)) + digits
        let point = filled.index(filled.endIndex, offsetBy: -places)
        return sign + count(Int64(filled[..<point]) ?? 0) + "." + filled[point...]
    }

    /// A share of one as per cent: `97.2 %`.
    static func percent(_ share: Double, places: Int = 1) -> String { "\(decimal(share * 100, places: places)) %" }

    /// An amount of money in whole units: `$ 1,234`.
    static func money(_ value: Double) -> String { "$ \(decimal(value, places: 0))" }

    /// A point in time to the second, in UTC: `2026-11-21 06:08:59Z`.
    static func time(_ value: Timestamp) -> String {
        let text = value.rfc3339
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))Z"
    }

    /// The time of day to the millisecond, in UTC: `06:08:59.123`.
    static func timeOfDay(_ value: Timestamp) -> String {
        let milliseconds = ((value.milliseconds % 86_400_000) + 86_400_000) % 86_400_000
        let thousandths = String(milliseconds % 1_000)
        return "\(padded(milliseconds / 3_600_000)):\(padded(milliseconds / 60_000 % 60))"
            + ":\(padded(milliseconds / 1_000 % 60))."
            + String(repeating: "0", count: 3 - thousandths.count) + thousandths
    }

    /// How long ago, roughly: `4 s ago`, `3 h ago`.
    static func age(_ value: Timestamp, now: Timestamp) -> String {
        let seconds = max(now.seconds - value.seconds, 0)
        switch seconds {
        case ..<120: return "\(seconds) s ago"
        case ..<7_200: return "\(seconds / 60) min ago"
        case ..<172_800: return "\(seconds / 3_600) h ago"
        default: return "\(seconds / 86_400) d ago"
        }
    }

    private static func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
