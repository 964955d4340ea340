import Glibc
import PureJSON
import Testing

@testable import HandlerCheck

@Suite("Reports of a check")
struct ReportTests {
    private static let report: CheckReport = {
        var report = CheckReport(path: "my handlers/it's", seed: 7)
        (report.name, report.version) = ("lines", "1.0.0")
        let verdicts: [Verdict] = [.passed(), .warned("a < b"), .failed("\"x\" & \u{1}\ny"), .skipped("no inputs")]
        report.results = verdicts.enumerated().map { place, verdict in
            CaseResult(
                id: "contract.case-\(place)", phase: .contract, title: "Case \(place)", verdict: verdict,
                duration: .milliseconds(1_250))
        }
        return report
    }()

    @Test("The command that runs a case again survives a shell")
    func reproduction() {
        #expect(
            Self.report.reproduction(of: Self.report.results[2])
                == #"headrace handler check 'my handlers/it'\''s' --only contract.case-2 --seed 7"#)
    }

    @Test("JSON has counts, verdicts, and commands where something is wrong")
    func json() throws {
        let json = Self.report.json
        #expect(json["failed"] == 1 && json["warned"] == 1 && json["passed"] == 1 && json["skipped"] == 1)
        let cases = try #require(json["cases"]?.arrayValue)
        #expect(cases.map { $0["verdict"]?.stringValue } == ["passed", "warned", "failed", "skipped"])
        #expect(cases.map { $0["reproduce"] != nil } == [false, true, true, false])
        #expect(json["milliseconds"] == 5_000)
    }

    @Test("JUnit text is escaped, and has no character that XML forbids")
    func junit() {
        let text = Self.report.junit
        #expect(text.contains("tests=\"4\" failures=\"1\" skipped=\"1\" time=\"5.000\""))
        #expect(text.contains("<failure message=\"&quot;x&quot; &amp; \u{FFFD}&#10;y\">"))
        #expect(text.contains("<system-out>warning: a &lt; b\n"))
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test("--only takes phases, cases and beginnings; a word that means nothing is told")
    func only() async throws {
        let folder = try CheckFixture.handler()
        defer { CheckFixture.remove(folder) }
        let checker = CheckFixture.checker()
        let library = try await checker.check(folder, only: ["library", "manifest.limits"])
        #expect(Set(library.results.map(\.phase)) == [.library, .manifest])
        #expect(library.results.count == 12)
        await #expect(throws: CheckFault.self) { try await checker.check(folder, only: ["libary"]) }
    }

    @Test("A broken manifest is the only finding, with all that is wrong in it")
    func brokenManifest() async throws {
        let folder = try CheckFixture.handler(manifest: ["name: Lines", "colour: red"])
        defer { CheckFixture.remove(folder) }
        let report = try await CheckFixture.checker().check(folder)
        #expect(report.results.map(\.id) == ["manifest.form"])
        #expect(report.results[0].verdict.detail.split(separator: "\n").count == 2)
    }
}

@Suite("Checks of the manifest")
struct ManifestCaseTests {
    private func subject(_ lines: [String]) throws -> CheckSubject {
        let folder = try CheckFixture.handler(manifest: lines)
        defer { CheckFixture.remove(folder) }
        return try CheckSubject.read(folder, environment: [:]).get()
    }

    @Test(
        "Templates of outputs",
        arguments: [("{job}/copy", true), ("{bucket}/{job}/copy", true), ("copies/copy", false)])
    func templates(_ template: String, _ isSound: Bool) throws {
        var subject = try subject([])
        subject.outputs[0].to = template
        #expect(ManifestCases.outputTemplates(subject).isPassed == isSound)
    }

    @Test("A handler without examples is told so")
    func noExamples() throws {
        var subject = try subject([])
        subject.examples = []
        #expect(ManifestCases.examples(subject).isWarning)
        #expect(ManifestCases.exampleInputs(subject).name == "skipped")
    }

    @Test("Examples must bring what jobs must bring")
    func missingInput() throws {
        var subject = try subject([])
        subject.examples[0].inputs = [:]
        #expect(ManifestCases.exampleInputs(subject).detail.contains("does not bring the input text"))
    }
}
