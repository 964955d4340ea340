import JobCore
import PureJSON
import Yams

/// Reads `handler.yml`.
///
/// Its form is that of the published schema, `handler.schema.json`; unknown keys are faults.
package struct ManifestReader {
    static let keys = [
        "manifest", "name", "version", "title", "description", "authors", "license", "homepage", "abi", "runtime",
        "library", "signature", "payload", "config", "result", "inputs", "outputs", "queue", "concurrency", "timeout",
        "retry", "isolation", "limits", "env", "secrets", "s3", "deterministic", "idempotent", "examples",
    ]
    private static let requiredKeys = ["manifest", "name", "version", "abi", "library", "payload"]

    var cursor: ManifestCursor
    var manifest = HandlerManifest()
    /// Reads a file below the manifest's folder.
    let readFile: (String) throws(HandlerFault) -> [UInt8]

    /// Reads a manifest.
    ///
    /// - Parameters:
    ///   - bytes: the file's content.
    ///   - file: its path, for messages.
    ///   - readFile: reads a file below the manifest's folder.
    /// - Returns: the manifest, or all that is wrong with it, in its order.
    package static func read(
        _ bytes: [UInt8], file: String, readFile: @escaping (String) throws(HandlerFault) -> [UInt8]
    ) -> Result<HandlerManifest, ManifestFaults> {
        let root: Node
        switch ManifestDocument.root(bytes, file: file) {
        case .failure(let fault): return .failure(ManifestFaults(list: [fault]))
        case .success(let node): root = node
        }
        var reader = ManifestReader(cursor: ManifestCursor(file: file), readFile: readFile)
        reader.read(root)
        let faults = reader.cursor.sortedFaults
        return faults.isEmpty ? .success(reader.manifest) : .failure(ManifestFaults(list: faults))
    }

    private mutating func read(_ root: Node) {
        let top = cursor.members(root, of: "", known: Self.keys)
        cursor.require(Self.requiredKeys, in: top, of: root, "")
        _ = cursor.integer(top["manifest"], "manifest", in: 1...1)
        readIdentity(top)
        if let node = top["abi"] { readABI(node) }
        readLibraries(top["library"])
        readSignature(top["signature"])
        manifest.payload = schema(top["payload"], "payload")
        manifest.config = schema(top["config"], "config")
        manifest.result = schema(top["result"], "result")
        readInputs(top["inputs"])
        readOutputs(top["outputs"])
        readBinding(top["queue"])
        readRetry(top["retry"])
        readTerms(top)
        manifest.isDeterministic = cursor.flag(top["deterministic"], "deterministic") ?? false
        manifest.isIdempotent = cursor.flag(top["idempotent"], "idempotent") ?? false
        readExamples(top["examples"])
    }

    private mutating func readIdentity(_ top: [String: Node]) {
        let words = "lower-case words joined by hyphens"
        manifest.name = cursor.text(top["name"], "name", expecting: words, where: TextForms.isLabel) ?? ""
        manifest.version =
            cursor.text(top["version"], "version", expecting: "MAJOR.MINOR.PATCH", where: TextForms.isVersion) ?? ""
        manifest.title =
            cursor.text(top["title"], "title", expecting: "at most 80 characters") { $0.unicodeScalars.count <= 80 }
            ?? ""
        manifest.description = cursor.text(top["description"], "description") ?? ""
        manifest.authors = cursor.texts(top["authors"], "authors").map(\.text)
        manifest.license = cursor.text(top["license"], "license")
        manifest.homepage = cursor.text(
            top["homepage"], "homepage", expecting: "an address such as https://host/path", where: TextForms.isHomepage)
        _ = cursor.choice(top["runtime"], "runtime", of: ["native"])
    }

    // MARK: - Schemas

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
        guard let path = relativePath(node, place) else { return nil }
        manifest.referredFiles.append(path)
        do {
            return try JSONValue(parsing: try readFile(path))
        } catch let error as HandlerFault {
            cursor.fault(node, "\(place): \(error.message)")
        } catch {
            cursor.fault(node, "\(place): \(path) is \(error)")
        }
        return nil
    }

    mutating func relativePath(_ node: Node?, _ place: String) -> String? {
        cursor.text(
            node, place, expecting: "a path below the manifest's folder", where: TextForms.isRelativePath)
    }
}

/// All that is wrong with one manifest, in its order.
package struct ManifestFaults: Error {
    package var list: [HandlerFault]

    /// Makes a list, which is not empty.
    package init(list: [HandlerFault]) { self.list = list }
}
