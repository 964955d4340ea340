import CHandlerABI
import JobCore
import PureJSON
import Yams

/// What the handler is to others: library, inputs, outputs, queues.
extension ManifestReader {
    /// The platforms that there are.
    static let platforms = ["linux-x86_64", "linux-aarch64"]
    /// The most inputs or outputs of a handler.
    private static let fileLimit = 64

    /// The platform that this process runs on, as manifests spell it.
    package static var platform: String {
        #if arch(x86_64)
            "linux-x86_64"
        #elseif arch(arm64)
            "linux-aarch64"
        #endif
    }

    mutating func readABI(_ node: Node) {
        let abi = cursor.members(node, of: "abi", known: ["major", "minMinor", "requires", "optional"])
        cursor.require(["major"], in: abi, of: node, "abi")
        if let major = cursor.integer(abi["major"], "abi.major", in: 1...1_000) {
            manifest.abi.major = major
            if major != Int64(JH_ABI_MAJOR) {
                cursor.fault(abi["major"], "abi.major: the handler wants \(major), this runner speaks \(JH_ABI_MAJOR)")
            }
        }
        if let minor = cursor.integer(abi["minMinor"], "abi.minMinor", in: 0...1_000) {
            manifest.abi.minMinor = minor
            if minor > Int64(JH_ABI_MINOR) {
                cursor.fault(
                    abi["minMinor"],
                    "abi.minMinor: the handler wants \(JH_ABI_MAJOR).\(minor), this runner speaks "
                        + "\(JH_ABI_MAJOR).\(JH_ABI_MINOR); upgrade the runner")
            }
        }
        manifest.abi.optional = cursor.texts(
            abi["optional"], "abi.optional", expecting: "an extension such as jh.trace/1",
            where: TextForms.isExtensionID)
        for (node, name) in cursor.texts(abi["requires"], "abi.requires") {
            guard TextForms.isExtensionID(name) else {
                cursor.fault(node, "abi.requires: expected an extension such as jh.trace/1, found \"\(name)\"")
                continue
            }
            manifest.abi.requires.append(name)
            cursor.fault(node, "abi.requires: this runner does not have the extension \"\(name)\"")
        }
    }

    mutating func readLibraries(_ node: Node?) {
        guard let node else { return }
        let entries = cursor.elements(node, "library")
        for entry in entries {
            let members = cursor.members(entry, of: "library", known: ["platform", "path", "sha256"])
            cursor.require(["platform", "path", "sha256"], in: members, of: entry, "library")
            let platform = cursor.choice(members["platform"], "library.platform", of: Self.platforms)
            let path = relativePath(members["path"], "library.path")
            let digest = digest(members["sha256"])
            guard let platform, let path, let digest else { continue }
            if manifest.libraries.contains(where: { $0.platform == platform }) {
                cursor.fault(members["platform"], "library: \(platform) stands twice")
            }
            manifest.libraries.append(
                HandlerManifest.Library(
                    platform: platform, path: path, digest: digest,
                    digestPlace: cursor.place(of: members["sha256"])))
        }
        if entries.isEmpty {
            cursor.fault(node, "library: expected at least one entry")
        } else if manifest.library == nil, cursor.sortedFaults.isEmpty {
            let others = manifest.libraries.map(\.platform).joined(separator: ", ")
            cursor.fault(node, "library: no entry for \(Self.platform), only \(others)")
        }
    }

    private mutating func digest(_ node: Node?) -> HandlerManifest.Digest? {
        let form = "64 lower-case hexadecimal digits or dev"
        let text = cursor.text(node, "library.sha256", expecting: form) { $0 == "dev" || TextForms.isSHA256($0) }
        return text.map { $0 == "dev" ? .dev : .sha256($0) }
    }

