internal import PureJSON
internal import YAMLDocument
internal import Yams

/// The text of a scenario file, and its values with their places.
package struct SourceText: Sendable {
    /// The path, as messages name it.
    package let path: String
    /// The lines, without their ends.
    package let lines: [String]
    private let bytes: [UInt8]
    /// The characters of each line, so that places in long lines cost no more than in short ones.
    private let scalars: [[Unicode.Scalar]]

    /// Takes the bytes of a file.
    package init(_ bytes: [UInt8], path: String) {
        self.path = path
        self.bytes = bytes
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
        }
        self.lines = lines
        scalars = lines.map { Array($0.unicodeScalars) }
    }

    /// The line of a place; empty when there is none.
    package func line(_ number: Int) -> String { lines.indices.contains(number - 1) ? lines[number - 1] : "" }

    /// The values, or why there are none.
    func root() throws(YAMLFault) -> SourceNode {
        node(try YAMLDocument.root(bytes, limits: YAMLDocument.Limits(allowsAnchors: true, nodes: 20_000)))
    }

    private func node(_ node: Node) -> SourceNode {
        let place = place(of: node)
        switch node {
        case .scalar(let scalar):
            let value = YAMLScalar.value(scalar)
            return SourceNode(.scalar(value), at: place, textOffset: textOffset(of: scalar, at: place))
        case .sequence(let sequence): return SourceNode(.list(sequence.map { self.node($0) }), at: place)
        case .mapping(let mapping):
            let members = mapping.map { key, value in
                SourceNode.Member(name: key.scalar?.string ?? "", place: self.place(of: key), value: self.node(value))
            }
            return SourceNode(.mapping(members), at: place)
        case .alias: return SourceNode(.scalar(.null), at: place)
        }
    }

    private func characters(of line: Int) -> [Unicode.Scalar] {
        scalars.indices.contains(line - 1) ? scalars[line - 1] : []
    }

    private func place(of node: Node) -> SourcePlace {
        let mark = node.mark
        var place = SourcePlace(line: mark?.line ?? 1, column: mark?.column ?? 1)
        let rest = max(characters(of: place.line).count - place.column + 1, 1)
        guard let scalar = node.scalar else { return place }
        let quotes = scalar.style == .singleQuoted || scalar.style == .doubleQuoted ? 2 : 0
        let isBlock = scalar.style == .literal || scalar.style == .folded
        place.length = isBlock ? 1 : min(max(scalar.string.unicodeScalars.count + quotes, 1), rest)
        return place
    }

    /// Where the text itself starts, as long as the file spells it character for character.
    private func textOffset(of scalar: Node.Scalar, at place: SourcePlace) -> Int? {
        let offset = scalar.style == .singleQuoted || scalar.style == .doubleQuoted ? 1 : 0
        let written = characters(of: place.line).dropFirst(place.column - 1 + offset)
        let text = scalar.string.unicodeScalars
        return written.prefix(text.count).elementsEqual(text) ? offset : nil
    }
}
