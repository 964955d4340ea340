/// The parameters of a Query request by the dots in their names: `Attribute.1.Name` is a path of three names.
struct ParameterTree {
    /// The value of the parameter that ends here.
    private(set) var value: String?
    /// The parameters that go on from here, by the next name.
    private(set) var children: [String: ParameterTree] = [:]

    /// The longest path: an entry's attribute's value's type has six names.
    private static let deepest = 8
    /// The most parameters: a batch of ten messages with ten attributes each has fewer than 600.
    private static let mostParameters = 4_000

    private init() {}

    /// Orders the parameters of a request; of several of one name the last counts.
    init(_ parameters: QueryItems) throws(SQSError) {
        guard parameters.items.count <= Self.mostParameters else {
            throw SQSError("SerializationException", "The request has more than \(Self.mostParameters) parameters.")
        }
        for item in parameters.items {
            let path = item.name.split(separator: ".", omittingEmptySubsequences: false)
            guard path.count <= Self.deepest else {
                throw SQSError("SerializationException", "The parameter \(item.name) has too many parts.")
            }
            insert(item.value ?? "", at: path[...])
        }
    }

    /// The elements of a list in the order of their numbers: `Name.1`, `Name.2`; a `Name` without one is the first.
    var elements: [ParameterTree] {
        let numbered = children.compactMap { name, child in Int(name).map { (number: $0, child: child) } }
        let rest = numbered.sorted { $0.number < $1.number }.map(\.child)
        guard value != nil || children.count > numbered.count else { return rest }
        var first = self
        first.children = children.filter { Int($0.key) == nil }
        return [first] + rest
    }

    private mutating func insert(_ value: String, at path: ArraySlice<Substring>) {
        guard let name = path.first else {
            self.value = value
            return
        }
        children[String(name), default: ParameterTree()].insert(value, at: path.dropFirst())
    }
}
