/// The handle of one receipt of a message: it is needed to delete, hide or show it again.
package struct ReceiptHandle: Sendable, Hashable {
    /// The opaque text that the queue gave out.
    package let rawValue: String

    /// Takes the text that the queue gave out.
    package init(_ text: String) { rawValue = text }
}

/// A message as a queue delivered it.
package struct QueuedMessage: Sendable, Hashable {
    /// The queue's own id of the message; changes when it is redriven.
    package var messageID: String
    /// The handle of this receipt.
    package var receipt: ReceiptHandle
    /// The body, unchanged.
    package var body: String
    /// String attributes by name; binary ones are left out.
    package var attributes: [String: String]
    /// How often it has been delivered, this time included.
    package var receiveCount: Int
    /// When it was sent.
    package var sentAt: Timestamp?

    /// Makes a message.
    package init(
        messageID: String, receipt: ReceiptHandle, body: String, attributes: [String: String] = [:],
        receiveCount: Int = 1, sentAt: Timestamp? = nil
    ) {
        self.messageID = messageID
        self.receipt = receipt
        self.body = body
        self.attributes = attributes
        self.receiveCount = receiveCount
        self.sentAt = sentAt
    }
}

/// The part of a queue's settings that a runner depends on.
package struct QueueAttributes: Sendable, Hashable {
    /// How long a received message stays hidden, 0 s to 12 h.
    package var visibilityTimeout: Duration
    /// The largest message in bytes, attributes included.
    package var maximumMessageSize: Int
    /// Deliveries before the queue itself dead-letters a message; `nil` without a redrive policy.
    package var maxReceiveCount: Int?
    /// The dead-letter queue's name; `nil` without a redrive policy.
    package var deadLetterQueueName: String?
    /// How long the queue keeps a message.
    package var retention: Duration
    /// Roughly how many messages wait.
    package var visibleCount: Int
    /// Roughly how many are being worked on.
    package var inFlightCount: Int
    /// Roughly how many wait for their delay.
    package var delayedCount: Int

    /// Makes a set of attributes.
    package init(
        visibilityTimeout: Duration, maximumMessageSize: Int, maxReceiveCount: Int?, deadLetterQueueName: String?,
        retention: Duration, visibleCount: Int, inFlightCount: Int, delayedCount: Int
    ) {
        self.visibilityTimeout = visibilityTimeout
        self.maximumMessageSize = maximumMessageSize
        self.maxReceiveCount = maxReceiveCount
        self.deadLetterQueueName = deadLetterQueueName
        self.retention = retention
        self.visibleCount = visibleCount
        self.inFlightCount = inFlightCount
        self.delayedCount = delayedCount
    }
}

/// A dependency that could not be reached or said no, with what the reader needs to act.
package struct DependencyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of no it was; decides about retries and about the runner's readiness.
    package enum Kind: String, Sendable, Hashable {
        /// Out of reach, timed out, 5xx, throttled: may pass, has already been retried briefly.
        case unavailable
        /// The credentials are missing, wrong or not allowed to do this.
        case denied
        /// The queue, bucket or object does not exist.
        case notFound
        /// The precondition (ETag, version, receipt handle) does not hold any more.
        case stale
        /// The request itself is wrong; never retried.
        case invalid
        /// This machine is out of disk or may not write there.
        case localStorage
        /// The caller gave up.
        case cancelled
    }

    /// The kind.
    package var kind: Kind
    /// What was tried, such as `sqs.ReceiveMessage jobs` or `s3.GetObject s3://b/k`.
    package var operation: String
    /// The service's error code, such as `AccessDenied`; a short word where it never answered.
    package var code: String
    /// One sentence for a person, with what to do next.
    package var message: String

    /// Makes an error.
    package init(_ kind: Kind, operation: String, code: String, message: String) {
        self.kind = kind
        self.operation = operation
        self.code = code
        self.message = message
    }

    /// The operation, the code and the sentence.
    package var description: String { "\(operation): \(message) [\(code)]" }
}

/// One queue of messages with visibility timeouts and at-least-once delivery.
///
/// Calls retry passing faults briefly on their own; what they throw has survived that.
package protocol MessageQueue: Sendable {
    /// The queue's name, for logs.
    var name: String { get }

    /// Takes up to `limit` (1...10) messages, waiting up to `patience` (0...20 s) for the first.
    ///
    /// Each returned message is hidden from other receivers for `visibility`, counted from the queue's answer.
    func receive(
        upTo limit: Int, waitingFor patience: Duration, visibility: Duration
    ) async throws(DependencyError) -> [QueuedMessage]

    /// Deletes a message for good; deleting one that is gone already succeeds.
    func delete(_ receipt: ReceiptHandle) async throws(DependencyError)

    /// Hides the messages for `visibility` (0 s = visible at once ... 12 h) from now; any number, batched by ten.
    ///
    /// - Returns: the receipts for which the queue refused, with the reason.
    func changeVisibility(
        of receipts: [ReceiptHandle], to visibility: Duration
    ) async throws(DependencyError) -> [ReceiptHandle: DependencyError]

    /// Sends a message and returns its id.
    func send(body: String, attributes: [String: String], delay: Duration) async throws(DependencyError) -> String

    /// Reads the queue's settings and approximate counts.
    func attributes() async throws(DependencyError) -> QueueAttributes
}
