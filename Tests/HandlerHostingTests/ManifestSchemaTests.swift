import JobCore
import PureJSON
import Testing
import Yams

@testable import HandlerHosting

/// One change to a good manifest, and whether what comes out is still one.
struct ManifestChange: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    var isGood: Bool

    init(_ old: String, _ new: String, _ isGood: Bool) {
        self.old = old
        self.new = new
        self.isGood = isGood
    }

    var testDescription: String { "\(old) -> \(new.prefix(60))" }
}

@Suite("The published schema of manifests")
struct ManifestSchemaTests {
    static let good = """
        manifest: 1
        name: csv-validate
        version: 1.2.0-rc.1
        title: Validate
        description: Says whether
        authors: [Ann]
        license: Apache-2.0
        homepage: https://example.org/csv
        abi: { major: 1, minMinor: 0, optional: [jh.trace/1] }
        runtime: native
        library:
          - { platform: linux-x86_64, path: lib/libx.so, sha256: dev }
          - { platform: linux-aarch64, path: lib/liby.so, sha256: dev }
        signature: { keyId: ops-2026, file: handler.sig }
        payload: { type: object }
        config: { type: object }
        result: { type: object }
        inputs:
          csv: { from: /inputs/csv, required: true, contentTypes: [text/csv], maxBytes: 512MiB }
        outputs:
          report.json: { to: "{job}/report.json", required: false, contentType: application/json }
        queue: { names: [jobs], match: { type: csv } }
        concurrency: { max: 4, reentrant: false }
        timeout: { run: 5m, cancelGrace: 500ms, stall: 60s }
        retry: { maxAttempts: 5, backoff: { initial: 5s, max: 2m, factor: 1.5, jitter: full }, when: [timeout] }
        isolation: { mode: pool, recycleAfterJobs: 20, recycleAboveMemory: 1GiB, network: none, filesystem: { read: [/usr/share], scratch: 1GiB } }
        limits: { memory: 512MiB, cpuSeconds: 9, openFiles: 64, processes: 0, threads: 8, outputBytes: 64KiB, checkpointBytes: 1KiB, kvBytes: 0B }
        env: [LANG_DATA]
        secrets: [api-token]
        s3: { read: ["{bucket}/uploads/"], write: [results/reports/] }
        deterministic: true
        idempotent: true
        examples:
          - { name: good, payload: { n: 1 }, inputs: { csv: examples/good.csv }, expect: { status: ok, code: c, outputs: { report.json: o.json } } }

        """

    static let changes: [ManifestChange] = identity + surroundings + files + behaviour + rights

    private static let identity: [ManifestChange] = [
        .init("name: csv-validate", "nmae: csv-validate", false), .init("name: csv-validate", "name: CSV", false),
        .init("name: csv-validate", "name: a--b", false), .init("name: csv-validate", "name: 7up", false),
        .init("name: csv-validate", "name: \(String(repeating: "a", count: 63))", true),
        .init("name: csv-validate", "name: \(String(repeating: "a", count: 64))", false),
        .init("name: csv-validate", "name: on", true), .init("version: 1.2.0-rc.1", "version: 1.2", false),
        .init("version: 1.2.0-rc.1", "version: 10.20.30", true), .init("version: 1.2.0-rc.1", "version: 1.2.3-", false),
        .init("version: 1.2.0-rc.1", "version: 1.2.3-a+b", false),
        .init("version: 1.2.0-rc.1", "version: v1.2.3", false),
        .init("title: Validate", "title: \(String(repeating: "é", count: 80))", true),
        .init("title: Validate", "title: \(String(repeating: "é", count: 81))", false),
        .init("title: Validate", "title:", false), .init("title: Validate", "title: 7", false),
        .init("title: Validate", "title: \"7\"", true), .init("authors: [Ann]", "authors: Ann", false),
        .init("authors: [Ann]", "authors: []", true), .init("homepage: https", "homepage: ftp", false),
        .init("homepage: https://example.org/csv", "homepage: https://", false),
        .init("manifest: 1", "manifest: 2", false),
        .init("manifest: 1", "manifest: \"1\"", false), .init("manifest: 1", "manifest: 1.0", true),
        .init("major: 1,", "major: 0,", false), .init("minMinor: 0", "minMinor: -1", false),
        .init("jh.trace/1", "jh.trace", false), .init("jh.trace/1", "jh.x-y.z/12", true),
        .init("runtime: native", "runtime: wasm", false), .init("abi: { major: 1, ", "abi: { ", false),
    ]

