import PureJSON
import Testing

@testable import ScenarioDSL

@Suite("The text of a scenario file")
struct SourceTextTests {
    private func root(_ text: String) throws -> SourceNode { try SourceText(Array(text.utf8), path: "s.yml").root() }

    @Test("Words that YAML 1.1 takes for booleans are texts", arguments: ["on", "off", "yes", "no", "y", "NO"])
    func words(word: String) throws {
        #expect(try root("key: \(word)")["key"]?.text == word)
    }

    @Test("Values keep their places")
    func places() throws {
        let node = try root("steps:\n  - send: {job: \"j1\"}\n")
        let send = try #require(node["steps"]?.elements?.first?.members?.first)
        #expect(send.place.description == "2:5")
        let job = try #require(send.value["job"])
        #expect(job.place.description == "2:17")
        #expect(job.place.length == 4)
        #expect(job.textOffset == 1)
    }

    @Test("Places inside a text with escapes are not told")
    func escapes() throws {
        #expect(try root("key: \"a\\tb\"")["key"]?.textOffset == nil)
    }

    @Test("What a few aliases expand to counts, and many are refused unread")
    func anchors() throws {
        #expect(try root("a: &x [1]\nb: *x\n")["b"]?.json == [1])
        let bomb = (1...20).reduce("a0: &a0 [x, x]\n") { $0 + "a\($1): &a\($1) [*a\($1 - 1), *a\($1 - 1)]\n" }
        #expect(throws: (any Error).self) { try root(bomb) }
    }
}
