import Glibc
import HandlerHosting
import JobCore
import PureJSON
import Testing

/// The projects that new handlers start from, in languages whose compilers are quick.
enum TemplateLanguage: String, CaseIterable, Sendable {
    case c
    case cpp
    case rust

    private var compiler: String {
        switch self {
        case .c: "cc"
        case .cpp: "c++"
        case .rust: "rustc"
        }
    }

    /// Whether this machine has the compiler.
    var isInstalled: Bool { system("command -v \(compiler) >/dev/null 2>&1") == 0 }

    private func command(library: String) -> String {
        let source = Zoo.package + "/Plugins/Template/" + rawValue
        let native = "-O1 -Wall -Wextra -Werror -shared -fPIC -fvisibility=hidden -I'\(Zoo.headers)' -o '\(library)'"
        return switch self {
        case .c: "cc -std=c11 \(native) '\(source)/template_handler.c'"
        case .cpp: "c++ -std=c++17 \(native) '\(source)/template_handler.cpp'"
        case .rust: "rustc --edition 2024 --crate-type cdylib -o '\(library)' '\(source)/src/lib.rs'"
        }
    }

    /// Builds the handler into a folder of its own and loads it.
    func catalog() throws -> HostedHandlerCatalog {
        let folder = try Zoo.freshDirectory("template-\(rawValue)")
        try #require(mkdir(folder + "/lib", 0o700) == 0)
        try #require(system(command(library: folder + "/lib/libtemplate_handler.so")) == 0, "it does not compile")
        let shared = Zoo.package + "/Plugins/Template/shared"
        try #require(system("cp -R '\(shared)/examples' '\(shared)/payload.schema.json' '\(folder)/'") == 0)
        var manifest = String(decoding: try Zoo.read(shared + "/handler.yml"), as: UTF8.self)
        #if arch(arm64)
            manifest = manifest.replacing("linux-x86_64", with: "linux-aarch64")
        #endif
        try Zoo.write(manifest, to: folder + "/handler.yml")
        let (catalog, faults) = Zoo.load([folder])
        try #require(faults == [])
        return catalog
    }
}

@Suite("Handlers in other languages", .timeLimit(.minutes(2)))
struct TemplateLanguageTests {
    private static let inputs: [(text: String, params: JSONValue)] = [
        ("a,b\n1,2\n3,4\n5,6\n", ["limit": 2]), ("a,b\n1,2\n3,4", [:]), ("a,b", ["limit": 1]), ("", [:]),
        ("a\n\n\nb", ["limit": 1]), (String(repeating: "0123456789abcde\n", count: 20_000), ["limit": 15_000]),
    ]

    private struct Ending: Equatable {
        var outcome: HandlerOutcome
        var outputs: [String: [UInt8]]
    }

    private func endings(_ language: TemplateLanguage) async throws -> [Ending] {
        let catalog = try language.catalog()
        var endings: [Ending] = []
        for (text, params) in Self.inputs {
            let input = Zoo.freshPath("in.csv")
            try Zoo.write(text, to: input)
            let report = await catalog.run(
                HandlerInvocation(
                    handler: "template-handler", jobID: try #require(JobID("job-1")), epoch: 1, attempt: 1,
                    params: params, inputs: ["csv": input], scratchDirectory: try Zoo.freshDirectory("scratch"),
                    timeout: .seconds(30))
            ) { _ in }
            let outputs = try report.outputs.map { ($0.name, try Zoo.read($0.path)) }
            endings.append(
                Ending(outcome: report.outcome, outputs: Dictionary(uniqueKeysWithValues: outputs)))
        }
        await catalog.shutdown()
        return endings
    }

    private func compare(_ language: TemplateLanguage) async throws {
        let found = try await endings(language)
        #expect(found[0].outcome == .completed(["rows": 3, "kept": 2]))
        #expect(found[0].outputs == ["head.csv": Array("a,b\n1,2\n3,4\n".utf8)])
        #expect(found[1].outcome == .completed(["rows": 2, "kept": 2]))
        #expect(found[2].outcome == .completed(["rows": 0, "kept": 0]))
        guard case .invalidInput("file-empty", _) = found[3].outcome else {
            Issue.record("\(found[3].outcome)")
            return
        }
        #expect(found[3].outputs.isEmpty)
        #expect(found[4].outputs == ["head.csv": Array("a\n\n".utf8)])
        #expect(found[5].outcome == .completed(["rows": 19_999, "kept": 15_000]))
        #expect(found[5].outputs["head.csv"]?.count == 15_001 * 16)
    }

    @Test("C and C++ give what the examples say, from the same host", arguments: [TemplateLanguage.c, .cpp])
    func native(_ language: TemplateLanguage) async throws { try await compare(language) }

    @Test(
        "Rust gives what the examples say, from the same host",
        .enabled(if: TemplateLanguage.rust.isInstalled, "rustc is not on the PATH"))
    func rust() async throws { try await compare(.rust) }
}