    mutating func readSignature(_ node: Node?) {
        guard let node else { return }
        let members = cursor.members(node, of: "signature", known: ["keyId", "file"])
        cursor.require(["keyId", "file"], in: members, of: node, "signature")
        let form = "1 to 64 letters, digits, ., _ and -"
        let keyID = cursor.text(
            members["keyId"], "signature.keyId", expecting: form, where: TextForms.isKeyID)
        let file = relativePath(members["file"], "signature.file")
        guard let keyID, let file else { return }
        manifest.signature = HandlerManifest.Signature(
            keyID: keyID, file: file, place: cursor.place(of: members["keyId"]))
    }

    mutating func readInputs(_ node: Node?) {
        for (key, name, value) in files(node, "inputs") {
            let place = "inputs.\(name)"
            let members = cursor.members(value, of: place, known: ["from", "required", "contentTypes", "maxBytes"])
            cursor.require(["from"], in: members, of: key, place)
            var input = HandlerManifest.Input(name: name)
            let pointer = cursor.text(
                members["from"], place + ".from", expecting: "a JSON Pointer such as /inputs/\(name)",
                where: TextForms.isPointer)
            if let pointer { input.from = pointer }
            if let pointer, pointer != "/inputs/\(name)" { manifest.notEnforced.append(place + ".from") }
            input.isRequired = cursor.flag(members["required"], place + ".required") ?? true
            input.contentTypes = cursor.texts(
                members["contentTypes"], place + ".contentTypes", expecting: "a media type such as text/csv",
                where: TextForms.isMediaType)
            if !input.contentTypes.isEmpty { manifest.notEnforced.append(place + ".contentTypes") }
            input.maxBytes = cursor.size(members["maxBytes"], place + ".maxBytes")
            manifest.inputs.append(input)
        }
    }

    mutating func readOutputs(_ node: Node?) {
        for (key, name, value) in files(node, "outputs") {
            let place = "outputs.\(name)"
            let members = cursor.members(value, of: place, known: ["to", "required", "contentType"])
            cursor.require(["to"], in: members, of: key, place)
            var output = HandlerManifest.Output(name: name)
            let template = cursor.text(
                members["to"], place + ".to", expecting: "a key with {job} in it, such as {job}/\(name)",
                where: TextForms.isOutputTemplate)
            if let template { output.to = template }
            if let template, template != "{job}/\(name)" { manifest.notEnforced.append(place + ".to") }
            output.isRequired = cursor.flag(members["required"], place + ".required") ?? true
            let type = cursor.text(
                members["contentType"], place + ".contentType", expecting: "a media type such as text/csv",
                where: TextForms.isMediaType)
            if let type { output.contentType = type }
            manifest.outputs.append(output)
        }
    }

    private mutating func files(_ node: Node?, _ place: String) -> [(key: Node, name: String, value: Node)] {
        guard let node else { return [] }
        let pairs = cursor.pairs(node, of: place)
        if pairs.count > Self.fileLimit {
            cursor.fault(node, "\(place): expected at most \(Self.fileLimit), found \(pairs.count)")
        }
        for pair in pairs where !TextForms.isFileName(pair.name) {
            cursor.fault(pair.key, "\(place).\(pair.name): expected a name of letters, digits, '.', '_' and '-'")
        }
        return pairs
    }

    mutating func readBinding(_ node: Node?) {
        guard let node else { return }
        let members = cursor.members(node, of: "queue", known: ["names", "match"])
        var binding = QueueBinding(queueNames: [], match: [])
        binding.queueNames = cursor.texts(
            members["names"], "queue.names", expecting: "a queue name", unique: true,
            where: { (1...80).contains($0.unicodeScalars.count) })
        if let match = members["match"] {
            for (_, name, value) in cursor.pairs(match, of: "queue.match") {
                guard let json = cursor.json(value) else { continue }
                switch json {
                case .string, .integer, .number, .bool:
                    binding.match.append(QueueBinding.Condition(member: name, value: json))
                case .null, .array, .object:
                    cursor.fault(
                        value, "queue.match.\(name): expected a text, a number, true or false, found \(json.summary)")
                }
            }
        }
        manifest.binding = binding
        manifest.notEnforced.append("queue")
    }
}
