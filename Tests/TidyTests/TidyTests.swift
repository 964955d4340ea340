import Testing

@Suite("All sources are tidy")
struct TidyTests {
    @Test("There are sources to look at")
    func sourcesAreFound() throws {
        let files = try SourceTree.swiftFiles()
        #expect(files.contains { $0.path == "Sources/JobCore/Model/JobRecord.swift" })
        #expect(files.contains { $0.path.hasPrefix("Plugins/") })
        #expect(files.contains { $0.path == "Tests/TidyTests/TidyTests.swift" })
    }

    @Test("No file is longer than the wall")
    func fileWall() throws { try expectNone(SizeRules.longFiles) }

    @Test("No function is longer than the wall")
    func functionWall() throws { try expectNone(SizeRules.longFunctions) }

    @Test("No forbidden word stands in the code", arguments: WordRule.all.indices)
    func words(rule: Int) throws { try expectNone(WordRule.all[rule].findings) }

    @Test("Every escape from the compiler's checks says why it is sound")
    func safety() throws { try expectNone(SafetyRule.findings) }

    @Test("No file has an empty name")
    func names() throws { try expectNone(NameRule.findings) }

    @Test("No target imports against the arrows of the design")
    func imports() throws { try expectNone(ImportRules.findings) }

    @Test("No text names a path of one machine")
    func machinePaths() throws {
        let findings = try SourceTree.textFiles().flatMap(MachinePathRule.findings)
        #expect(findings.isEmpty, "\(Self.list(findings))")
    }

    private func expectNone(_ rule: (SourceFile) -> [Finding]) throws {
        let findings = try SourceTree.swiftFiles().flatMap(rule)
        #expect(findings.isEmpty, "\(Self.list(findings))")
    }

    private static func list(_ findings: [Finding]) -> String {
        findings.map(\.description).joined(separator: "\n")
    }
}
