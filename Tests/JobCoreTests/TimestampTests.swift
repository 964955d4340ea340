import JobCore
import Testing

@Suite("Timestamps")
struct TimestampTests {
    @Test(
        "RFC 3339 times are read",
        arguments: [
            ("1970-01-01T00:00:00Z", Int64(0)),
            ("2026-11-21T05:47:25Z", 1_795_240_045_000),
            ("2026-11-21T06:47:25+01:00", 1_795_240_045_000),
            ("2026-11-21t05:47:25.125z", 1_795_240_045_125),
            ("2024-02-29 12:00:00Z", 1_709_208_000_000),
            ("1969-12-31T23:59:59.5-00:00", -500),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ])
    func reads(text: String, milliseconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.milliseconds == milliseconds)
    }

    @Test(
        "What is not RFC 3339 is refused",
        arguments: [
            "", "2026-11-21", "2026-11-21T05:47:25", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
            "2026-11-21T24:00:00Z", "2026-11-21T05:47:25.Z", "2026-11-21T05:47:25+1:00", "2026-11-21T05:47:25Zx",
            "0000-01-01T00:00:00Z", "2026-11-21T05:47:61Z",
        ])
    func refuses(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(
        "A time is written in UTC with milliseconds", arguments: [Int64(0), 1_795_240_045_125, -1, 253_402_300_799_999])
    func writes(milliseconds: Int64) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(Timestamp(rfc3339: time.rfc3339) == time)
    }

    @Test("Differences keep their sign and their nanoseconds")
    func subtracts() {
        let time = Timestamp(seconds: 10)
        #expect((time - .nanoseconds(1)) - time == .nanoseconds(-1))
        #expect(time + .milliseconds(1_500) == Timestamp(milliseconds: 11_500))
    }
}
