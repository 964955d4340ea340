internal import PureJSON
package import Yams

/// One YAML 1.2 document as a tree of nodes with their places, without the parts of YAML that mislead or explode.
package enum YAMLDocument {
    /// How large a document may be.
    package struct Limits: Sendable, Hashable {
        /// The most bytes.
        package var bytes: Int
        /// The most levels of lists and mappings.
        package var depth: Int
        /// Whether values may be named and used again; what they expand to counts towards ``nodes``.
        package var allowsAnchors: Bool
        /// The most values, aliases expanded.
        package var nodes: Int

        /// Makes limits.
        package init(bytes: Int = 256 << 10, depth: Int = 64, allowsAnchors: Bool = false, nodes: Int = 100_000) {
            self.bytes = bytes
            self.depth = depth
            self.allowsAnchors = allowsAnchors
            self.nodes = nodes
        }
    }

    /// Texts that may look like aliases before a document with anchors is refused unread; what they expand to grows
    /// with two to the power of half their number at most.
    private static let aliasLimit = 16

    /// Words that YAML 1.1 readers take for booleans; as keys they would not be texts to them.
    private static let booleanWords: Set<String> = ["yes", "no", "on", "off", "true", "false"]

    /// Reads a document.
    ///
    /// - Returns: its root.
    package static func root(_ bytes: [UInt8], limits: Limits = Limits()) throws(YAMLFault) -> Node {
        guard bytes.count <= limits.bytes else {
            throw YAMLFault(
                .notText, line: 0, column: 0, message: "expected at most \(limits.bytes) bytes, found \(bytes.count)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw fault(.notText, at: firstBadByte(bytes), in: bytes, "expected UTF-8")
        }
        if let offset = bytes.firstIndex(of: 0) {
            throw fault(.notText, at: offset, in: bytes, "expected text, found a zero byte")
        }
        if let offset = manyAliases(bytes) {
            let advice = limits.allowsAnchors ? "expected at most \(aliasLimit) aliases, found more" : anchorAdvice
            throw fault(.misleading, at: offset, in: bytes, advice)
        }
        let parser: Parser
        let root: Node?
        do {
            parser = try Parser(yaml: text)
            root = try parser.singleRoot()
        } catch let error as YamlError {
            throw fault(error, in: text)
        } catch {
            throw YAMLFault(.notYAML, line: 0, column: 0, message: "not YAML: \(error)")
        }
        guard let root, root.scalar.map({ YAMLScalar.value($0) != .null }) ?? true else {
            throw YAMLFault(.empty, line: 0, column: 0, message: "expected a document, found nothing")
        }
        // Nodes know their anchors as long as their parser lives.
        let result: Result<Void, YAMLFault> = withExtendedLifetime(parser) {
            var count = 0
            do throws(YAMLFault) {
                return .success(try check(root, limits, depth: 0, count: &count))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
        return root
    }

    private static let anchorAdvice = "anchors and aliases are not allowed here; write the value out"

    /// Refuses what is too much, anchors where they are not wanted, and keys that are no texts.
    private static func check(
        _ node: Node, _ limits: Limits, depth: Int, count: inout Int
    ) throws(YAMLFault) {
        count += 1
        guard limits.allowsAnchors || node.anchor == nil else { throw fault(node, anchorAdvice) }
        guard depth < limits.depth else { throw fault(node, "nested deeper than \(limits.depth) levels") }
        guard count <= limits.nodes else { throw fault(node, "expected at most \(limits.nodes) values, found more") }
        switch node {
        case .scalar: break
        case .alias: throw fault(node, anchorAdvice)
        case .sequence(let sequence):
            for element in sequence { try check(element, limits, depth: depth + 1, count: &count) }
        case .mapping(let mapping):
            for (key, value) in mapping {
                try checkKey(key, limits)
                try check(value, limits, depth: depth + 1, count: &count)
            }
        }
    }

    private static func checkKey(_ key: Node, _ limits: Limits) throws(YAMLFault) {
        guard limits.allowsAnchors || key.anchor == nil else { throw fault(key, anchorAdvice) }
        guard case .scalar(let scalar) = key else {
            let kind = key.sequence == nil ? "a mapping" : "a list"
            throw fault(key, "expected a text as a key, found \(kind)")
        }
        guard scalar.style == .plain || scalar.style == .any else { return }
        if scalar.string == "<<" { throw fault(key, "merge keys are not allowed here; write the members out") }
        let value = YAMLScalar.value(scalar)
        if booleanWords.contains(scalar.string.lowercased()) {
            throw fault(key, "the key \(scalar.string) is a boolean to many readers of YAML; write it in quotes")
        }
        guard case .string = value else {
            throw fault(key, "expected a text as a key, found \(kind(of: value)); write it in quotes")
        }
    }

    private static func kind(of value: JSONValue) -> String {
        value.isNull ? "null" : "\(value.typeName) \(value.serialized())"
    }

    // MARK: - Faults

    private static func fault(_ node: Node, _ message: String) -> YAMLFault {
        YAMLFault(.misleading, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, message: message)
    }

    private static func fault(_ error: YamlError, in text: String) -> YAMLFault {
        switch error {
        case .composer(_, "but found another document", let mark, _):
            YAMLFault(.notYAML, line: mark.line, column: mark.column, message: "expected one document, found another")
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            YAMLFault(.notYAML, line: mark.line, column: mark.column, message: "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            duplicate(duplicates.sorted().first ?? "", inMappingAt: context.mark, text)
        default: YAMLFault(.notYAML, line: 0, column: 0, message: "not YAML: \(error)")
        }
    }

    /// Points at the second of two equal keys where each stands on a line of its own, else at their mapping.
    private static func duplicate(_ key: String, inMappingAt mark: Mark, _ text: String) -> YAMLFault {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let starts = lines.indices.dropFirst(mark.line - 1).filter { index in
            let indent = index == mark.line - 1 ? mark.column - 1 : lines[index].prefix { $0 == " " }.count
            return indent == mark.column - 1 && lines[index].dropFirst(indent).hasPrefix(key + ":")
        }
        let line = starts.dropFirst().first.map { $0 + 1 } ?? mark.line
        return YAMLFault(.duplicateKey, line: line, column: mark.column, message: "the key \(key) appears twice")
    }

    // MARK: - Bytes

    /// Where what looks like the first anchor stands, when more than a few texts look like aliases.
    private static func manyAliases(_ bytes: [UInt8]) -> Int? {
        func marks(_ sign: UInt8) -> [Int] {
            bytes.indices.filter { place in
                guard bytes[place] == sign, place + 1 < bytes.count, bytes[place + 1] > 0x20 else { return false }
                return place == 0 || [0x20, 0x0A, 0x0D, 0x2C, 0x5B, 0x7B].contains(bytes[place - 1])
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

    private static func fault(
        _ kind: YAMLFault.Kind, at offset: Int, in bytes: [UInt8], _ message: String
    ) -> YAMLFault {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.count { $0 == 0x0A } + 1
        let column = offset - (before.lastIndex(of: 0x0A) ?? -1)
        return YAMLFault(kind, line: line, column: column, message: message)
    }
}
