import HandlerScaffold
import ScenarioDSL
import Testing

@Suite("The scenario of new handlers")
struct TemplateScenarioTests {
    @Test(
        "It is one that the lab takes without a warning, and is about the new handler",
        arguments: HandlerLanguage.allCases)
    func valid(_ language: HandlerLanguage) throws {
        let scenario = try #require(try TemplateFiles.project(language).files.first { $0.path == "scenario.yml" })
        let file = ScenarioParser.parse(Array(scenario.text.utf8), path: scenario.path)
        #expect(file.diagnostics.isEmpty, "\(DiagnosticText(usesColor: false).report(file))")
        #expect(!file.scenarios.isEmpty)
        #expect(scenario.text.contains("handler: row-count,"))
    }
}
