import Testing

@testable import HandlerHosting

@Suite("The YAML of manifests")
struct ManifestDocumentTests {
    private func fault(_ bytes: [UInt8]) -> String? {
        if case .failure(let fault) = ManifestDocument.root(bytes, file: "h.yml") { return fault.description }
        return nil
    }

    private func fault(_ text: String) -> String? { fault(Array(text.utf8)) }

    @Test("An empty manifest says where to look", arguments: ["", "\n\n", "# only a remark\n", "~\n", "---\n"])
    func empty(_ text: String) {
        #expect(fault(text)?.contains("is empty; `headrace handler schema` says what it holds") ?? false)
    }

    @Test("Bytes that are no text have a place")
    func notText() {
        #expect(fault(Array("a: 1\nb: \"é".utf8) + [0xFF]) == "h.yml:2:7: expected UTF-8")
        #expect(fault(Array("a: 1\nb: ".utf8) + [0]) == "h.yml:2:4: expected text, found a zero byte")
    }

    @Test("A huge file is not parsed")
    func huge() {
        let text = "a: " + String(repeating: "x", count: ManifestDocument.sizeLimit)
        #expect(fault(text) == "h.yml: expected at most 262144 bytes, found 262147")
    }

    @Test(
        "Anchors are refused where they stand",
        arguments: [
            ("a: &x 1\nb: *x\n", "h.yml:1:4: "), ("a: [&x 1, 2]\n", "h.yml:1:5: "),
            ("a: 1\nb: &y {c: 1}\n", "h.yml:2:4: "),
        ])
    func anchors(_ text: String, _ place: String) {
        #expect(fault(text) == place + "anchors and aliases are not allowed here; write the value out")
    }

    @Test("A bomb of aliases costs nothing, as values and as keys")
    func bombs() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(fault(text)?.contains("anchors and aliases") ?? false)
        #expect(fault(text + "? *a40\n: 1\n")?.contains("anchors and aliases") ?? false)
    }

    @Test("Deep nesting ends with a message, not with the stack")
    func depth() {
        let text = "a: " + String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        #expect(fault(text)?.contains("nested deeper than 64 levels") ?? false)
        let deeper = "a: " + String(repeating: "[", count: 100_000)
        #expect(fault(deeper)?.contains("not YAML") ?? false)
    }

    @Test(
        "Keys that are no texts to every reader are refused",
        arguments: [
            ("on: 1\n", "h.yml:1:1: the key on is a boolean to many readers of YAML; write it in quotes"),
            ("a: { Yes: 1 }\n", "h.yml:1:6: the key Yes is a boolean to many readers of YAML; write it in quotes"),
            ("1: 2\n", "h.yml:1:1: expected a text as a key, found integer 1; write it in quotes"),
            ("~: 2\n", "h.yml:1:1: expected a text as a key, found null; write it in quotes"),
            ("true: 2\n", "h.yml:1:1: expected a text as a key, found boolean true; write it in quotes"),
            ("? [a]\n: 2\n", "h.yml:1:3: expected a text as a key, found a list"),
            ("a:\n  <<: { b: 1 }\n", "h.yml:2:3: merge keys are not allowed here; write the members out"),
        ])
    func keys(_ text: String, _ expected: String) { #expect(fault(text) == expected) }

    @Test("A key that stands twice, and a second document, are refused")
    func twice() {
        #expect(fault("a: 1\nb: 2\na: 3\n")?.contains("the key a appears twice") ?? false)
        #expect(fault("a: 1\n---\nb: 2\n")?.contains("not YAML: but found another document") ?? false)
    }

    @Test("Words in quotes, texts with & and *, and a byte order mark are fine")
    func fine() {
        #expect(fault("\"on\": 1\n'yes': 2\nt: salt & pepper *and* more &c\n") == nil)
        #expect(fault("\u{FEFF}a: 1\n") == nil)
    }
}
