internal import JobCore
internal import PureJSON

/// What expressions know before a run: the values of a cell, and the variables.
struct CellScope: ExpressionScope {
    /// The names that this scope answers for.
    static let roots: Set<String> = ["matrix", "vars"]

    private let values: [String: [String: SourceNode]]
    /// Fields that some value of a dimension has; they are null in the others.
    private let fields: [String: Set<String>]

    /// A cell of a file.
    init(_ cell: MatrixCell, file: SourceNode) {
        var matrix: [String: SourceNode] = [:]
        var fields: [String: Set<String>] = [:]
        for dimension in file["matrix"]?.members ?? [] {
            let nodes = dimension.value.elements ?? []
            let value = cell.coordinates.first { $0.dimension == dimension.name }?.value
            matrix[dimension.name] = nodes.first { $0.json == value } ?? nodes.first
            fields[dimension.name] = Set(nodes.flatMap { $0.members?.map(\.name) ?? [] })
        }
        let variables = (file["vars"]?.members ?? []).map { ($0.name, $0.value) }
        values = ["matrix": matrix, "vars": Dictionary(variables) { first, _ in first }]
        self.fields = fields
    }

    func value(of path: [String]) -> JSONValue? { node(at: path)?.json }

    func value(of function: ExpressionFunction, _ arguments: [JSONValue], at place: SourcePlace) -> JSONValue? { nil }

    /// The value of a path as the file has it; null for a field that only other values of the dimension have.
    func node(at path: [String]) -> SourceNode? {
        guard path.count >= 2, var node = values[path[0]]?[path[1]] else { return nil }
        for (depth, name) in path.dropFirst(2).enumerated() {
            if let member = node[name] {
                node = member
            } else if node.isNull || (depth == 0 && path[0] == "matrix" && fields[path[1]]?.contains(name) == true) {
                node = SourceNode(.scalar(.null), at: node.place)
            } else {
                return nil
            }
        }
        return node
    }

    /// Why a path means nothing; `nil` when it is known, or when another scope answers for it.
    func fault(in path: [String], at place: SourcePlace) -> Diagnostic? {
        guard let root = path.first, Self.roots.contains(root), node(at: path) == nil else { return nil }
        let names = values[root] ?? [:]
        guard path.count >= 2 else {
            return Diagnostic(
                .unknownName, at: place,
                "expected a name after \"\(root).\", such as \(root).\(names.keys.min() ?? "name")")
        }
        let known: [String]
        let whole: String
        if names[path[1]] == nil {
            known = names.keys.sorted()
            whole = "\(root).\(path[1])"
        } else {
            known = (fields[path[1]] ?? []).union(names[path[1]]?.members?.map(\.name) ?? []).sorted()
            whole = path.joined(separator: ".")
        }
        let typed = names[path[1]] == nil ? path[1] : path.last ?? ""
        let hint = NearestName.of(typed, among: known).map { "; did you mean \"\($0)\"?" }
        let list = known.isEmpty ? "" : "; known: \(known.joined(separator: ", "))"
        return Diagnostic(.unknownName, at: place, "there is no \(whole)\(hint ?? list)")
    }
}
