import Glibc
import HandlerHosting
import JobCore
import PureJSON
import Testing

/// A handler that cannot be used and what its fault or its first run says.
struct BrokenHandler: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var source: String
    var text: String
}

@Suite("Loading of handlers", .timeLimit(.minutes(2)))
struct CatalogLoaderTests {
    @Test(
        "A library without the right entry point is refused before any of it runs",
        arguments: [
            BrokenHandler(
                testDescription: "another major version",
                source: "__attribute__((visibility(\"default\"))) void *jobhandler_v2(void *host) { return host; }",
                text: "exports jobhandler_v2; this runner speaks v1"),
            BrokenHandler(
                testDescription: "no entry point", source: "int answer(void) { return 42; }",
                text: "does not export jobhandler_v1"),
            BrokenHandler(
                testDescription: "hidden entry point", source: "void *jobhandler_v1(void *host) { return host; }",
                text: "does not export jobhandler_v1"),
        ])
    func entryPoint(_ broken: BrokenHandler) throws {
        let (catalog, faults) = Zoo.load([try Zoo.handler(broken.source, manifest: Zoo.manifest())])
        #expect(catalog.descriptions() == [])
        #expect(faults.count == 1)
        #expect(faults.first?.message.contains(broken.text) ?? false, "\(faults)")
    }

    @Test(
        "A file that is no library is named as such",
        arguments: [
            ("#!/bin/sh\necho not a library\n", "is not an ELF file"), ("", "is not an ELF file"),
            ("\u{7F}ELF and then nothing of the kind", "is not a 64-bit little-endian ELF file"),
        ])
    func notALibrary(_ content: String, _ text: String) throws {
        let folder = try Zoo.freshDirectory("handler")
        try Zoo.write(content, to: folder + "/libzoo.so")
        try Zoo.write(Zoo.manifest(), to: folder + "/handler.yml")
        #expect(Zoo.load([folder]).faults.first?.message.hasSuffix(text) ?? false)
    }

    @Test("A missing library is a fault")
    func missingLibrary() throws {
        let folder = try Zoo.freshDirectory("handler")
        try Zoo.write(Zoo.manifest(), to: folder + "/handler.yml")
        #expect(Zoo.load([folder]).faults.first?.message.contains("cannot be opened") ?? false)
    }

    @Test(
        "A handler that says no while it is made fails its run with the reason",
        arguments: [
            BrokenHandler(
                testDescription: "create fails",
                source: ZooSource.creating("return fail(NULL, JH_PERMANENT, \"no-licence\", \"licence missing\", -1);"),
                text: "failed(code: \"no-licence\", message: \"licence missing\")"),
            BrokenHandler(
                testDescription: "create fails for now",
                source: ZooSource.creating("return fail(NULL, JH_RETRYABLE, \"warming\", \"not yet\", -1);"),
                text: "retry(after: nil, code: \"warming\", message: \"not yet\")"),
            BrokenHandler(
                testDescription: "create crashes", source: ZooSource.creating("abort();"), text: "killed by SIGABRT"),
            BrokenHandler(
                testDescription: "newer minor version",
                source: ZooSource.table(
                    ".size = sizeof table, .abi_major = 1, .min_host_minor = 9, .name = {\"zoo\", 3}, .version = {\"1.0.0\", 5}"
                ),
                text: "needs ABI 1.9; this runner speaks 1.0"),
            BrokenHandler(
                testDescription: "table too small",
                source: ZooSource.table(".size = 16, .abi_major = 1, .name = {\"zoo\", 3}, .version = {\"1.0.0\", 5}"),
                text: "expected a handler table of"),
            BrokenHandler(
                testDescription: "another version than the manifest's",
                source: ZooSource.table(
                    ".size = sizeof table, .abi_major = 1, .name = {\"zoo\", 3}, .version = {\"2.0.0\", 5}"),
                text: "the manifest says zoo 1.0.0, the library says zoo 2.0.0"),
            BrokenHandler(
                testDescription: "a dependency is missing",
                source: ZooSource.creating("extern int nowhere_to_be_found(void); return nowhere_to_be_found();"),
                text: "undefined symbol: nowhere_to_be_found"),
        ])
    func refusedHandler(_ broken: BrokenHandler) async throws {
        let (catalog, faults) = Zoo.load([try Zoo.handler(broken.source, manifest: Zoo.manifest())])
        #expect(faults == [])
        let report = try await catalog.run("noop")
        #expect("\(report.outcome)".contains(broken.text), "\(report.outcome)")
        await catalog.shutdown()
    }

