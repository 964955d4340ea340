import PureJSON
import Yams

/// The YAML of a manifest as one tree of nodes, without the parts of YAML that mislead or explode.
enum ManifestDocument {
    /// The largest manifest, in bytes.
    static let sizeLimit = 256 << 10
    /// How deep a manifest may be nested.
    static let depthLimit = 64
    /// Texts that may look like aliases before a document with anchors is refused unread; what they expand to grows
    /// with two to the power of half their number at most.
    private static let aliasLimit = 16

    /// Words that YAML 1.1 readers take for booleans; as keys they would not be texts to them.
    private static let booleanWords: Set<String> = ["yes", "no", "on", "off", "true", "false"]

    /// The root node, or why there is none.
    static func root(_ bytes: [UInt8], file: String) -> Result<Node, HandlerFault> {
        do throws(HandlerFault) {
            return .success(try compose(bytes, file: file))
        } catch {
            return .failure(error)
        }
    }

    private static func compose(_ bytes: [UInt8], file: String) throws(HandlerFault) -> Node {
        guard bytes.count <= sizeLimit else {
            throw HandlerFault(file: file, message: "expected at most \(sizeLimit) bytes, found \(bytes.count)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HandlerFault(place(of: firstBadByte(bytes), in: bytes, file: file), "expected UTF-8")
        }
        if let offset = bytes.firstIndex(of: 0) {
            throw HandlerFault(place(of: offset, in: bytes, file: file), "expected text, found a zero byte")
        }
        if let offset = manyAliases(bytes) {
            throw HandlerFault(place(of: offset, in: bytes, file: file), anchorAdvice)
        }
        let parser: Parser
        let root: Node?
        do {
            parser = try Parser(yaml: text)
            root = try parser.singleRoot()
        } catch let error as YamlError {
            throw fault(error, file: file)
        } catch {
            throw HandlerFault(file: file, message: "not YAML: \(error)")
        }
        guard let root, root.scalar.map({ YAMLScalar.value($0) != .null }) ?? true else {
            throw HandlerFault(
                file: file, message: "the manifest is empty; `headrace handler schema` says what it holds")
        }
        // Nodes know their anchors as long as their parser lives.
        let result: Result<Void, HandlerFault> = withExtendedLifetime(parser) {
            do throws(HandlerFault) {
                return .success(try check(root, file: file, depth: 0))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
        return root
    }

    private static let anchorAdvice = "anchors and aliases are not allowed here; write the value out"

    /// Refuses anchors, which come before their aliases, so that nothing is expanded; and keys that are no texts.
    private static func check(_ node: Node, file: String, depth: Int) throws(HandlerFault) {
        guard node.anchor == nil else { throw fault(node, file, anchorAdvice) }
        guard depth < depthLimit else { throw fault(node, file, "nested deeper than \(depthLimit) levels") }
        switch node {
        case .scalar: break
        case .alias: throw fault(node, file, anchorAdvice)
        case .sequence(let sequence):
            for element in sequence { try check(element, file: file, depth: depth + 1) }
        case .mapping(let mapping):
            for (key, value) in mapping {
                try check(key, file: file, depth: depth + 1)
                try checkKey(key, file: file)
                try check(value, file: file, depth: depth + 1)
            }
        }
    }

    private static func checkKey(_ key: Node, file: String) throws(HandlerFault) {
        guard case .scalar(let scalar) = key else {
            throw fault(key, file, "expected a text as a key, found \(key.kindName)")
        }
        guard scalar.style == .plain || scalar.style == .any else { return }
        if scalar.string == "<<" { throw fault(key, file, "merge keys are not allowed here; write the members out") }
        guard case .string(let text) = YAMLScalar.value(scalar) else {
            throw fault(key, file, "expected a text as a key, found \(key.kindName); write it in quotes")
        }
        if booleanWords.contains(text.lowercased()) {
            throw fault(
                key, file, "the key \(text) is a boolean to many readers of YAML; write it in quotes")
        }
    }

    // MARK: - Faults

    private static func fault(_ node: Node, _ file: String, _ message: String) -> HandlerFault {
        HandlerFault(
            file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, message: message)
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

    // MARK: - Bytes

    /// Where what looks like the first anchor stands, when more than a few texts look like aliases.
    private static func manyAliases(_ bytes: [UInt8]) -> Int? {
        func marks(_ sign: UInt8) -> [Int] {
            bytes.indices.filter { place in
                let isAfterBreak = place == 0 || [0x20, 0x0A, 0x0D, 0x2C, 0x5B, 0x7B].contains(bytes[place - 1])
                return bytes[place] == sign && isAfterBreak && place + 1 < bytes.count && bytes[place + 1] > 0x20
            }
        }
        guard let anchor = marks(0x26).first, marks(0x2A).count > aliasLimit else { return nil }
        return anchor
    }

    private static func firstBadByte(_ bytes: [UInt8]) -> Int {
        var iterator = bytes.makeIterator()
        var decoder = UTF8()
        var place = 0
        while true {
            switch decoder.decode(&iterator) {
            case .scalarValue(let scalar): place += UTF8.width(scalar)
            case .emptyInput, .error: return place
            }
        }
    }

    private static func place(of offset: Int, in bytes: [UInt8], file: String) -> SourcePlace {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = offset - (before.lastIndex(of: 0x0A) ?? -1)
        return SourcePlace(file: file, line: line, column: column)
    }
}
