internal import AWSWire

/// The attributes that only FIFO queues have.
///
/// Source: Amazon SQS API reference, SetQueueAttributes, "FIFO (first-in-first-out) queues".
package struct FIFOSettings: Sendable, Hashable {
    /// Whether the SHA-256 of a body is its deduplication id when the sender gives none.
    package var isContentBased = false
    /// Whether a deduplication id means something within its group only.
    package var isScopedByGroup = false
    /// Whether the quota of calls is that of each group; stored and shown, as there is no quota of calls here.
    package var limitsEachGroup = false

    /// The attributes by name.
    var attributes: [String: String] {
        [
            "ContentBasedDeduplication": String(isContentBased),
            "DeduplicationScope": isScopedByGroup ? "messageGroup" : "queue", "FifoQueue": "true",
            "FifoThroughputLimit": limitsEachGroup ? "perMessageGroupId" : "perQueue",
        ]
    }

    /// Applies one attribute.
    mutating func apply(_ name: String, _ value: String) throws(SQSError) {
        switch (name, value) {
        case ("FifoQueue", _):
            guard value.lowercased() == "true" else {
                throw SQSError(
                    "InvalidAttributeValue",
                    "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.")
            }
        case ("ContentBasedDeduplication", _):
            guard ["true", "false"].contains(value.lowercased()) else { throw Self.refusal(of: name) }
            isContentBased = value.lowercased() == "true"
        case ("DeduplicationScope", "queue"), ("DeduplicationScope", "messageGroup"):
            isScopedByGroup = value == "messageGroup"
        case ("FifoThroughputLimit", "perQueue"), ("FifoThroughputLimit", "perMessageGroupId"):
            limitsEachGroup = value == "perMessageGroupId"
        default: throw Self.refusal(of: name)
        }
    }

    /// Checks the attributes with each other.
    func check() throws(SQSError) {
        guard !limitsEachGroup || isScopedByGroup else {
            throw SQSError(
                "InvalidAttributeValue",
                "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.")
        }
    }

    private static func refusal(of name: String) -> SQSError {
        SQSError("InvalidAttributeValue", "Invalid value for the parameter \(name).")
    }
}
