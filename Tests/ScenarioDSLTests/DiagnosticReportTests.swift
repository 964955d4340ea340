import PureJSON
import Testing

@testable import ScenarioDSL

@Suite("Reports of diagnostics")
struct DiagnosticReportTests {
    private static let file = ScenarioParser.parse(
        Array("lab: 1\nname: \"a, b\"\nsetup: {}\nexpct: []\ninvariants: [no_lost_job]\n".utf8), path: "dir/a,b.yml")

    @Test("SARIF has a rule for each code and a region for each finding")
    func sarif() throws {
        let run = try #require(DiagnosticReport.sarif([Self.file])["runs"]?[0])
        let rules = try #require(run["tool"]?["driver"]?["rules"]?.arrayValue).compactMap { $0["id"]?.stringValue }
        #expect(rules == ["LAB101", "LAB105"])
        let results = try #require(run["results"]?.arrayValue)
        #expect(results.map { $0["ruleId"]?.stringValue } == ["LAB101", "LAB105"])
        let location = try #require(results[0]["locations"]?[0]?["physicalLocation"])
        #expect(location["artifactLocation"]?["uri"] == "dir/a,b.yml")
        #expect(location["region"] == ["startLine": 4, "startColumn": 1, "endColumn": 6])
    }

    @Test("Annotations escape what the workflow log would read")
    func github() {
        let lines = DiagnosticReport.github([Self.file]).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[0]
                == "::error file=dir/a%2Cb.yml,line=4,col=1,endColumn=6,title=LAB101::"
                + "unknown key \"expct\"; did you mean \"expect\"?")
    }

    @Test("JSON has counts, findings, and scenarios of valid files only")
    func json() {
        let report = DiagnosticReport.json([Self.file])
        #expect(report["errors"] == 2)
        #expect(report["files"]?[0]?["valid"] == false)
        #expect(report["files"]?[0]?["scenarios"] == [])
        #expect(report["files"]?[0]?["diagnostics"]?[1]?["column"] == 14)
    }

    @Test("Colour is there only where it is wanted, and lines are never too long")
    func colour() {
        #expect(DiagnosticText(usesColor: true).report(Self.file).contains("\u{1B}[1;31merror[LAB101]\u{1B}[0m"))
        #expect(!DiagnosticText(usesColor: false).report(Self.file).contains("\u{1B}"))
        let long = "lab: 1\nname: x\nsetup: {}\ntags: [\(String(repeating: "tag, ", count: 200))\"a b\"]\n"
        let text = DiagnosticText(usesColor: false).report(ScenarioParser.parse(Array(long.utf8), path: "s.yml"))
        let lines = text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 180 })
        let caret = lines.first { $0.contains("^^^^^") }?.prefix { $0 != "^" }.count
        let shown = lines.first { $0.contains("\"a b\"") && $0.contains("tag, tag") }
        #expect(caret != nil)
        #expect(shown?.firstRange(of: "\"a b\"").map { shown?.prefix(upTo: $0.lowerBound).count } == caret)
    }

    @Test("Findings are summed up")
    func summary() {
        #expect(DiagnosticText.summary([Self.file]) == "1 scenario: 2 errors")
        #expect(DiagnosticText.summary([]) == "0 scenarios: valid")
    }
}
