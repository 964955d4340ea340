import HandlerSDK
import TabularData

/// Why a file cannot be mapped.
enum MappingFailure: Error, Sendable, Hashable {
    case unreadable(CSVError)
    case headerAbsent
    case tooManyColumns(Int, limit: Int)
    case unknownSchema(String)
    case unknownTarget(String)
    case mappingMissing
    case mappingInvalid(String)
    /// The mapping names a column that the file does not have.
    case mappingStale(String)
    case twoColumnsOneTarget(String, sources: [String])
    /// The values of a confirmed column are of another type.
    case mappingContradicts(source: String, target: String, evidence: String)
    case requiredUnmapped([String], hints: [String])
    case ambiguous([String])

    var handlerError: HandlerError {
        .invalidInput(code: code, message: message, column: column, hint: hint)
    }

    private var code: String {
        switch self {
        case .unreadable(let error): error.code
        case .headerAbsent: "header-absent"
        case .tooManyColumns: "too-many-columns"
        case .unknownSchema, .unknownTarget: "target-schema-invalid"
        case .mappingMissing: "mapping-missing"
        case .mappingInvalid: "mapping-invalid"
        case .mappingStale: "mapping-stale"
        case .twoColumnsOneTarget: "two-columns-one-target"
        case .mappingContradicts: "mapping-contradicts-values"
        case .requiredUnmapped: "required-unmapped"
        case .ambiguous: "ambiguous-target"
        }
    }

    private var message: String {
        switch self {
        case .unreadable(let error): "\(error)"
        case .headerAbsent: "the first line holds data, not column names"
        case .tooManyColumns(let count, let limit): "the file has \(count) columns, the limit is \(limit)"
        case .unknownSchema(let name): "there is no target schema “\(name)”"
        case .unknownTarget(let name): "the target schema has no column “\(name)”"
        case .mappingMissing: "mode apply needs a mapping"
        case .mappingInvalid(let reason): "the mapping cannot be read: \(reason)"
        case .mappingStale(let label): "the file has no column “\(label)” that the mapping names"
        case .twoColumnsOneTarget(let target, let sources):
            "“\(target)” is mapped from \(sources.joined(separator: " and "))"
        case .mappingContradicts(let source, let target, let evidence):
            "“\(source)” cannot be “\(target)”: its values have \(evidence)"
        case .requiredUnmapped(let targets, _): "no column for \(targets.joined(separator: ", "))"
        case .ambiguous(let lines): lines.joined(separator: "; ")
        }
    }

    private var column: String? {
        switch self {
        case .mappingContradicts(let source, _, _): source
        case .mappingStale(let label): label
        default: nil
        }
    }

    private var hint: String? {
        switch self {
        case .unreadable, .headerAbsent: "Send a CSV file with a header line."
        case .tooManyColumns: "Delete columns that nobody needs."
        case .unknownSchema: "The schemas are telco-v1."
        case .unknownTarget: "Use the labels of the target schema."
        case .mappingMissing: "Run with mode propose, look at mapping.json, and send it back as the parameter mapping."
        case .mappingInvalid: "Send {target: source label} or a whole mapping.json."
        case .mappingStale: "Run with mode propose again: the header has changed."
        case .twoColumnsOneTarget: "Keep one of them."
        case .mappingContradicts: "Correct the mapping."
        case .requiredUnmapped(_, let hints):
            hints.isEmpty
                ? "Add the columns, or name those that must be there in the parameter required."
                : hints.joined(separator: "; ") + ". Confirm with mode apply."
        case .ambiguous: "Run with mode propose, confirm, and send the mapping with mode apply."
        }
    }
}