    @Test("A verified library runs from sealed memory; a changed one is a fault")
    func digest() async throws {
        let folder = try Zoo.handler(ZooSource.zoo, manifest: "")
        let library = folder + "/libzoo.so"
        try #require(system("sha256sum '\(library)' | cut -c1-64 > '\(library).sum'") == 0)
        let sum = String(decoding: try Zoo.read(library + ".sum").prefix(64), as: UTF8.self)
        try Zoo.write(Zoo.manifest().replacing("sha256: dev", with: "sha256: \(sum)"), to: folder + "/handler.yml")
        let (catalog, faults) = Zoo.load([folder])
        #expect(faults == [])
        // What was verified is what runs, whatever becomes of the file.
        try Zoo.write("gone", to: library)
        #expect(try await catalog.run("noop").outcome == .completed(.null))
        await catalog.shutdown()
        #expect(Zoo.load([folder]).faults.first?.message.contains("is not an ELF file") ?? false)
    }

    @Test("One broken handler does not keep the others from loading")
    func mixed() async throws {
        let root = try Zoo.freshDirectory("handlers")
        let good = try Zoo.handler(ZooSource.zoo, manifest: Zoo.manifest())
        try #require(symlink(good, root + "/good") == 0)
        try #require(mkdir(root + "/bad", 0o700) == 0)
        try Zoo.write("manifest: 1\nnmae: x\n", to: root + "/bad/handler.yml")
        try #require(mkdir(root + "/unrelated", 0o700) == 0)
        let (catalog, faults) = Zoo.load([root])
        #expect(catalog.descriptions().map(\.name) == ["zoo"])
        #expect(
            faults.first?.description == "\(root)/bad/handler.yml:2:1: unknown key \"nmae\"; did you mean \"name\"?")
        await catalog.shutdown()
    }

    @Test("Of two handlers with one name the first is kept and the second is a fault")
    func twice() throws {
        let folders = [
            try Zoo.handler(ZooSource.zoo, manifest: Zoo.manifest()),
            try Zoo.handler(ZooSource.zoo, manifest: Zoo.manifest()),
        ]
        let (catalog, faults) = Zoo.load(folders)
        #expect(catalog.folder(of: "zoo") == folders[0])
        #expect(faults.map(\.message) == ["the name zoo is taken by \(folders[0])"])
    }

    @Test("A handlers directory that is not there is a fault")
    func missingDirectory() {
        #expect(Zoo.load(["/nonexistent"]).faults.first?.message.contains("cannot be read") ?? false)
    }

    @Test("Parameters are checked against the manifest's schema")
    func parameters() throws {
        let catalog = try Zoo.catalog()
        #expect(catalog.faultInParams(["how": "noop"], for: "zoo") == nil)
        let fault = try #require(catalog.faultInParams(["how": 7], for: "zoo"))
        #expect(fault.pointer == "/how")
        #expect(fault.reason == "expected string, found integer 7")
    }

    @Test("A configuration is completed with defaults, checked, and given with the handler's folder")
    func configuration() async throws {
        let source = ZooSource.creating(
            """
            char text[4096]; snprintf(text, sizeof text, "%.*s", (int)config.len, config.ptr);
            return fail(NULL, JH_PERMANENT, "config", text, -1);
            """)
        let more =
            "config: { type: object, additionalProperties: false, properties: { rows: { type: integer, default: 5 } } }"
        let folder = try Zoo.handler(source, manifest: Zoo.manifest(more: more))
        let catalog = Zoo.load([folder]).catalog
        let message = try await catalog.run("noop").outcome.message
        #expect(message == "{\"rows\":5,\"handlerDirectory\":\"\(folder)\"}")
        await catalog.shutdown()
        let faults = Zoo.load([folder], policy: Zoo.policy(configurations: ["zoo": ["rwos": 1]])).faults
        #expect(faults.first?.message.contains("no such member is known; did you mean \"rows\"?") ?? false)
    }
}
