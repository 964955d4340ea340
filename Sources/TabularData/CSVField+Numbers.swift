extension CSVField {
    /// The field as a whole number in decimal digits with an optional sign, or nil.
    public var integer: Int64? {
        var index = 0
        var isNegative = false
        if count > 0, self[0] == UInt8(ascii: "-") || self[0] == UInt8(ascii: "+") {
            isNegative = self[0] == UInt8(ascii: "-")
            index = 1
        }
        guard index < count else { return nil }
        var value: Int64 = 0
        while index < count {
            let digit = Int64(self[index]) - 48
            guard digit >= 0, digit <= 9 else { return nil }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (next, overran) =
                isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            if overflowed || overran { return nil }
            value = next
            index += 1
        }
        return value
    }

    /// The field as a decimal number with `.` as its point and an optional exponent, rounded to nearest, or nil.
    ///
    /// Neither `inf` and `nan` nor hexadecimal, grouped or padded numbers are taken.
    public var decimal: Double? {
        var index = 0
        var isNegative = false
        if count > 0, self[0] == UInt8(ascii: "-") || self[0] == UInt8(ascii: "+") {
            isNegative = self[0] == UInt8(ascii: "-")
            index = 1
        }
        var significand: UInt64 = 0
        var digits = 0
        var scale = 0
        var seen = false
        var afterPoint = false
        scan: while index < count {
            let byte = self[index]
            switch byte {
            case 48...57:
                seen = true
                if digits > 0 || byte != 48 { digits += 1 }
                if digits <= 19 { significand = significand &* 10 &+ UInt64(byte - 48) }
                if afterPoint { scale -= 1 }
            case UInt8(ascii: ".") where !afterPoint:
                afterPoint = true
            default:
                break scan
            }
            index += 1
        }
        guard seen else { return nil }
        if index < count {
            guard self[index] | 0x20 == UInt8(ascii: "e"), index + 1 < count else { return nil }
            guard let exponent = slice(index + 1, count).integer, abs(exponent) < 10_000 else { return nil }
            scale += Int(exponent)
        }
        // Exact when both factors are: a significand below 2^53 and a power of ten up to 10^22 (Clinger).
        if digits <= 15, scale >= -22, scale <= 22 {
            let value = Double(significand)
            let scaled = scale < 0 ? value / powersOfTen[-scale] : value * powersOfTen[scale]
            return isNegative ? -scaled : scaled
        }
        guard let value = Double(string), value.isFinite else { return nil }
        return value
    }
}

/// The powers of ten that a Double holds exactly.
let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
]
