import JobCore
import Testing

@testable import RunnerCommand

@Suite("Human format")
struct HumanFormatTests {
    @Test(
        "Lengths of time read naturally",
        arguments: [
            (Duration.milliseconds(0), "0 ms"), (.milliseconds(999), "999 ms"), (.milliseconds(1_000), "1.0 s"),
            (.milliseconds(59_949), "59.9 s"), (.seconds(125), "2 min 05 s"), (.seconds(3_720), "1 h 02 min"),
            (.seconds(4 * 86_400 + 7_200), "4 d 2 h"), (.seconds(-3), "-3.0 s"),
        ])
    func durations(value: Duration, expected: String) { #expect(HumanFormat.duration(value) == expected) }

    @Test(
        "Sizes are in decimal units",
        arguments: [
            (Int64(0), "0 B"), (999, "999 B"), (1_000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
            (134_800_000, "134.8 MB"), (5_368_709_120, "5.4 GB"),
        ])
    func sizes(value: Int64, expected: String) { #expect(HumanFormat.bytes(value) == expected) }

    @Test(
        "Numbers keep thousands apart and round half away from zero",
        arguments: [
            (0.0, 1, "0.0"), (1_234.567, 2, "1,234.57"), (-1_234.5, 0, "-1,235"), (0.05, 1, "0.1"), (-0.04, 1, "0.0"),
        ])
    func decimals(value: Double, places: Int, expected: String) {
        #expect(HumanFormat.decimal(value, places: places) == expected)
    }

    @Test("A number that is none is a dash")
    func notANumber() { #expect(HumanFormat.decimal(.nan, places: 2) == "-") }

    @Test(
        "Counts keep thousands apart", arguments: [(7, "7"), (7_043, "7,043"), (1_000_000, "1,000,000"), (-12, "-12")])
    func counts(value: Int, expected: String) { #expect(HumanFormat.count(value) == expected) }

    @Test("The time of day has milliseconds")
    func timeOfDay() throws {
        let time = try #require(Timestamp(rfc3339: "2026-11-21T06:08:59.007Z"))
        #expect(HumanFormat.timeOfDay(time) == "06:08:59.007")
        #expect(HumanFormat.time(time) == "2026-11-21 06:08:59Z")
    }
}
