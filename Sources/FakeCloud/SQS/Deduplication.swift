internal import AWSWire
package import JobCore

/// A deduplication id that a FIFO queue has seen: for five minutes messages with it are accepted and not stored.
///
/// Source: Amazon SQS developer guide, "Exactly-once processing".
package struct Deduplication: Sendable, Hashable {
    /// The queue.
    package var queueID: UInt64
    /// The id, with its group where ids count within a group.
    package var key: String
    /// The id that the first message was given.
    package var messageID: String
    /// The number of the first message.
    package var sequence: UInt64
    /// When the id may be used again.
    package var end: Timestamp

    /// Makes a record.
    package init(queueID: UInt64, key: String, messageID: String, sequence: UInt64, end: Timestamp) {
        self.queueID = queueID
        self.key = key
        self.messageID = messageID
        self.sequence = sequence
        self.end = end
    }

    /// How long an id counts.
    static let window = Duration.seconds(300)
}

/// Which messages a receive with an attempt id got, so that its repetition gets the same.
struct ReceiveAttempt: Sendable, Hashable {
    /// The messages as the receive left them.
    var messages: [StoredMessage]
}
