internal import Yams

/// Reads nodes of a seed file, and says where what is wrong stands, what was expected and what was found.
struct SeedReader: Sendable {
    /// The file as the user named it.
    let path: String

    /// The members of a mapping, in order; `known` limits their names.
    func members(_ node: Node, _ known: [String]?) throws(LabFailure) -> [(String, Node)] {
        guard let mapping = node.mapping else {
            throw failure(node, "expected a mapping of names to values, found \(kind(of: node))")
        }
        var members: [(String, Node)] = []
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                throw failure(keyNode, "expected a name, found \(kind(of: keyNode))")
            }
            if let known, !known.contains(key) {
                throw failure(keyNode, "there is no \"\(key)\" here; known: \(known.joined(separator: ", "))")
            }
            members.append((key, value))
        }
        return members
    }

    /// The elements of a list, in order.
    func elements(_ node: Node) throws(LabFailure) -> [Node] {
        guard let sequence = node.sequence else {
            throw failure(node, "expected a list, found \(kind(of: node))")
        }
        return Array(sequence)
    }

    /// A text as it is written: numbers and booleans are text as well.
    func text(_ node: Node) throws(LabFailure) -> String {
        guard let scalar = node.scalar else { throw failure(node, "expected text, found \(kind(of: node))") }
        return scalar.string
    }

    /// A whole number.
    func number(_ node: Node, in range: ClosedRange<Int>) throws(LabFailure) -> Int {
        let text = try text(node)
        guard let number = Int(text), range.contains(number) else {
            let expected = "expected a whole number from \(range.lowerBound) to \(range.upperBound)"
            throw failure(node, "\(expected), found \"\(text)\"")
        }
        return number
    }

    /// Where a node stands: path, line and column, from 1.
    func place(of node: Node) -> String { path + (node.mark.map { ":\($0.line):\($0.column)" } ?? "") }

    /// What is wrong with a node.
    func failure(_ node: Node, _ reason: String) -> LabFailure { SeedPlan.invalid("\(place(of: node)): \(reason)") }

    /// What is wrong with a text that is no YAML.
    func failure(_ error: YamlError) -> LabFailure {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            SeedPlan.invalid("\(path):\(mark.line):\(mark.column): expected YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            SeedPlan.invalid(
                "\(path):\(context.mark.line):\(context.mark.column): expected each name once, found "
                    + duplicates.map { "\"\($0)\"" }.sorted().joined(separator: ", ") + " twice")
        default: SeedPlan.invalid("\(path): expected YAML: \(error)")
        }
    }

    private func kind(of node: Node) -> String {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "the text \"\(scalar.string)\""
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }
}
