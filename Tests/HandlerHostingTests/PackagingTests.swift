import Glibc
import Testing

@testable import HandlerHosting

@Suite("Handlers as packages")
struct PackagingTests {
    private static let found = [
        ".build/x", "LICENSE", "README.md", "Sources/a.c", "examples/good.csv", "handler.sha256", "handler.sig",
        "handler.yml", "libzoo.so", "models/a/b", "models/c", "schema.json",
    ]

    private func manifest(_ more: String) throws -> HandlerManifest {
        let text = Zoo.manifest(more: more).replacing(
            "payload: { type: object, ", with: "payload: schema.json\nconfig: { ")
        return try ManifestReader.read(Array(text.utf8), file: "handler.yml") { _ in Array("{}".utf8) }.get()
    }

    @Test("A package has what the manifest refers to, what people read, and what was asked for")
    func paths() throws {
        let manifest = try manifest("examples: [{ name: a, payload: {}, inputs: { csv: examples/good.csv } }]")
        let plain = try PackageList.paths(of: manifest, found: Self.found, including: [])
        #expect(plain == ["LICENSE", "README.md", "examples/good.csv", "handler.yml", "libzoo.so", "schema.json"])
        let more = try PackageList.paths(of: manifest, found: Self.found, including: ["models/"])
        #expect(Set(more).subtracting(plain) == ["models/a/b", "models/c"])
        let signed = try self.manifest("signature: { keyId: ops, file: handler.sig }")
        let paths = try PackageList.paths(of: signed, found: Self.found, including: [])
        #expect(paths.contains("handler.sha256") && paths.contains("handler.sig"))
    }

    @Test("What is not there is named")
    func missing() throws {
        let manifest = try manifest("")
        #expect(throws: FileFault(reason: "has no weights")) {
            try PackageList.paths(of: manifest, found: Self.found, including: ["weights"])
        }
        #expect(throws: FileFault(reason: "has no libzoo.so")) {
            try PackageList.paths(of: manifest, found: ["handler.yml", "schema.json"], including: [])
        }
    }

    @Test("A folder with links is refused, one without is fine")
    func links() throws {
        let folder = try Zoo.freshDirectory("unpacked")
        try Zoo.write("x", to: folder + "/a")
        #expect(throws: Never.self) { try HandlerInstaller.check(folder) }
        try #require(symlink("/etc/passwd", folder + "/b") == 0)
        #expect(throws: FileFault(reason: "holds the link b")) { try HandlerInstaller.check(folder) }
    }

    @Test("A folder takes a name that is free, and swaps with one that is not")
    func take() throws {
        let (first, second, name) = (try Zoo.freshDirectory("a"), try Zoo.freshDirectory("b"), Zoo.freshPath("name"))
        try Zoo.write("1", to: first + "/f")
        try Zoo.write("2", to: second + "/f")
        #expect(try HandlerInstaller.take(first, as: name) == false)
        #expect(try HandlerInstaller.take(second, as: name))
        #expect(try Zoo.read(name + "/f") == Array("2".utf8))
        #expect(try Zoo.read(second + "/f") == Array("1".utf8))
    }

    @Test("A list of digests reads back, and lines that are none are refused by their number")
    func digestList() throws {
        let digest = String(repeating: "a", count: 64)
        let list = DigestList(["b c": digest, "a": digest])
        #expect(String(decoding: list.text, as: UTF8.self) == "\(digest)  a\n\(digest)  b c\n")
        #expect(try DigestList(parsing: list.text) == list)
        for text in ["\(digest) a\n", "\(digest)  ../a\n", "\(digest)  \n", "nonsense\n"] {
            #expect(throws: FileFault(reason: "has a line 1 that is not a digest, two spaces and a path")) {
                try DigestList(parsing: Array(text.utf8))
            }
        }
        #expect(throws: FileFault(reason: "names a twice")) {
            try DigestList(parsing: Array("\(digest)  a\n\(digest)  a\n".utf8))
        }
    }
}
