import FoundationEssentials
import JobCore
import Yams

/// One `headrace.yml`, flattened to dotted keys with their places.
struct ConfigurationFile {
    /// The path as given, for messages.
    let path: String
    /// The values in the order of the file.
    private(set) var values: [(key: String, value: RawValue)] = []
    /// Blocks that are more than a list of settings, by their dotted keys.
    private(set) var blocks: [(key: String, node: Node)] = []

    /// The largest file that is read.
    static let sizeLimitBytes = 1 << 20

    /// Reads and checks a file's keys; values are checked by their settings.
    init(path: String) throws(ConfigurationError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw .unreadable(path: path, reason: Self.reason(of: error))
        }
        guard data.count <= Self.sizeLimitBytes else {
            throw .unreadable(path: path, reason: "\(data.count) bytes, at most \(Self.sizeLimitBytes) are read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .unreadable(path: path, reason: "it is not UTF-8")
        }
        try self.init(path: path, text: text)
    }

    /// Reads and checks a file's keys from its text.
    init(path: String, text: String) throws(ConfigurationError) {
        self.path = path
        guard let root = try Self.compose(text, path: path) else { return }
        try flatten(root, below: "")
    }

    private mutating func flatten(_ node: Node, below prefix: String) throws(ConfigurationError) {
        let origin = origin(of: node)
        guard let mapping = node.mapping else {
            if Self.isEmpty(node) { return }
            let name = prefix.isEmpty ? "the file" : prefix
            throw .badValue(
                key: name, expected: "a mapping of keys to values", found: Self.describe(node), origin: origin)
        }
        for (keyNode, valueNode) in mapping {
            guard let name = keyNode.scalar?.string else {
                throw .badValue(key: "a key", expected: "text", found: Self.describe(keyNode), origin: origin)
            }
            let key = prefix.isEmpty ? name : "\(prefix).\(name)"
            if ConfigurationSetting.named(key) != nil {
                values.append((key, try rawValue(valueNode, key: key)))
            } else if HandlerPolicyBlock.keys.contains(key) {
                blocks.append((key, valueNode))
            } else if ConfigurationSetting.all.contains(where: { $0.key.hasPrefix(key + ".") }) {
                try flatten(valueNode, below: key)
            } else {
                let nearest = NearestName.of(key, among: Self.knownNames)
                throw .unknownKey(key, nearest: nearest, origin: self.origin(of: keyNode))
            }
        }
    }

    private func rawValue(_ node: Node, key: String) throws(ConfigurationError) -> RawValue {
        var raw = RawValue(texts: [], isList: false, origin: origin(of: node), baseDirectory: Self.directory(of: path))
        if let scalar = node.scalar {
            raw.texts = [Self.isEmpty(node) ? "" : scalar.string]
            return raw
        }
        guard let sequence = node.sequence else {
            throw .badValue(key: key, expected: "a value", found: Self.describe(node), origin: raw.origin)
        }
        raw.isList = true
        for element in sequence {
            guard let text = element.scalar?.string, !text.isEmpty else {
                throw .badValue(
                    key: key, expected: "a list of texts", found: "\(Self.describe(element)) in it",
                    origin: origin(of: element))
            }
            raw.texts.append(text)
        }
        return raw
    }

    func origin(of node: Node) -> ConfigurationOrigin {
        .file(path: path, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}

extension ConfigurationFile {
    /// All keys and the sections that hold them.
    private static let knownNames: [String] = {
        let keys = ConfigurationSetting.all.map(\.key)
        let sections = keys.compactMap { key in key.firstIndex(of: ".").map { String(key[..<$0]) } }
        return keys + HandlerPolicyBlock.keys + Set(sections).sorted()
    }()

    private static func compose(_ text: String, path: String) throws(ConfigurationError) -> Node? {
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw fault(error, path: path)
        } catch {
            throw .notYAML(path: path, line: 1, column: 1, reason: "\(error)")
        }
    }

    private static func fault(_ error: YamlError, path: String) -> ConfigurationError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            .notYAML(path: path, line: mark.line, column: mark.column, reason: problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            .notYAML(
                path: path, line: context.mark.line, column: context.mark.column,
                reason: "key \(duplicates.joined(separator: ", ")) stands more than once in one mapping")
        default:
            .notYAML(path: path, line: 1, column: 1, reason: "\(error)")
        }
    }

    /// Whether a node is what YAML 1.2's core schema calls null.
    private static func isEmpty(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private static func describe(_ node: Node) -> String {
        if let scalar = node.scalar { return isEmpty(node) ? "nothing" : ConfigurationText.quoted(scalar.string) }
        return node.mapping != nil ? "a mapping" : "a list"
    }

    static func directory(of path: String) -> String? {
        path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    }

    private static func reason(of error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile: "no such file"
        case .fileReadNoPermission: "permission denied"
        default: "\(error)"
        }
    }
}
