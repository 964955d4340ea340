import FoundationEssentials
import Testing

@testable import RunnerCommand

@Suite("Faulty configurations")
struct ConfigurationFaultTests {
    @Test(
        "A fault is named with its place, what was expected and what was found",
        arguments: [
            (
                "queue:\n  nmae: q\n",
                #"conf/headrace.yml:2:3: unknown key "queue.nmae"; did you mean "queue.name"?"#
            ),
            (
                "qeue:\n  name: q\n",
                #"conf/headrace.yml:1:1: unknown key "qeue"; did you mean "queue"?"#
            ),
            (
                "telemetry: 1\n",
                "conf/headrace.yml:1:1: unknown key \"telemetry\"; "
                    + "`headrace doctor --print-config` lists all keys"
            ),
            (
                "queue:\n  wait: 21s\n",
                "conf/headrace.yml:2:9: queue.wait must be a duration from 0s to 20s, such as 90s or 5m, "
                    + "found \"21s\""
            ),
            (
                "queue: {wait: 20}\n",
                "conf/headrace.yml:1:15: queue.wait must be a duration from 0s to 20s, such as 90s or 5m, "
                    + "found \"20\""
            ),
            (
                "queue: {name: [a, b]}\n",
                "conf/headrace.yml:1:15: queue.name must be a queue name of 1 to 80 letters, digits, - and _, "
                    + "found a list"
            ),
            (
                "queue: {name: }\n",
                "conf/headrace.yml:1:15: queue.name must be a queue name of 1 to 80 letters, digits, - and _, "
                    + "found nothing"
            ),
            ("queue: 5\n", "conf/headrace.yml:1:8: queue must be a mapping of keys to values, found \"5\""),
            ("- a\n", "conf/headrace.yml:1:1: the file must be a mapping of keys to values, found a list"),
            (
                "runner: {concurrency: many}\n",
                "conf/headrace.yml:1:23: runner.concurrency must be a whole number from 1 to 256, found \"many\""
            ),
            (
                "malformed: dead_letter\n",
                "conf/headrace.yml:1:12: malformed must be one of dead-letter, delete, leave, "
                    + "found \"dead_letter\""
            ),
            (
                "storage: {allowed_buckets: [ok-bucket, Bad]}\n",
                "conf/headrace.yml:1:28: storage.allowed_buckets must be an S3 bucket name, found \"Bad\""
            ),
            (
                "storage: {staging_prefix: results/tmp/}\n",
                "conf/headrace.yml:1:27: storage.staging_prefix does not go with storage.output_prefix: "
                    + "neither may lie below the other"
            ),
            (
                "queue: {name: q}\ndead_letter: {name: q}\n",
                "conf/headrace.yml:2:21: dead_letter.name does not go with queue.name: they must be two queues"
            ),
            ("queue: [\n", "conf/headrace.yml:2:1: not YAML: did not find expected node content"),
        ])
    func faults(text: String, expected: String) {
        #expect(message { try load(text) } == expected)
    }

    @Test("A key that stands twice is refused")
    func duplicateKey() {
        let text = message { try load("queue: {name: a}\nqueue: {name: b}\n") }
        #expect(text.contains("stands more than once"))
        #expect(text.contains("queue"))
    }

    @Test("A fault in a variable or a flag names the variable or the flag")
    func otherOrigins() {
        let fromVariable = message { try load("", environment: ["HEADRACE_RUNNER_CONCURRENCY": "0"]) }
        #expect(fromVariable.hasPrefix("$HEADRACE_RUNNER_CONCURRENCY: runner.concurrency must be"))
        let fromFlag = message {
            try load("", overrides: [ConfigurationOverride("queue.wait", "x", flag: "--wait")])
        }
        #expect(fromFlag.hasPrefix("--wait: queue.wait must be"))
    }

    @Test("A variable that is no setting is ignored with a warning that names the nearest")
    func unknownVariable() throws {
        let configuration = try load("", environment: ["HEADRACE_QUEUE_NMAE": "x", "HEADRACE_CONFIG": "y"])
        #expect(
            configuration.warnings == [
                "$HEADRACE_QUEUE_NMAE is no setting and is ignored; did you mean $HEADRACE_QUEUE_NAME?"
            ])
    }

    @Test("A file that was asked for must exist")
    func missingFile() {
        let text = message { try HeadraceConfiguration.load(file: "/nonexistent/h.yml", environment: [:]) }
        #expect(text == "/nonexistent/h.yml: the configuration file cannot be read: no such file")
        let fromVariable = message {
            try HeadraceConfiguration.load(file: nil, environment: ["HEADRACE_CONFIG": "/nonexistent/e.yml"])
        }
        #expect(fromVariable.hasPrefix("/nonexistent/e.yml: "))
    }

    @Test("A file that is not UTF-8 is refused")
    func notUTF8() throws {
        let path = TemporaryPath.fresh()
        try Data([0x71, 0xFF, 0xFE]).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = message { try HeadraceConfiguration.load(file: path, environment: [:]) }
        #expect(text == "\(path): the configuration file cannot be read: it is not UTF-8")
    }

    private func message(_ body: () throws -> HeadraceConfiguration) -> String {
        do {
            _ = try body()
            return "no error"
        } catch {
            return "\(error)"
        }
    }
}

/// Paths for files of one test.
enum TemporaryPath {
    /// A path below the temporary directory that nothing has.
    static func fresh() -> String {
        FileManager.default.temporaryDirectory.appending(path: "headrace-test-\(UUID().uuidString)").path
    }
}
