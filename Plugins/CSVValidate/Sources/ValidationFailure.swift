public import TabularData

/// Why there is no verdict.
public enum ValidationFailure: Error, Sendable, Hashable {
    /// The input is no table at all.
    case unreadable(CSVError)
    /// The job asks for a schema that does not exist.
    case unknownSchema(String)
    /// An error that no rule foresees.
    case unexpected(String)
}

/// What the validation says about a table.
public enum Verdict: String, Sendable, Hashable {
    /// Nothing to complain about.
    case valid
    /// Only warnings.
    case validWithWarnings = "valid-with-warnings"
    /// At least one error.
    case invalid
}
