import Testing

@testable import ScenarioDSL

@Suite("Broken scenario files")
struct BrokenFileTests {
    private static let folder = "Tests/ScenarioDSLTests/Broken"
    private static let files = Result { try ScenarioSources.names(in: folder, ending: ".yml") }

    private static func report(_ name: String) throws -> (file: ScenarioFile, text: String) {
        let file = ScenarioParser.parse(try ScenarioSources.bytes("\(folder)/\(name)"), path: name)
        return (file, DiagnosticText(usesColor: false).report(file) + "\n")
    }

    @Test("Each mistake is told with its place, its code and the line")
    func expectedDiagnostics() throws {
        let names = try Self.files.get()
        #expect(names.count >= 60)
        for name in names {
            let expected = try ScenarioSources.text("\(Self.folder)/\(name.dropLast(4)).txt")
            let found = try Self.report(name)
            #expect(found.text == expected, "\(name)")
            #expect(!found.file.diagnostics.isEmpty, "\(name) has no mistake")
        }
    }

    @Test("Every code has a file that brings it about, and an explanation")
    func everyCode() throws {
        let found = Set(try Self.files.get().flatMap { try Self.report($0).file.diagnostics.map(\.code) })
        let missing = DiagnosticCode.allCases.filter { !found.contains($0) }
        #expect(missing.isEmpty, "no file for \(missing.map(\.rawValue))")
        for code in DiagnosticCode.allCases {
            #expect(code.title.count > 3)
            #expect(code.explanation.count > 20)
        }
    }

    @Test("A file with an error has no scenario, a file with warnings alone has")
    func scenarios() throws {
        for name in try Self.files.get() {
            let file = try Self.report(name).file
            #expect(file.scenarios.isEmpty == file.isInvalid, "\(name)")
            #expect(file.isInvalid != name.hasPrefix("lint-"), "\(name)")
        }
    }
}
