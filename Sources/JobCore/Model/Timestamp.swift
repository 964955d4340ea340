/// A point in wall time, as nanoseconds since 1970-01-01T00:00:00Z, from year 1 to year 9999.
package struct Timestamp: Sendable, Hashable, Comparable {
    /// Nanoseconds since the Unix epoch; negative before it.
    package let nanoseconds: Int128

    /// Makes a timestamp from nanoseconds since the Unix epoch.
    package init(nanoseconds: Int128) { self.nanoseconds = nanoseconds }

    /// Makes a timestamp from whole seconds since the Unix epoch.
    package init(seconds: Int64) { nanoseconds = Int128(seconds) * 1_000_000_000 }

    /// Makes a timestamp from milliseconds since the Unix epoch.
    package init(milliseconds: Int64) { nanoseconds = Int128(milliseconds) * 1_000_000 }

    /// Whole milliseconds since the Unix epoch, rounded down.
    package var milliseconds: Int64 { Int64(Self.floorDivide(nanoseconds, 1_000_000)) }

    /// Whole seconds since the Unix epoch, rounded down.
    package var seconds: Int64 { Int64(Self.floorDivide(nanoseconds, 1_000_000_000)) }

    /// The earlier of two points in time is the lesser.
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The point in time that much later.
    package static func + (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds + right.wholeNanoseconds)
    }

    /// The point in time that much earlier.
    package static func - (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds - right.wholeNanoseconds)
    }

    /// The time from the right to the left.
    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        let difference = left.nanoseconds - right.nanoseconds
        return Duration(
            secondsComponent: Int64(difference / 1_000_000_000),
            attosecondsComponent: Int64(difference % 1_000_000_000) * 1_000_000_000)
    }

    static func floorDivide(_ dividend: Int128, _ divisor: Int128) -> Int128 {
        let quotient = dividend / divisor
        return dividend % divisor < 0 ? quotient - 1 : quotient
    }
}

extension Duration {
    /// The duration in nanoseconds, rounded towards zero.
    package var wholeNanoseconds: Int128 {
        let (seconds, attoseconds) = components
        return Int128(seconds) * 1_000_000_000 + Int128(attoseconds / 1_000_000_000)
    }

    /// The duration in milliseconds, rounded towards zero.
    package var wholeMilliseconds: Int64 { Int64(wholeNanoseconds / 1_000_000) }

    /// The duration in milliseconds with three decimals.
    package var milliseconds: Double { Double(wholeNanoseconds / 1_000) / 1_000 }

    /// The duration in seconds, as a double.
    package var fractionalSeconds: Double { Double(wholeNanoseconds) / 1e9 }

    /// The duration in whole seconds, rounded up: never shorter than asked.
    package var secondsRoundedUp: Int64 {
        let whole = wholeNanoseconds
        return Int64((whole + (whole > 0 ? 999_999_999 : 0)) / 1_000_000_000)
    }
}
