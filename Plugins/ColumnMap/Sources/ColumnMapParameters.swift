public import PureJSON

/// What a job asks of the mapping; every member may be absent.
public struct ColumnMapParameters: Decodable, Sendable {
    /// What is done with the mapping.
    public enum Mode: String, Decodable, Sendable {
        /// Only said.
        case propose
        /// The confirmed mapping of the parameters is carried out.
        case apply
        /// The proposal is carried out as far as it is sure.
        case auto
    }

    /// What becomes of columns without a target.
    public enum Unmapped: String, Decodable, Sendable {
        /// They follow the targets under their own label.
        case keep
        /// They are left out.
        case drop
    }

    /// What happens in mode `auto` when a pair is not sure.
    public enum OnAmbiguous: String, Decodable, Sendable {
        /// The job fails and says which.
        case fail
        /// The job only proposes.
        case propose
    }

    /// The schema to map to, `telco-v1`.
    public var target: String?
    /// What is done with the mapping, `propose` by default.
    public var mode: Mode?
    /// A confirmed mapping: target to source label, or a whole `mapping.json`.
    public var mapping: JSONValue?
    /// From which P(correct) on mode `auto` takes a pair, 0.9 by default.
    public var minConfidence: Double?
    /// How many rows are looked at, 10,000 by default.
    public var sampleRows: Int?
    /// What becomes of columns without a target, `keep` by default.
    public var unmapped: Unmapped?
    /// What happens in mode `auto` when a pair is not sure, `propose` by default.
    public var onAmbiguous: OnAmbiguous?
    /// The targets that must be mapped; by default those that the schema requires.
    public var required: [String]?

    /// Creates the default parameters.
    public init() {}
}
