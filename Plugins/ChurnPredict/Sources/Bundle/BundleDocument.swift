/// What `bundle.json` says about a model: its columns, its calibration and what to do with its scores.
struct BundleDocument: Sendable, Hashable, Decodable {
    /// The only schema that is read.
    static let schemaName = "headrace.model-bundle/1"

    /// One column of the input table.
    struct Column: Sendable, Hashable, Decodable {
        /// How a cell becomes features.
        enum Kind: String, Sendable, Hashable, Decodable {
            /// One feature per known value, 1 where the cell has it.
            case category
            /// One feature, 0 or 1, spelled in several ways.
            case flag
            /// One feature, the number itself.
            case number
        }

        let name: String
        /// The name for people.
        let label: String
        /// What a number counts, possibly empty.
        let unit: String
        /// Whether a file without the column is refused.
        let required: Bool
        let kind: Kind
        /// Of a category: the known values.
        let values: [String]?
        /// Of a flag: the number that each spelling stands for.
        let spellings: [String: Double]?
        /// Of a number: the range in the training data.
        let minimum: Double?
        let maximum: Double?
        /// Of a number: the inner limits of the histogram's bins; bin `i` ends below `edges[i]`.
        let edges: [Double]?
        /// How many training rows fell in each bin: values in order, 0 and 1, or between the edges.
        let histogram: [Int]
        /// How many training rows had a blank.
        let missing: Int
    }

    /// One feature of the model, in model order.
    struct Feature: Sendable, Hashable, Decodable {
        let name: String
        let column: String
        /// Of a category's feature: the value that makes it 1.
        let equals: String?
    }

    /// The column that tells whether a customer left.
    struct Target: Sendable, Hashable, Decodable {
        let column: String
        let positive: String
        let negative: String
    }

    /// The probabilities from which a customer belongs to a tier.
    struct Tiers: Sendable, Hashable, Decodable {
        let medium: Double
        let high: Double
        let critical: Double
    }

    /// A rule that recommends an action; the first that fits wins.
    struct Action: Sendable, Hashable, Decodable {
        let tiers: [String]
        /// Column name to value.
        let when: [String: String]
        let action: String
        /// Whether the action costs money and so must pay for itself.
        let offer: Bool?
    }

    /// The model file.
    struct Model: Sendable, Hashable, Decodable {
        let file: String
        let sha256: String
    }

    let schema: String
    let id: String
    let version: String
    let xgboost: String
    let model: Model
    let identifier: String
    let target: Target
    /// The column with the money that a customer brings per month.
    let revenue: String
    let columns: [Column]
    let features: [Feature]
    let calibration: Calibration
    let tiers: Tiers
    let actions: [Action]

    /// The first contradiction in the document, or nil.
    var defect: String? {
        guard schema == Self.schemaName else { return "its schema is '\(schema)', not \(Self.schemaName)" }
        if let defect = calibration.defect { return defect }
        guard 0 < tiers.medium, tiers.medium < tiers.high, tiers.high < tiers.critical, tiers.critical < 1 else {
            return "the tier thresholds do not increase between 0 and 1"
        }
        guard Set(columns.map(\.name)).count == columns.count else { return "two columns have the same name" }
        for column in columns {
            if let defect = column.defect { return "column '\(column.name)': \(defect)" }
            let mine = features.filter { $0.column == column.name }
            let wanted = column.kind == .category ? column.values ?? [] : []
            guard column.kind == .category ? mine.map(\.equals) == wanted : mine.count == 1 && mine[0].equals == nil
            else {
                return "column '\(column.name)': its features are not one per value"
            }
        }
        let names = Set(columns.map(\.name))
        for feature in features where !names.contains(feature.column) {
            return "feature '\(feature.name)' reads column '\(feature.column)', which is not described"
        }
        guard !names.contains(target.column) else { return "the target '\(target.column)' is one of the inputs" }
        guard columns.contains(where: { $0.name == revenue && $0.kind == .number }) else {
            return "the revenue column '\(revenue)' is not a number column"
        }
        return nil
    }
}

extension BundleDocument.Column {
    /// What is wrong with the column's own description, or nil.
    fileprivate var defect: String? {
        let bins: Int
        switch kind {
        case .category:
            guard let values, !values.isEmpty, Set(values).count == values.count else {
                return "it has no distinct values"
            }
            bins = values.count
        case .flag:
            guard let spellings, !spellings.isEmpty, spellings.values.allSatisfy({ $0 == 0 || $0 == 1 }) else {
                return "its spellings do not stand for 0 and 1"
            }
            bins = 2
        case .number:
            guard let minimum, let maximum, minimum <= maximum else { return "it has no range" }
            guard let edges, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }) else {
                return "its edges do not increase"
            }
            bins = edges.count + 1
        }
        return histogram.count == bins ? nil : "its histogram has \(histogram.count) bins, not \(bins)"
    }
}
