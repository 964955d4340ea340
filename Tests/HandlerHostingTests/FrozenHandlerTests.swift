import Glibc
import HandlerHosting
import JobCore
import PureJSON
import Testing

/// Handlers as they were built for earlier versions of the ABI.
@Suite("Frozen handlers", .enabled(if: Zoo.isX86), .timeLimit(.minutes(5)))
struct FrozenHandlerTests {
    static let versions = ["1.0"]

    @Test(
        "A library of every version so far loads, and all that it calls does what it was promised", arguments: versions)
    func runs(_ version: String) async throws {
        let catalog = try Self.catalog(version)
        let input = Zoo.freshPath("in.csv")
        try Zoo.write("a,b\n1,2\n", to: input)
        var invocation = try Zoo.invocation("exercise", inputs: ["csv": input], timeout: .seconds(280))
        invocation.handler = "frozen"
        let report = await catalog.run(invocation) { _ in }
        #expect(report.outcome == .completed(["checks": 41, "failures": []]), "\(report.lastLogLines)")
        #expect(report.outputs.map(\.name) == ["copy.csv"])
        #expect(report.lastLogLines == ["info under way kind=good"])
        #expect(report.metrics.values.keys.sorted().map(\.name) == ["depth", "rows_total", "seconds"])
        await catalog.shutdown()
    }

    /// The library under a manifest that has the digest of `SOURCE.md`: changed bytes do not load.
    private static func catalog(_ version: String) throws -> HostedHandlerCatalog {
        let source = "\(Zoo.package)/Fixtures/abi/\(version)"
        let notes = String(decoding: try Zoo.read(source + "/SOURCE.md"), as: UTF8.self)
        let line = try #require(notes.split(separator: "\n").first { $0.hasPrefix("sha256 of libfrozen-x86_64.so:") })
        let digest = try #require(line.split(separator: " ").last)
        let folder = try Zoo.freshDirectory("frozen")
        try #require(symlink(source + "/libfrozen-x86_64.so", folder + "/libfrozen.so") == 0)
        let manifest = """
            manifest: 1
            name: frozen
            version: 1.0.0
            abi: { major: 1, minMinor: 0 }
            library:
              - { platform: linux-x86_64, path: libfrozen.so, sha256: \(digest) }
            payload: { type: object }
            inputs:
              csv: { from: /inputs/csv }
            outputs:
              copy.csv: { to: "{job}/copy.csv", contentType: text/plain }

            """
        try Zoo.write(manifest, to: folder + "/handler.yml")
        let (catalog, faults) = Zoo.load([folder])
        try #require(faults == [])
        return catalog
    }
}
