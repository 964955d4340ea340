import JobCore
import Testing

@testable import RunnerCommand

@Suite("Queue checks")
struct QueueChecksTests {
    private func attributes(
        maxReceives: Int? = 3, deadLetters: String? = "headrace-jobs-dlq", retention: Duration = .seconds(345_600),
        visible: Int = 0
    ) -> QueueAttributes {
        QueueAttributes(
            visibilityTimeout: .seconds(300), maximumMessageSize: 1_048_576, maxReceiveCount: maxReceives,
            deadLetterQueueName: deadLetters, retention: retention, visibleCount: visible, inFlightCount: 0,
            delayedCount: 0)
    }

    @Test("A queue as `headrace queue create` makes it is fine")
    func good() {
        let findings = QueueChecks.findings(attributes(), settings: HeadraceConfiguration(), longestTimeout: nil)
        #expect(findings.map(\.severity) == [.ok])
    }

    @Test(
        "Each misconfiguration is a warning with its fix",
        arguments: [
            (nil, "headrace-jobs-dlq", "queue create"), (1, "headrace-jobs-dlq", "maxReceiveCount"),
            (3, "other-dlq", "dead_letter.name"),
        ])
    func misconfigured(maxReceives: Int?, deadLetters: String, fix: String) {
        let findings = QueueChecks.findings(
            attributes(maxReceives: maxReceives, deadLetters: deadLetters), settings: HeadraceConfiguration(),
            longestTimeout: nil)
        let warning = findings.first { $0.severity == .warning }
        #expect(warning?.fix?.contains(fix) == true)
    }

    @Test("A dead-letter queue that forgets sooner than the queue is a warning")
    func retention() {
        let findings = QueueChecks.deadLetterFindings(
            attributes(retention: .seconds(60)), source: attributes(), settings: HeadraceConfiguration())
        #expect(findings.map(\.severity) == [.ok, .warning])
    }

    @Test("More than five dead letters are a warning", arguments: [(5, Finding.Severity.ok), (6, .warning)])
    func depth(count: Int, severity: Finding.Severity) {
        let findings = QueueChecks.deadLetterFindings(
            attributes(visible: count), source: nil, settings: HeadraceConfiguration())
        #expect(findings.first?.severity == severity)
    }
}

@Suite("Findings")
struct FindingTests {
    @Test("Configuration errors decide the exit code before unreachable ones")
    func status() {
        let unreachable = Finding.error("queue", CommandFailure(.unreachable, "down"))
        let wrong = Finding.error("handlers", CommandFailure(.configuration, "none"))
        #expect([Finding.ok("a", "b")].status == .ok)
        #expect([unreachable].status == .unreachable)
        #expect([unreachable, wrong].status == .configuration)
    }

    @Test("Each finding is a line, its fix below it")
    func text() {
        let out = ConsoleStream(capturingFor: .plain)
        let console = Console(out: out, err: out, writesJSON: false)
        [
            Finding.ok("configuration", "headrace.yml"),
            Finding.error("queue", CommandFailure(.unreachable, "nobody answers", next: "Start it.")),
        ].show(on: console)
        #expect(
            out.captured == """
                ok       configuration  headrace.yml
                error    queue          nobody answers
                                        fix: Start it.

                1 error, 0 warnings

                """)
    }
}
