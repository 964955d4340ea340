import JobCore
import PureJSON
import Testing

@testable import HandlerHosting

@Suite("Handler manifests")
struct ManifestReaderTests {
    static let whole = """
        manifest: 1
        name: csv-validate
        version: 1.2.0-rc.1
        title: Validate
        abi: { major: 1, minMinor: 0, optional: [jh.trace/1] }
        library:
          - { platform: linux-x86_64, path: lib/libx.so, sha256: dev }
          - { platform: linux-aarch64, path: lib/libx.so, sha256: dev }
        payload: payload.schema.json
        config: { type: object, properties: { "no": { type: string, default: off } } }
        inputs:
          csv: { from: /s3_file_path, contentTypes: [text/csv], maxBytes: 512MiB }
          schema: { from: /schema, required: false }
        outputs:
          report.json: { to: "{job}/report.json", contentType: application/json }
          errors.csv: { to: "{job}/errors.csv", required: false }
        concurrency: { max: 4, reentrant: false }
        timeout: { run: 5m, cancelGrace: 500ms, stall: 60s }
        retry: { maxAttempts: 5, backoff: { initial: 5s, max: 2m, factor: 1.5, jitter: full }, when: [timeout] }
        isolation: { mode: pool, recycleAfterJobs: 20, recycleAboveMemory: 1GiB, network: none }
        limits: { memory: 512MiB, cpuSeconds: 9, openFiles: 64, processes: 0, threads: 8, outputBytes: 64KiB }
        env: [LANG_DATA]
        secrets: []
        deterministic: true
        examples:
          - { name: good, payload: { n: 1 }, inputs: { csv: examples/good.csv }, expect: { status: ok } }

        """