    private static let surroundings: [ManifestChange] = [
        .init("linux-aarch64", "darwin", false), .init("lib/libx.so", "/libx.so", false),
        .init("lib/libx.so", "lib/../libx.so", false), .init("lib/libx.so", "a..b/libx.so", true),
        .init("lib/libx.so", "..", false), .init("lib/libx.so", "\"\"", false),
        .init("sha256: dev", "sha256: DEV", false),
        .init("sha256: dev", "sha256: \(String(repeating: "a", count: 64))", true),
        .init("sha256: dev", "sha256: \(String(repeating: "A", count: 64))", false),
        .init("sha256: dev", "sha256: \(String(repeating: "1", count: 64))", false), .init(", sha256: dev", "", false),
        .init("keyId: ops-2026", "keyId: a b", false), .init("keyId: ops-2026, ", "", false),
        .init("file: handler.sig", "file: ../handler.sig", false),
        .init("payload: { type: object }", "payload: 5", false),
        .init("payload: { type: object }", "payload: [a]", false), .init("payload: { type: object }\n", "", false),
        .init("payload: { type: object }", "payload: schema.json", true),
        .init("payload: { type: object }", "payload: ../schema.json", false),
        .init("payload: { type: object }", "payload: schema.yml", false),
    ]

    private static let files: [ManifestChange] = [
        .init("  csv: {", "  a/b: {", false), .init("  csv: {", "  .csv: {", false),
        .init("  csv: {", "  c_s-v.1: {", true),
        .init("  csv: {", "  \(String(repeating: "a", count: 129)): {", false),
        .init("from: /inputs/csv", "from: inputs/csv", false), .init("from: /inputs/csv", "from: /a~1b/c~0d", true),
        .init("from: /inputs/csv", "from: /a~2b", false), .init("from: /inputs/csv, ", "", false),
        .init("required: true", "required: yes", false),
        .init("contentTypes: [text/csv]", "contentTypes: [csv]", false),
        .init("contentTypes: [text/csv]", "contentTypes: text/csv", false),
        .init("maxBytes: 512MiB", "maxBytes: 512MB", false),
        .init("maxBytes: 512MiB", "maxBytes: 512", false), .init("maxBytes: 512MiB", "maxBytes: 1234567890B", false),
        .init("maxBytes: 512MiB", "maxBytes: 123456789B", true), .init("{job}/report.json", "report.json", false),
        .init("{job}/report.json", "{bucket}/a/{job}/r", true), .init("{job}/report.json", "{job}/{user}", false),
        .init("{job}/report.json", "/{job}/r", false), .init("{job}/report.json", "{job}/../r", false),
        .init("contentType: application/json", "contentType: json", false),
        .init("outputs:\n  report.json: {", "outputs:\n  {", false),
    ]

    private static let behaviour: [ManifestChange] = [
        .init("names: [jobs]", "names: [jobs, jobs]", false), .init("names: [jobs]", "names: [\"\"]", false),
        .init("match: { type: csv }", "match: { type: 5, b: true }", true),
        .init("match: { type: csv }", "match: { type: [csv] }", false),
        .init("match: { type: csv }", "match: { type: null }", false), .init("max: 4", "max: 0", false),
        .init("max: 4", "max: 257", false), .init("max: 4", "max: 4.0", true), .init("max: 4", "max: 4.5", false),
        .init("reentrant: false", "reentrant: no", false), .init("run: 5m", "run: 5 min", false),
        .init("run: 5m", "run: 0s", false), .init("run: 5m", "run: 1h", true), .init("run: 5m", "run: 05m", true),
        .init("cancelGrace: 500ms", "cancelGrace: 0s", true), .init("cancelGrace: 500ms", "cancelGrace: 500", false),
        .init("stall: 60s", "stall: 4s", false), .init("stall: 60s", "stall: 5s", true),
        .init("stall: 60s", "stall: 4999ms", false), .init("stall: 60s", "stall: 5000ms", true),
        .init("stall: 60s", "stall: 1m", true), .init("maxAttempts: 5", "maxAttempts: 101", false),
        .init("factor: 1.5", "factor: 0.5", false), .init("factor: 1.5", "factor: 2", true),
        .init("jitter: full", "jitter: some", false), .init("when: [timeout]", "when: [timeout, timeout]", false),
        .init("when: [timeout]", "on: [timeout]", false), .init("when: [timeout]", "when: []", true),
        .init("status: ok", "status: fine", false), .init("code: c", "code: 5", false),
        .init("csv: examples/good.csv", "csv: /etc/passwd", false),
        .init("report.json: o.json", "report.json: 5", false),
        .init("name: good, ", "", false), .init("payload: { n: 1 }, ", "", false),
    ]

