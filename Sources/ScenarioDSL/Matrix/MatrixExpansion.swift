internal import JobCore
internal import PureJSON

/// Turns a matrix into its cells.
package enum MatrixExpansion {
    /// The most cells of one scenario, those that are left out included.
    package static let cellLimit = 1_000

    /// The cells in the order of the file, the last dimension fastest, without those that `exclude` leaves out.
    ///
    /// - Parameters:
    ///   - matrix: the value of `matrix`; `nil` when there is none, which is one cell without coordinates.
    ///   - exclude: the value of `exclude`.
    /// - Returns: the cells, and what is wrong; without cells when that is an error.
    static func cells(matrix: SourceNode?, exclude: SourceNode?) -> (cells: [MatrixCell], diagnostics: [Diagnostic]) {
        let dimensions = matrix?.members ?? []
        var diagnostics = dimensions.flatMap { nameDiagnostics($0) }
        var count = 1
        for dimension in dimensions {
            count *= max(dimension.value.elements?.count ?? 1, 1)
            guard count <= cellLimit else {
                let fault = Diagnostic(
                    .tooManyCells, at: dimension.place,
                    "expected at most \(cellLimit) combinations in the matrix, found more")
                return ([], [fault])
            }
        }
        var cells = [MatrixCell(coordinates: [])]
        for dimension in dimensions {
            let values = (dimension.value.elements ?? []).enumerated().map { index, node in
                MatrixCell.Coordinate(
                    dimension: dimension.name, label: label(of: node, number: index + 1), value: node.json)
            }
            cells = cells.flatMap { cell in values.map { MatrixCell(coordinates: cell.coordinates + [$0]) } }
        }
        for rule in exclude?.elements ?? [] {
            diagnostics += unknownDimensions(in: rule, dimensions: dimensions.map(\.name))
            let left = cells.filter { !fits($0, rule) }
            if left.count == cells.count, diagnostics.isEmpty {
                diagnostics.append(Diagnostic(.excludesNothing, at: rule.place, "no combination of the matrix fits"))
            }
            cells = left
        }
        if cells.isEmpty, let exclude, diagnostics.isEmpty {
            diagnostics.append(Diagnostic(.noCells, at: exclude.place, "no combination of the matrix is left over"))
        }
        return (diagnostics.contains { $0.severity == .error } ? [] : cells, diagnostics)
    }

    /// What reports call a value.
    private static func label(of node: SourceNode, number: Int) -> String {
        let text: String
        switch node.content {
        case .scalar(let value): text = value.isNull ? "null" : TextTemplate.spelled(value)
        case .mapping: text = node["id"]?.scalar.map { TextTemplate.spelled($0) } ?? "\(number)"
        case .list: text = "\(number)"
        }
        let safe = text.map { $0 == "," || $0 == "=" || $0.isWhitespace ? "_" : $0 }
        return safe.isEmpty ? "empty" : String(safe)
    }

    private static func nameDiagnostics(_ dimension: SourceNode.Member) -> [Diagnostic] {
        var found: [Diagnostic] = []
        if !Spelling.name.fits(dimension.name) {
            found.append(
                Diagnostic(
                    .badName, at: dimension.place, "expected \(Spelling.name.expectation), found \"\(dimension.name)\"")
            )
        }
        var labels: Set<String> = []
        for (index, node) in (dimension.value.elements ?? []).enumerated() {
            let label = label(of: node, number: index + 1)
            guard !labels.insert(label).inserted else { continue }
            found.append(
                Diagnostic(
                    .sameCellTwice, at: node.place, "two values of \"\(dimension.name)\" are called \"\(label)\""))
        }
        return found
    }

    private static func unknownDimensions(in rule: SourceNode, dimensions: [String]) -> [Diagnostic] {
        (rule.members ?? []).filter { !dimensions.contains($0.name) }.map { member in
            let hint = NearestName.sentence(for: member.name, among: dimensions)
            return Diagnostic(
                .unknownDimension, at: member.place, "the matrix has no dimension \"\(member.name)\"\(hint)")
        }
    }

    private static func fits(_ cell: MatrixCell, _ rule: SourceNode) -> Bool {
        (rule.members ?? []).allSatisfy { member in
            guard let coordinate = cell.coordinates.first(where: { $0.dimension == member.name }) else { return false }
            if Expression.areEqual(coordinate.value, member.value.json) { return true }
            return member.value.scalar.map { TextTemplate.spelled($0) == coordinate.label } ?? false
        }
    }
}
