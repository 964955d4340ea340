import HandlerSDK
import TabularData

/// Where the columns that matter stand in one file.
struct TableLayout: Sendable {
    /// The file's column names, blanks at the ends taken off.
    let header: [String]
    /// Index of the customer's identifier, or nil.
    let identifier: Int?
    /// Index of the column that tells who left, or nil.
    let target: Int?
    let encoder: FeatureEncoder

    /// Finds the bundle's columns in a header, by name; letters in either case match when no exact name does.
    ///
    /// - Throws: `HandlerError.invalidInput` with code `required-column-missing` or `column-duplicate`.
    init(_ header: [String], _ bundle: BundleDocument, needsIdentifier: Bool) throws(HandlerError) {
        self.header = header
        var exact: [String: [Int]] = [:]
        var folded: [String: [Int]] = [:]
        for (index, name) in header.enumerated() {
            exact[name, default: []].append(index)
            folded[name.lowercased(), default: []].append(index)
        }
        var places: [String: Int] = [:]
        for name in bundle.columns.map(\.name) + [bundle.identifier, bundle.target.column] {
            guard let found = exact[name] ?? folded[name.lowercased()] else { continue }
            guard found.count == 1 else {
                throw .invalidInput(
                    code: "column-duplicate",
                    message: "the header names \(name) \(found.count) times; which one counts is not known",
                    column: name, hint: "rename or remove all but one")
            }
            places[name] = found[0]
        }
        var absent = bundle.columns.filter { $0.required && places[$0.name] == nil }.map(\.name)
        if needsIdentifier, places[bundle.identifier] == nil { absent.insert(bundle.identifier, at: 0) }
        guard absent.isEmpty else {
            throw .invalidInput(
                code: "required-column-missing",
                message: "the file lacks \(absent.count) of the columns that the model needs: "
                    + absent.joined(separator: ", "),
                column: absent[0],
                hint: "run column-map on the file with target \(bundle.id), then score its mapped.csv")
        }
        identifier = places[bundle.identifier]
        target = places[bundle.target.column]
        encoder = FeatureEncoder(bundle) { places[$0] }
    }
}
