/// How sure a mapping is.
public enum Band: String, Sendable, Hashable {
    /// 0.95 and above: taken without asking.
    case auto
    /// 0.6 and above: worth a look.
    case confirm
    /// Below 0.6: only a hint.
    case suggest

    init(_ confidence: Double) { self = confidence >= 0.95 ? .auto : confidence >= 0.6 ? .confirm : .suggest }
}

/// What is proposed for the columns of a file.
public struct MappingProposal: Sendable, Hashable {
    /// One reason with its weight in log-odds.
    public struct Signal: Sendable, Hashable {
        /// `exact`, `normalised`, `alias`, `tokens`, `typo`, `weakAlias`, `values`, `product` or `negative`.
        public let name: String
        /// Log-odds.
        public let weight: Double
        /// What was seen.
        public let evidence: String
    }

    /// Another target that was considered.
    public struct Alternative: Sendable, Hashable {
        /// The target's label.
        public let target: String
        /// P(correct).
        public let confidence: Double
    }

    /// What is proposed for one column of the file.
    public struct Column: Sendable, Hashable {
        /// The label in the file.
        public let source: String
        /// The position in the file, from 0.
        public let index: Int
        /// The target's label; nil when the column is left alone.
        public var target: String?
        /// P(correct) of the target; of leaving it alone when there is none.
        public var confidence: Double
        /// Why.
        public var signals: [Signal]
        /// The other targets worth mentioning, best first.
        public var alternatives: [Alternative]
        /// What is done to the values.
        public var transform: ValueTransform
        /// Which band the confidence is in.
        public var band: Band { Band(confidence) }
    }

    /// Something that a person should decide.
    public struct Conflict: Sendable, Hashable {
        /// `two-columns-one-target`, `ambiguous-target`, `unit-unknown` or `value-unmapped`.
        public let code: String
        /// The target that is meant.
        public let target: String
        /// The columns of the file that are meant.
        public let sources: [String]
        /// One sentence.
        public let message: String
    }

    /// The schema that the file is mapped to.
    public let schema: TargetSchema
    /// One entry per column of the file, in file order.
    public internal(set) var columns: [Column]
    /// Targets that are required and have no column.
    public internal(set) var missingRequired: [String]
    /// What a person should decide.
    public internal(set) var conflicts: [Conflict]
    /// A name for the header: the same labels in any order have the same.
    public let fingerprint: String

    /// Whether a person should look at it before it is applied.
    public var needsConfirmation: Bool {
        !missingRequired.isEmpty || !conflicts.isEmpty
            || columns.contains { $0.target != nil && $0.band != .auto }
    }

    /// The source column of a target.
    public func source(of target: String) -> Column? { columns.first { $0.target == target } }

    /// The header's fingerprint: 16 hexadecimal digits of the sorted labels.
    static func fingerprint(_ labels: [String]) -> String {
        // FNV-1a, 64 bits.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for label in labels.map(LabelText.compact).sorted() {
            for byte in label.utf8 + [0] { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
