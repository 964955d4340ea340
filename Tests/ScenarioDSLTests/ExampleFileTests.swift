import PureJSON
import Testing

@testable import ScenarioDSL

@Suite("The scenarios of this repository")
struct ExampleFileTests {
    private static func examples() throws -> [ScenarioFile] {
        try ScenarioSources.names(in: "Scenarios", ending: ".yml").map { name in
            ScenarioParser.parse(try ScenarioSources.bytes("Scenarios/\(name)"), path: name)
        }
    }

    @Test("All are valid, without a warning")
    func valid() throws {
        let files = try Self.examples()
        #expect(files.count >= 16)
        for file in files {
            #expect(file.diagnostics.isEmpty, "\(DiagnosticText(usesColor: false).report(file))")
            #expect(!file.scenarios.isEmpty)
        }
    }

    @Test("What `lab validate --json` writes of each cell reads as the same scenario")
    func roundTrip() throws {
        for file in try Self.examples() {
            let report = DiagnosticReport.json([file])
            let parsed = try JSONValue(parsing: report.serialized(.pretty))
            let written = try #require(parsed["files"]?[0]?["scenarios"]?.arrayValue)
            #expect(written.count == file.scenarios.count)
            for (original, json) in zip(file.scenarios, written) {
                let text = try #require(json["scenario"]).serialized(.pretty)
                let again = ScenarioParser.parse(Array(text.utf8), path: "again.yml")
                var expected = original
                expected.cell = MatrixCell(coordinates: [])
                #expect(!again.isInvalid, "\(DiagnosticText(usesColor: false).report(again))")
                #expect(again.scenarios == [expected], "\(file.text.path) \(original.cell.id)")
            }
        }
    }

    @Test("Cells have the values of the matrix in them")
    func cells() throws {
        let files = try Self.examples()
        let shutdown = try #require(files.first { $0.text.path == "03-shutdown-mid-job.yml" })
        #expect(shutdown.scenarios.count == 10)
        let cell = try #require(shutdown.scenarios.first { $0.cell.id == "signal=KILL,point=half-way" })
        guard case .wait(let pattern, let within, nil) = cell.steps[1].action else {
            Issue.record("expected a wait, found \(cell.steps[1].action)")
            return
        }
        #expect(pattern.type == .handlerProgress)
        #expect(within == .seconds(120))
        #expect(cell.steps[2].action == .signal(runner: TextTemplate("r1"), .kill))
        #expect(cell.steps.count == 7)
        #expect(cell.expectations.count == 3)
    }
}
