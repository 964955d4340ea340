import JobCore
import Testing

@testable import RunnerCommand

@Suite("Values of the configuration")
struct ConfigurationTextTests {
    @Test(
        "A duration is whole numbers with units",
        arguments: [
            ("300s", 300_000), ("5m", 300_000), ("24h", 86_400_000), ("4d", 345_600_000), ("250ms", 250),
            ("1h30m", 5_400_000), ("0", 0), ("0s", 0),
        ])
    func durations(text: String, milliseconds: Int64) {
        #expect(ConfigurationText.duration(text) == .milliseconds(milliseconds))
    }

    @Test(
        "Anything else is no duration",
        arguments: ["", "300", "s", "-5s", "1.5h", "5 m", "5M", "5x", "9999999999999s", "٣s", "5m 1s", "0x5s"])
    func notDurations(text: String) {
        #expect(ConfigurationText.duration(text) == nil)
    }

    @Test(
        "A duration is written with the largest unit that keeps it whole",
        arguments: [(90_000, "90s"), (300_000, "5m"), (86_400_000, "1d"), (1_500, "1500ms"), (0, "0s")])
    func written(milliseconds: Int64, expected: String) {
        #expect(ConfigurationText.text(.milliseconds(milliseconds)) == expected)
    }

    @Test("A list in one text is split at commas and trimmed")
    func list() {
        #expect(ConfigurationText.list(" a, b ,,c") == ["a", "b", "c"])
    }

    @Test(
        "The nearest name is one that differs little",
        arguments: [
            ("queue.nmae", "queue.name"), ("queue.visbility", "queue.visibility"), ("malfromed", "malformed"),
        ])
    func nearest(typed: String, expected: String) {
        #expect(NearestName.of(typed, among: ConfigurationSetting.all.map(\.key)) == expected)
    }

    @Test("A name that is like no other has no nearest")
    func noNearest() {
        #expect(NearestName.of("telemetry", among: ConfigurationSetting.all.map(\.key)) == nil)
    }

    @Test("Edits are counted", arguments: [("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "axc", 1)])
    func distances(left: String, right: String, expected: Int) {
        #expect(NearestName.distance(Array(left.utf8), Array(right.utf8)) == expected)
    }

    @Test("Every key has one variable, and no two keys share one")
    func variables() {
        let variables = ConfigurationSetting.all.map { ConfigurationSetting.variable(for: $0.key) }
        #expect(Set(variables).count == ConfigurationSetting.all.count)
        #expect(ConfigurationSetting.variable(for: "aws.endpoint_url_s3") == "HEADRACE_AWS_ENDPOINT_URL_S3")
    }

    @Test("Handlers are looked for beside the executable")
    func handlersDirectory() {
        let directory = ConfigurationDefaults.handlersDirectory
        #expect(directory.hasPrefix("/"))
        #expect(directory.hasSuffix("/handlers"))
    }
}