    private func read(_ text: String) -> Result<HandlerManifest, ManifestFaults> {
        ManifestReader.read(Array(text.utf8), file: "handler.yml") { name throws(HandlerFault) in
            guard name == "payload.schema.json" else {
                throw HandlerFault(file: "handler.yml", message: "\(name) cannot be opened")
            }
            return Array(#"{"type": "object", "properties": {"n": {"type": "integer"}}}"#.utf8)
        }
    }

    @Test("A whole manifest is read, in its order")
    func whole() throws {
        let manifest = try read(Self.whole).get()
        #expect(manifest.name == "csv-validate")
        #expect(manifest.inputs.map(\.name) == ["csv", "schema"])
        #expect(manifest.inputs.map(\.isRequired) == [true, false])
        #expect(manifest.inputs.first?.maxBytes == 512 << 20)
        #expect(manifest.outputs.map(\.name) == ["report.json", "errors.csv"])
        #expect(manifest.request[.runTimeout]?.value == .duration(.seconds(300)))
        #expect(manifest.request[.cancelGrace]?.value == .duration(.milliseconds(500)))
        #expect(manifest.request[.stall]?.value == .duration(.seconds(60)))
        #expect(manifest.retry.maxAttempts == 5)
        #expect(manifest.retry.factor == 1.5)
        #expect(manifest.request[.concurrency]?.value == .amount(4))
        #expect(manifest.recycleAboveBytes == 1 << 30)
        let limits: [GrantKey: Int64] = [
            .memory: 512 << 20, .cpuSeconds: 9, .openFiles: 64, .processes: 0, .threads: 8, .outputBytes: 65_536,
        ]
        for (key, amount) in limits { #expect(manifest.request[key]?.value == .amount(amount), "\(key)") }
        #expect(manifest.request[.memory]?.place.description == "handler.yml:21:19")
        #expect(manifest.request[.environment]?.value == .names(["LANG_DATA"]))
        #expect(manifest.examples.first?.inputs == ["csv": "examples/good.csv"])
        #expect(manifest.payload?.mismatch(of: ["n": "x"])?.pointer == "/n")
        #expect(
            manifest.notEnforced == [
                "inputs.csv.from", "inputs.csv.contentTypes", "inputs.schema.from", "retry.when",
                "retry.backoff.jitter",
            ])
    }

    @Test("Words that YAML 1.1 took for booleans are texts, as keys and as values")
    func noNorway() throws {
        let manifest = try read(Self.whole).get()
        #expect(manifest.config?.addingDefaults(to: [:]) == ["no": "off"])
    }

    @Test(
        "Each mistake is one fault with its place",
        arguments: [
            ("name: csv-validate", "nmae: csv-validate", "2:1: unknown key \"nmae\"; did you mean \"name\"?"),
            (
                "name: csv-validate", "name: CSV",
                "2:7: name: expected lower-case words joined by hyphens, found \"CSV\""
            ),
            ("version: 1.2.0-rc.1", "version: 1.2", "3:10: version: expected a text, found number 1.2"),
            ("version: 1.2.0-rc.1", "version: 1.2.x", "3:10: version: expected MAJOR.MINOR.PATCH, found \"1.2.x\""),
            ("major: 1,", "major: 2,", "5:15: abi.major: the handler wants 2, this runner speaks 1"),
            (
                "minMinor: 0", "minMinor: 3",
                "5:28: abi.minMinor: the handler wants 1.3, this runner speaks 1.0; upgrade the runner"
            ),
            ("optional:", "requires:", "5:42: abi.requires: this runner does not have the extension \"jh.trace/1\""),
            (
                "timeout: { run: 5m", "timeout: { run: 5 min",
                "18:17: timeout.run: expected a duration such as 500ms, 30s, 5m or 1h, found string \"5 min\""
            ),
            (
                "memory: 512MiB", "memory: 512MB",
                "21:19: limits.memory: expected a size such as 64KiB, 512MiB or 2GiB, found string \"512MB\""
            ),
            (
                "mode: pool", "mode: inprocess",
                "20:20: isolation.mode: expected one of in-process, pool, process-per-job, found \"inprocess\"; "
                    + "did you mean \"in-process\"?"
            ),
            (
                "env: [LANG_DATA]", "env: [AWS_SECRET_ACCESS_KEY]",
                "22:7: env: AWS_SECRET_ACCESS_KEY is never given to handlers"
            ),
            ("max: 4, re", "max: 0, re", "17:21: concurrency.max: expected an integer in 1...256, found integer 0"),
            ("payload.schema.json", "other.json", "9:10: payload: other.json cannot be opened"),
            (
                "type: object, properties", "tpye: object, properties",
                "10:9: config/tpye: the keyword \"tpye\" is not supported; did you mean \"type\"?"
            ),
            ("report.json: {", "a/b: {", "15:3: outputs.a/b: expected a name of letters, digits, '.', '_' and '-'"),
            (
                "payload: { n: 1 }", "payload: { n: x }",
                "26:28: examples: the payload of \"good\" does not fit the schema at /n: expected integer, found string \"x\""
            ),
            (
                "examples/good.csv", "../good.csv",
                "26:53: examples.inputs.csv: expected a path below the manifest's folder, found \"../good.csv\""
            ),
            ("title: Validate", "name: twice", "2:1: the key name appears twice"),
            ("title: Validate", "title: [", "6:1: not YAML: did not find expected ',' or ']'"),
        ])
    func faults(_ correct: String, _ wrong: String, _ expected: String) {
        guard case .failure(let faults) = read(Self.whole.replacing(correct, with: wrong, maxReplacements: 1)) else {
            Issue.record("accepted")
            return
        }
        #expect(faults.list.map(\.description).contains("handler.yml:" + expected), "\(faults.list)")
    }

    @Test("The bundled handlers' manifests have no fault", arguments: ["CSVValidate", "ColumnMap", "ChurnPredict"])
    func bundled(_ plugin: String) throws {
        let file = Zoo.package + "/Plugins/\(plugin)/handler.yml"
        let manifest = ManifestReader.read(try Zoo.read(file), file: file) { name throws(HandlerFault) in
            do {
                return try Zoo.read(Zoo.package + "/Plugins/\(plugin)/" + name)
            } catch {
                throw HandlerFault(file: file, message: "\(name) cannot be read")
            }
        }
        #expect(throws: Never.self) { try manifest.get() }
    }

    @Test("Paths out of the folder and wrong digests are refused")
    func library() {
        let text = Self.whole.replacing("lib/libx.so", with: "../libx.so").replacing("sha256: dev", with: "sha256: ABC")
        guard case .failure(let faults) = read(text) else {
            Issue.record("accepted")
            return
        }
        #expect(faults.list.count == 4)
    }

    @Test("All mistakes of a manifest are shown at once")
    func several() {
        guard case .failure(let faults) = read("manifest: 2\nname: x\nspeed: 9\n") else {
            Issue.record("accepted")
            return
        }
        #expect(
            faults.list.map(\.message) == [
                "manifest: expected an integer in 1...1, found integer 2", "unknown key \"speed\"",
                "the key \"version\" is missing", "the key \"abi\" is missing",
                "the key \"library\" is missing", "the key \"payload\" is missing",
            ])
    }
}
