import Foundation
import HandlerHosting
import JobCore
import JobTestKit
import PureJSON
import Synchronization
import Testing

@testable import RunnerCommand

@Suite("A handler's run on this machine")
struct HandlerTrialTests {
    private let folder: ScratchFolder
    private let description = HandlerDescription(
        name: "rows", version: "1.0.0", requiredInputs: ["csv"], optionalInputs: ["map"],
        outputs: ["head.csv", "report.json"])

    init() throws { folder = try ScratchFolder() }

    private func catalog(
        _ outcome: HandlerOutcome = .completed(["rows": 3]), writing outputs: [String] = []
    ) -> ScriptedHandlerCatalog {
        ScriptedHandlerCatalog([description]) { invocation, onSignal in
            onSignal(.log(level: "info", message: "counted", fields: ["rows": "3", "kept": "2"]))
            onSignal(.progress(fraction: 1, note: "done"))
            let files = outputs.map { name in
                let path = invocation.scratchDirectory + "/" + name
                try? Data(name.utf8).write(to: URL(filePath: path))
                return ProducedOutput(
                    name: name, path: path, sizeBytes: Int64(name.utf8.count), contentType: "text/plain")
            }
            return HandlerReport(
                outcome: outcome, outputs: files, lastLogLines: ["info counted kept=2 rows=3", "a debugging line"],
                duration: .milliseconds(2))
        }
    }

    private func order(_ texts: TrialOrder.Texts, examples: [HandlerExample] = []) throws -> TrialOrder {
        try TrialOrder(texts, handler: description, examples: examples, catalog: catalog())
    }

    private func file(_ name: String, _ text: String = "a,b\n") throws -> String {
        let path = folder.path + "/" + name
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    // MARK: - Options

    @Test("An input is named, or is the main one")
    func inputs() throws {
        let csv = try file("a.csv")
        #expect(try order(.init(inputs: ["csv=\(csv)"])).inputs == ["csv": csv])
        #expect(try order(.init(inputs: [csv])).inputs == ["csv": csv])
        let equals = try file("a=b.csv")
        #expect(try order(.init(inputs: [equals])).inputs == ["csv": equals])
    }

    @Test("Parameters go on top of the payload, and both on top of an example")
    func parameters() throws {
        let csv = try file("a.csv")
        let example = HandlerExample(name: "first", params: ["limit": 1], inputs: ["csv": csv], expectation: nil)
        let read = try order(
            .init(payload: #"{"limit": 2, "mode": "fast"}"#, params: ["limit=3"], example: "first"),
            examples: [example])
        #expect(JSONValue.object(read.params) == ["limit": 3, "mode": "fast"])
        #expect(read.inputs == ["csv": csv])
        #expect(try order(.init(example: "first"), examples: [example]).params == ["limit": 1])
    }

    @Test("What cannot be a job is a usage error that says what to do")
    func refused() throws {
        let csv = try file("a.csv")
        let cases: [(TrialOrder.Texts, String)] = [
            (.init(), "rows needs the input \"csv\""),
            (.init(inputs: ["csv=/nowhere.csv"]), "there is no file /nowhere.csv for the input csv"),
            (.init(inputs: ["cvs=\(csv)"]), "rows has no input \"cvs\"; it takes csv, map"),
            (.init(inputs: [csv], payload: "[1]"), "--payload: expected an object, found array of 1"),
            (.init(inputs: [csv], payload: "{"), "--payload is not JSON"),
            (.init(inputs: [csv], params: ["bad=1"]), "the parameters do not fit rows at /bad"),
            (.init(example: "no"), "the manifest has no example named \"no\""),
        ]
        for (texts, message) in cases {
            let failure = #expect(throws: CommandFailure.self) { try order(texts) }
            #expect(failure?.status == .usage)
            #expect(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "")")
        }
    }

    // MARK: - Runs

    private func report(_ catalog: ScriptedHandlerCatalog) async throws -> TrialReport {
        let trial = HandlerTrial(
            catalog: catalog, handler: description, outputFolder: folder.path + "/out", clock: ManualClock())
        return try await trial.run(try order(.init(inputs: [try file("a.csv")]))) { _ in }
    }

    @Test("Outputs are in the folder under their names, and nothing else is")
    func outputs() async throws {
        let report = try await report(catalog(writing: ["head.csv"]))
        #expect(report.files.map(\.path) == [folder.path + "/out/head.csv"])
        #expect(try LocalFolder.entries(below: folder.path + "/out").map(\.path) == ["head.csv"])
        #expect(try LocalFile.read(folder.path + "/out/head.csv") == "head.csv")
        #expect(report.failure == nil)
    }

    @Test("A run that fails leaves no output of an earlier run behind")
    func staleOutputs() async throws {
        _ = try await report(catalog(writing: ["head.csv", "report.json"]))
        try "kept".write(toFile: folder.path + "/out/notes.txt", atomically: true, encoding: .utf8)
        let report = try await report(catalog(.invalidInput(code: "file-empty", message: "nothing in it")))
        #expect(try LocalFolder.entries(below: folder.path + "/out").map(\.path) == ["notes.txt"])
        #expect(report.failure?.status == .jobFailed)
        #expect(report.failure?.message == "rows ended as invalid-input (file-empty): nothing in it")
    }

    @Test(
        "Each end has the manifest's word, and says what to do where that is known",
        arguments: [
            (HandlerOutcome.completed(.null), "ok", false), (.failed(code: "c", message: "m"), "permanent", false),
            (.retry(after: nil, code: "c", message: "m"), "retryable", true), (.cancelled, "cancelled", false),
            (.resourceExhausted(limit: "memory", message: "m"), "resource", true),
            (.crashed(signal: 11, exitCode: nil, message: "m"), "crashed", true),
            (.timedOut(after: .seconds(5)), "timeout", true),
        ])
    func ends(_ outcome: HandlerOutcome, _ status: String, _ hasAdvice: Bool) {
        let end = TrialEnd(outcome)
        #expect(end.status == status)
        #expect((end.advice != nil) == hasAdvice)
    }

    @Test("The report for programs has the result, the outputs and the log")
    func json() async throws {
        let json = try await report(catalog(writing: ["head.csv"])).json
        #expect(json["status"] == "ok")
        #expect(json["result"] == ["rows": 3])
        #expect(json["outputs"]?[0]?["name"] == "head.csv")
        #expect(json["log"]?[0] == ["level": "info", "message": "counted", "fields": ["kept": "2", "rows": "3"]])
        #expect(json["printed"] == ["a debugging line"])
        #expect(json["run_seconds"] == 0.002)
        #expect(json["build_seconds"] == nil)
    }

    @Test("The report for people has one line for each thing to know")
    func text() async throws {
        let out = ConsoleStream(capturingFor: .plain)
        let console = Console(out: out, err: out, writesJSON: false)
        var report = try await report(catalog(writing: ["head.csv"]))
        report.buildTime = .milliseconds(1_500)
        report.show(on: console)
        let lines = out.captured.split(separator: "\n")
        #expect(lines.first?.hasPrefix("rows 1.0.0  completed in 2.00 ms  (build 1.5 s, host process ") == true)
        #expect(lines.contains { $0.contains("result") && $0.contains(#"{"rows":3}"#) })
        #expect(lines.contains { $0.contains("head.csv") && $0.contains("8 B") })
    }
}
