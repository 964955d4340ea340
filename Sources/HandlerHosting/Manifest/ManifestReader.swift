import JobCore
import PureJSON
import Yams

/// Reads `handler.yml`.
///
/// Source of the rules: the manifest schema that `headrace handler` documents; unknown keys are faults.
struct ManifestReader {
    static let keys = [
        "manifest", "name", "version", "title", "description", "authors", "license", "homepage", "abi", "runtime",
        "library", "signature", "payload", "config", "result", "inputs", "outputs", "queue", "concurrency", "timeout",
        "retry", "isolation", "limits", "env", "secrets", "s3", "deterministic", "idempotent", "examples",
    ]

    var cursor: ManifestCursor
    var manifest = HandlerManifest()
    /// Reads a file below the manifest's folder.
    let readFile: (String) throws(HandlerFault) -> [UInt8]

    /// Reads a manifest's text.
    ///
    /// - Returns: the manifest, or all that is wrong with it.
    static func read(
        _ text: String, file: String, readFile: @escaping (String) throws(HandlerFault) -> [UInt8]
    ) -> Result<HandlerManifest, ManifestFaults> {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            return .failure(ManifestFaults(list: [fault(error, file: file)]))
        } catch {
            return .failure(ManifestFaults(list: [HandlerFault(file: file, message: "not YAML: \(error)")]))
        }
        var reader = ManifestReader(cursor: ManifestCursor(file: file), readFile: readFile)
        guard let root else {
            return .failure(ManifestFaults(list: [HandlerFault(file: file, message: "the manifest is empty")]))
        }
        reader.read(root)
        let faults = reader.cursor.faults
        return faults.isEmpty ? .success(reader.manifest) : .failure(ManifestFaults(list: faults))
    }

    private static func fault(_ error: YamlError, file: String) -> HandlerFault {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            HandlerFault(file: file, line: mark.line, column: mark.column, message: "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            HandlerFault(
                file: file, line: context.mark.line, column: context.mark.column,
                message: "the key \(duplicates.sorted().joined(separator: ", ")) appears twice")
        default: HandlerFault(file: file, message: "not YAML: \(error)")
        }
    }

    private mutating func read(_ root: Node) {
        let top = cursor.members(root, of: "", known: Self.keys)
        for key in ["manifest", "name", "version", "abi", "library", "payload"] where top[key] == nil {
            cursor.fault(root, "the key \"\(key)\" is missing")
        }
        _ = cursor.integer(top["manifest"], "manifest", in: 1...1)
        readIdentity(top)
        readLibrary(top)
        manifest.payload = schema(top["payload"], "payload")
        manifest.config = schema(top["config"], "config")
        _ = schema(top["result"], "result")
        readInputs(top["inputs"])
        readOutputs(top["outputs"])
        if let node = top["concurrency"] { readConcurrency(node) }
        if let node = top["timeout"] { readTimeout(node) }
        if let node = top["retry"] { readRetry(node) }
        if let node = top["isolation"] { readIsolation(node) }
        if let node = top["limits"] { readLimits(node) }
        readGrants(top)
        readExamples(top["examples"])
    }

    private mutating func readIdentity(_ top: [String: Node]) {
        if let name = cursor.text(top["name"], "name") {
            if !Self.isLabel(name) {
                cursor.fault(top["name"], "name: expected lower-case words joined by hyphens, found \"\(name)\"")
            }
            manifest.name = name
        }
        if let version = cursor.text(top["version"], "version") {
            if !Self.isVersion(version) {
                cursor.fault(top["version"], "version: expected MAJOR.MINOR.PATCH, found \"\(version)\"")
            }
            manifest.version = version
        }
        manifest.title = cursor.text(top["title"], "title") ?? ""
        manifest.description = cursor.text(top["description"], "description") ?? ""
        _ = cursor.texts(top["authors"], "authors")
        for key in ["license", "homepage"] { _ = cursor.text(top[key], key) }
        _ = cursor.choice(top["runtime"], "runtime", of: ["native"])
        if let node = top["abi"] { readABI(node) }
    }

    private static func isLabel(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return text.utf8.count <= 63 && text.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            }
    }

    private static func isVersion(_ text: String) -> Bool {
        let core = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = core[0].split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 3
            && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
            && (core.count == 1 || !core[1].isEmpty)
    }

    /// An inline schema, or the name of a JSON file below the manifest's folder.
    private mutating func schema(_ node: Node?, _ place: String) -> JSONSchema? {
        guard let node, let value = schemaDocument(node, place) else { return nil }
        guard case .object = value else {
            cursor.fault(node, "\(place): expected a schema or the name of a JSON file, found \(value.summary)")
            return nil
        }
        do throws(JSONSchemaFault) {
            return try JSONSchema(value)
        } catch {
            cursor.fault(node, "\(place)\(error.pointer): \(error.reason)")
            return nil
        }
    }

    private mutating func schemaDocument(_ node: Node, _ place: String) -> JSONValue? {
        guard case .scalar(let scalar) = node, scalar.string.hasSuffix(".json") else { return cursor.json(node) }
        do {
            return try JSONValue(parsing: try readFile(scalar.string))
        } catch let error as HandlerFault {
            cursor.fault(node, "\(place): \(error.message)")
        } catch {
            cursor.fault(node, "\(place): \(scalar.string) is \(error)")
        }
        return nil
    }
}

/// All that is wrong with one manifest, in its order.
struct ManifestFaults: Error {
    var list: [HandlerFault]
}
