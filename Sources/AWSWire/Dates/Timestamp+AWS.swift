package import JobCore

/// The two date forms of AWS's HTTP protocols that are not RFC 3339.
///
/// S3's XML documents carry `Timestamp.rfc3339`.
extension Timestamp {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The form of `X-Amz-Date`, in whole seconds: `20150830T123600Z`.
    package var amzDate: String {
        let time = UTCFields(self)
        return amzDay + "T" + pad(time.hour, 2) + pad(time.minute, 2) + pad(time.second, 2) + "Z"
    }

    /// The day of a credential scope: `20150830`.
    package var amzDay: String {
        let date = UTCFields(self).date
        return pad(date.year, 4) + pad(date.month, 2) + pad(date.day, 2)
    }

    /// The form of HTTP's `Date` and `Last-Modified`, in whole seconds: `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// Source: RFC 9110, 5.6.7 (IMF-fixdate).
    package var httpDate: String {
        let time = UTCFields(self)
        let day = pad(time.date.day, 2) + " " + Self.months[time.date.month - 1] + " " + pad(time.date.year, 4)
        let clock = pad(time.hour, 2) + ":" + pad(time.minute, 2) + ":" + pad(time.second, 2)
        return Self.weekdays[time.date.weekday] + ", " + day + " " + clock + " GMT"
    }

    /// Reads `20150830T123600Z`.
    package init?(amzDate text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 16, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z") else { return nil }
        func field(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        let day = field(0..<4) + "-" + field(4..<6) + "-" + field(6..<8)
        self.init(rfc3339: day + "T" + field(9..<11) + ":" + field(11..<13) + ":" + field(13..<15) + "Z")
    }

    /// Reads an IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT`; the weekday is not checked.
    package init?(httpDate text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 29, bytes[3...4].elementsEqual(", ".utf8), bytes[25...].elementsEqual(" GMT".utf8) else {
            return nil
        }
        func field(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        guard let month = Self.months.firstIndex(of: field(8..<11)) else { return nil }
        let day = field(12..<16) + "-" + pad(month + 1, 2) + "-" + field(5..<7)
        self.init(rfc3339: day + "T" + field(17..<25) + "Z")
    }
}

private struct UTCFields {
    let date: CivilDate
    let hour: Int
    let minute: Int
    let second: Int

    init(_ moment: Timestamp) {
        let seconds = Int(moment.seconds)
        let days = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        date = CivilDate(daysSinceEpoch: days)
        hour = (seconds - days * 86_400) / 3_600
        minute = (seconds - days * 86_400) / 60 % 60
        second = (seconds - days * 86_400) % 60
    }
}

private func pad(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
