/// Why a model bundle is not used.
enum BundleDefect: Error, Sendable, Hashable {
    /// No bundle has this name; `available` are the names that exist, sorted.
    case notFound(name: String, available: [String])
    /// A file of the bundle cannot be read.
    case unreadable(file: String, reason: String)
    /// A file of the bundle does not hold what it should.
    case corrupt(file: String, reason: String)
    /// The model uses something that this evaluator does not know, named as in the XGBoost file.
    case unsupported(String)
    /// A golden row does not come out as recorded when the model was made.
    case goldenMismatch(row: String, measure: String, expected: Double, found: Double)

    /// The stable name of the case.
    var code: String {
        switch self {
        case .notFound: "model-not-found"
        case .unreadable: "model-unreadable"
        case .corrupt: "model-corrupt"
        case .unsupported: "model-unsupported"
        case .goldenMismatch: "model-golden-mismatch"
        }
    }

    /// One sentence that says what was expected and what was found.
    var message: String {
        switch self {
        case .notFound(let name, let available):
            "there is no model bundle '\(name)'; available: "
                + (available.isEmpty ? "none" : available.joined(separator: ", "))
        case .unreadable(let file, let reason):
            "the model file \(file) cannot be read: \(reason)"
        case .corrupt(let file, let reason):
            "the model file \(file) is damaged: \(reason)"
        case .unsupported(let feature):
            "the model uses \(feature), which this handler does not evaluate"
        case .goldenMismatch(let row, let measure, let expected, let found):
            "golden row \(row) gives \(measure) \(found), but \(expected) was recorded when the model was made"
        }
    }
}
