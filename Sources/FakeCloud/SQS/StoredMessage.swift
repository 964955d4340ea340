package import AWSWire
package import JobCore

/// A message as a queue keeps it.
package struct StoredMessage: Sendable, Hashable {
    /// Its number among all messages of the service, from 1; never given twice.
    package let sequence: UInt64
    /// The id that senders and receivers see; kept when the message is dead-lettered.
    package let id: String
    /// The body as it was sent.
    package let body: String
    /// The body's MD5 in hexadecimal.
    package let bodyMD5: String
    /// The sender's attributes.
    package let attributes: [String: SQSMessageAttribute]
    /// The sender's system attributes: `AWSTraceHeader`.
    package let systemAttributes: [String: SQSMessageAttribute]
    /// The group: of order in a FIFO queue, of fairness in a standard one, where a sender need not name one.
    package let groupID: String?
    /// The account that sent it.
    package let senderID: String
    /// When it was sent; retention counts from here, in the dead-letter queue too.
    package let sentAt: Timestamp
    /// When it can be received: now or in the past when it is visible.
    package var availableAt: Timestamp
    /// How often it has been received.
    package var receiveCount: Int
    /// When it was received for the first time.
    package var firstReceivedAt: Timestamp?
    /// When it was received last; the 12 hours of visibility count from here.
    package var lastReceivedAt: Timestamp?
    /// The queue that it was dead-lettered from.
    package var deadLetterSourceARN: String?
    /// FIFO queues: what makes messages one within five minutes.
    package var deduplicationID: String?

    /// Makes a message; without a deduplication id it is one of a standard queue.
    package init(
        sequence: UInt64, id: String, body: String, bodyMD5: String,
        attributes: [String: SQSMessageAttribute] = [:], systemAttributes: [String: SQSMessageAttribute] = [:],
        groupID: String? = nil, senderID: String, sentAt: Timestamp, availableAt: Timestamp, receiveCount: Int = 0,
        firstReceivedAt: Timestamp? = nil, lastReceivedAt: Timestamp? = nil, deadLetterSourceARN: String? = nil,
        deduplicationID: String? = nil
    ) {
        self.sequence = sequence
        self.id = id
        self.body = body
        self.bodyMD5 = bodyMD5
        self.attributes = attributes
        self.systemAttributes = systemAttributes
        self.groupID = groupID
        self.senderID = senderID
        self.sentAt = sentAt
        self.availableAt = availableAt
        self.receiveCount = receiveCount
        self.firstReceivedAt = firstReceivedAt
        self.lastReceivedAt = lastReceivedAt
        self.deadLetterSourceARN = deadLetterSourceARN
        self.deduplicationID = deduplicationID
    }

    /// Where a message is in its life.
    package enum Placement: Sendable, Hashable {
        /// Can be received.
        case visible
        /// Was sent with a delay that has not passed.
        case delayed
        /// Was received and is hidden from other receivers.
        case inFlight
    }

    /// FIFO queues: 20 digits that grow.
    package var sequenceNumber: String? {
        deduplicationID == nil ? nil : String(Self.firstSequenceNumber + Int128(sequence) * 256)
    }

    private static let firstSequenceNumber: Int128 = 18_870_000_000_000_000_000

    /// The message as one that enters a queue anew: with another number, and never received.
    func entering(sequence: UInt64, id: String, at now: Timestamp, availableAt: Timestamp) -> StoredMessage {
        StoredMessage(
            sequence: sequence, id: id, body: body, bodyMD5: bodyMD5, attributes: attributes,
            systemAttributes: systemAttributes, groupID: groupID, senderID: senderID, sentAt: now,
            availableAt: availableAt, deduplicationID: deduplicationID == nil ? nil : id)
    }

    /// Where the message is at a moment.
    package func placement(at now: Timestamp) -> Placement {
        if availableAt <= now { return .visible }
        return receiveCount > 0 ? .inFlight : .delayed
    }
}
