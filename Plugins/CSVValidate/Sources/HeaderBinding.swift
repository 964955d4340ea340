/// Which column of the file is which column of the schema.
struct HeaderBinding {
    /// The labels in file order, without blanks at their ends.
    let labels: [String]
    /// Schema column per file column.
    let columns: [TableSchema.Column?]
    /// How many columns of the schema were found.
    var boundCount: Int { columns.reduce(0) { $0 + ($1 == nil ? 0 : 1) } }

    /// Binds labels by their spelling, then by their letters and digits alone.
    init(labels: [String], schema: TableSchema?) {
        self.labels = labels
        guard let schema else {
            columns = labels.map { _ in nil }
            return
        }
        var open = schema.columns
        var bound: [TableSchema.Column?] = labels.map { label in
            open.firstIndex { $0.name == label }.map { open.remove(at: $0) }
        }
        for (index, label) in labels.enumerated() where bound[index] == nil {
            let key = Self.key(label)
            bound[index] = open.firstIndex { Self.key($0.name) == key }.map { open.remove(at: $0) }
        }
        columns = bound
    }

    /// A header-less file whose columns stand in schema order.
    init(positional schema: TableSchema?, count: Int) {
        let names = schema?.columns.map(\.name) ?? []
        let fits = names.count == count
        labels = (0..<count).map { fits ? names[$0] : "column \($0 + 1)" }
        columns = (0..<count).map { fits ? schema?.columns[$0] : nil }
    }

    /// The index of the file column that is the schema column with this name.
    func index(of name: String) -> Int? { columns.firstIndex { $0?.name == name } }

    static func key(_ label: String) -> String {
        String(label.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) })
    }
}