    private static let rights: [ManifestChange] = [
        .init("mode: pool", "mode: in-process", true), .init("mode: pool", "mode: thread", false),
        .init("recycleAfterJobs: 20", "recycleAfterJobs: 0", false),
        .init("recycleAboveMemory: 1GiB", "recycleAboveMemory: 0B", false),
        .init("network: none", "network: host", true), .init("network: none", "network: true", false),
        .init("read: [/usr/share]", "read: [usr]", false), .init("read: [/usr/share]", "read: [/a/../b]", false),
        .init("read: [/usr/share]", "read: [/]", true), .init("memory: 512MiB", "memory: 0MiB", false),
        .init("memory: 512MiB", "memory: 0512MiB", true), .init("openFiles: 64", "openFiles: 15", false),
        .init("processes: 0", "processes: 65537", false), .init("threads: 8", "threads: 0", false),
        .init("cpuSeconds: 9", "cpuSeconds: \"9\"", false),
        .init("env: [LANG_DATA]", "env: [AWS_SECRET_ACCESS_KEY]", false),
        .init("env: [LANG_DATA]", "env: [LD_PRELOAD]", false), .init("env: [LANG_DATA]", "env: [lang]", false),
        .init("env: [LANG_DATA]", "env: [A, A]", false), .init("env: [LANG_DATA]", "env: [AWS]", true),
        .init("secrets: [api-token]", "secrets: [API]", false), .init("secrets: [api-token]", "secrets: [a, a]", false),
        .init("results/reports/", "results", false), .init("results/reports/", "Results/x", false),
        .init("results/reports/", "results/a/../b", false), .init("results/reports/", "results//b", false),
        .init("results/reports/", "results/a%2fb", false), .init("results/reports/", "results/", true),
        .init("results/reports/", "ab/", false), .init("results/reports/", "a..b/", false),
        .init("deterministic: true", "deterministic: 1", false), .init("deterministic: true", "speed: 9", false),
    ]

    private static let schema = Result { try JSONSchema(JSONValue(parsing: PublishedSchema.text)) }

    @Test("Reader and schema agree on every change to a good manifest", arguments: changes)
    func agreement(_ change: ManifestChange) throws {
        try #require(Self.good.contains(change.old))
        let text = Self.good.replacing(change.old, with: change.new, maxReplacements: 1)
        let read = Self.faults(in: text)
        let document = try #require(try Yams.compose(yaml: text)).json(file: "handler.yml")
        let mismatch = try Self.schema.get().mismatch(of: document)
        #expect(read.isEmpty == change.isGood, "the reader says \(read)")
        #expect((mismatch == nil) == change.isGood, "the schema says \(String(describing: mismatch))")
    }

    @Test("Reader and schema take the manifest that the changes start from")
    func unchanged() throws {
        #expect(Self.faults(in: Self.good) == [])
        let document = try #require(try Yams.compose(yaml: Self.good)).json(file: "handler.yml")
        #expect(try Self.schema.get().mismatch(of: document) == nil)
    }

    @Test("Reader and schema know the same keys")
    func keys() throws {
        let document = try JSONValue(parsing: PublishedSchema.text)
        let listed = try #require(document["properties"]?.objectValue).keys
        #expect(Set(listed) == Set(ManifestReader.keys))
    }

    private static func faults(in text: String) -> [HandlerFault] {
        let result = ManifestReader.read(Array(text.utf8), file: "handler.yml") { _ in Array("{}".utf8) }
        if case .failure(let faults) = result { return faults.list }
        return []
    }
}
