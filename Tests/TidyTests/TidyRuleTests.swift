import Testing

@Suite("Rules of tidiness can fail")
struct TidyRuleTests {
    private let library = "Sources/JobCore/Example.swift"

    @Test("A file of one line more than the wall is too long", arguments: [(400, 0), (401, 1)])
    func fileWall(lines: Int, expected: Int) {
        let text = String(repeating: "let a = 1\n", count: lines)
        #expect(SizeRules.longFiles(SourceFile(path: library, text: text)).count == expected)
    }

    @Test(
        "A function of one line more than the wall is too long",
        arguments: [
            ("func f(\n    a: Int = { 1 }()\n) -> Int ", 66, 0), ("func f(\n    a: Int = { 1 }()\n) -> Int ", 67, 1),
            ("init() ", 68, 0), ("init() ", 69, 1), ("subscript(a: Int) -> Int ", 69, 1), ("deinit ", 69, 1),
        ])
    func functionWall(head: String, bodyLines: Int, expected: Int) {
        let text = "struct S {\n\(head){\n" + String(repeating: "a()\n", count: bodyLines) + "}\n}\n"
        #expect(SizeRules.longFunctions(SourceFile(path: library, text: text)).count == expected)
    }

    @Test("A requirement of a protocol has no body, and calls of initialisers are no functions")
    func notFunctions() {
        let long = String(repeating: "x\n", count: 100)
        let text =
            "protocol P {\nfunc f() throws\nvar a: Int { get }\n}\nlet a = S.init { \(long) }\nlet c = { \(long) }\n"
        #expect(SizeRules.longFunctions(SourceFile(path: library, text: text)).isEmpty)
    }

    @Test("Each forbidden word is found in code", arguments: WordRule.all.indices)
    func wordIsFound(index: Int) {
        let rule = WordRule.all[index]
        let file = SourceFile(path: library, text: "let a = 1\nlet b = \(rule.word) c\n")
        #expect(rule.findings(in: file).map(\.line) == [2])
    }

    @Test("A word in a string or a comment is no code", arguments: WordRule.all.indices)
    func wordInText(index: Int) {
        let rule = WordRule.all[index]
        let text =
            "// \(rule.word)\n/* \(rule.word) /* */ \(rule.word) */\nlet a = \"\(rule.word)\"\nlet b = #\"\(rule.word)\"#\n"
        let findings = rule.findings(in: SourceFile(path: library, text: text))
        #expect(findings.isEmpty == !rule.countsComments)
    }

    @Test("A longer name that ends like a forbidden word is another word")
    func longerNames() {
        let text = "footprint" + "(1)\nlet a = validDate" + "()\n"
        let findings = WordRule.all.flatMap { $0.findings(in: SourceFile(path: library, text: text)) }
        #expect(findings.isEmpty)
    }

    @Test("A word is allowed where its rule says so")
    func allowedPlaces() {
        let text = "print" + "(1)\n"
        let inExecutable = SourceFile(path: "Sources/headrace/Main.swift", text: text)
        #expect(WordRule.all.flatMap { $0.findings(in: inExecutable) }.isEmpty)
    }

    @Test("Code after a string with an interpolation is code again")
    func afterInterpolation() {
        let text = "let a = \"x \\(f(\"y\", [1: (2)])) \\\" z\"; try" + "! g()\n"
        let findings = WordRule.all.flatMap { $0.findings(in: SourceFile(path: library, text: text)) }
        #expect(findings.count == 1)
    }

    @Test("Code after a string of several lines is code again")
    func afterMultilineString() {
        let text = "let a = \"\"\"\n    \"quoted\" text\n    \"\"\"\nlet b = c as" + "! D\n"
        let findings = WordRule.all.flatMap { $0.findings(in: SourceFile(path: library, text: text)) }
        #expect(findings.map(\.line) == [4])
    }

    @Test(
        "An escape needs its reason nearby",
        arguments: [("", "", 1), ("// SAFETY: x\n", "", 0), ("", "// SAFETY: x\n", 0)])
    func safety(above: String, below: String, expected: Int) {
        let text = "\(above)final class A: @unchecked " + "Sendable {\n\(below)}\n"
        #expect(SafetyRule.findings(in: SourceFile(path: library, text: text)).count == expected)
    }

    @Test(
        "An import against the arrows is found, however it is written",
        arguments: [
            "import GRDB", "package import GRDB", "@preconcurrency import GRDB", "import struct GRDB.Row",
            "#if os(Linux)\nimport GRDB\n#endif", "@testable import GRDB", "  public import GRDB",
        ])
    func badImport(text: String) {
        let findings = ImportRules.findings(in: SourceFile(path: library, text: text))
        #expect(findings.map(\.reason) == ["JobCore may not import GRDB"])
    }

    @Test(
        "Adapters do not import each other, the engine imports no adapter, the domain no Foundation",
        arguments: [
            ("Sources/SQLiteJobStore/A.swift", "AWSAdapters"), ("Sources/AWSAdapters/A.swift", "SQLiteJobStore"),
            ("Sources/JobRunner/A.swift", "AWSAdapters"), ("Sources/JobRunner/A.swift", "SQLiteJobStore"),
            ("Sources/JobCore/A.swift", "Foundation"), ("Sources/PureJSON/A.swift", "FoundationEssentials"),
            ("Sources/HandlerSDK/A.swift", "Foundation"), ("Plugins/ColumnMap/Sources/A.swift", "Foundation"),
            ("Plugins/ColumnMap/Sources/A.swift", "JobCore"), ("Sources/AWSWire/A.swift", "HTTPTransport"),
            ("Sources/headrace-host/A.swift", "JobCore"), ("Sources/FakeCloud/A.swift", "AWSAdapters"),
        ])
    func arrows(path: String, module: String) {
        #expect(ImportRules.findings(in: SourceFile(path: path, text: "import \(module)\n")).count == 1)
    }

    @Test("A good import and the word in a text are no findings")
    func goodImports() {
        let text = "package import PureJSON\nlet a = \"import GRDB\" // import GRDB\nlet important = 1\n"
        #expect(ImportRules.findings(in: SourceFile(path: library, text: text)).isEmpty)
    }

    @Test("A target without a row is a finding")
    func unknownTarget() {
        #expect(ImportRules.findings(in: SourceFile(path: "Sources/Stranger/A.swift", text: "")).count == 1)
    }

    @Test(
        "A path of one machine is found, a part of another path is not",
        arguments: [
            ("let a = \"/ho" + "me/ann/x\"", 1), ("see /Us" + "ers/ann", 1), ("PATH=/ro" + "ot/.local", 1),
            ("s3://bucket/wo" + "rk/in.csv", 0), ("/usr/lib/swift", 0), ("$HOME/wo" + "rk/x", 0),
        ])
    func machinePaths(text: String, expected: Int) {
        #expect(MachinePathRule.findings(in: SourceFile(path: "README.md", text: text)).count == expected)
    }

    @Test("A file whose name says nothing is found", arguments: [("StringUtils.swift", 1), ("Retry.swift", 0)])
    func names(name: String, expected: Int) {
        #expect(NameRule.findings(in: SourceFile(path: "Sources/JobCore/\(name)", text: "")).count == expected)
    }
}
