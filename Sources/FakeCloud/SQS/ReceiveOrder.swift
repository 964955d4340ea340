internal import AWSWire
internal import JobCore

/// A checked receive: what a receiver wants and what it wants to see of it.
struct ReceiveOrder: Sendable, Hashable {
    /// The queue.
    let queueName: String
    /// At most so many, 1...10.
    let limit: Int
    /// How long they stay hidden from others; the queue's setting when absent.
    let visibilitySeconds: Int?
    /// FIFO queues: names this receive, for its repetition.
    let attemptID: String?
    private let systemNames: Set<String>
    private let attributeNames: [String]

    private static let knownSystemNames: Set<String> = [
        "All", "ApproximateFirstReceiveTimestamp", "ApproximateReceiveCount", "AWSTraceHeader",
        "DeadLetterQueueSourceArn", "MessageDeduplicationId", "MessageGroupId", "SenderId", "SentTimestamp",
        "SequenceNumber",
    ]

    /// Checks a request.
    init(_ request: ReceiveMessageRequest, queueName: String) throws(SQSError) {
        try MessageRules.check(
            request.maxNumberOfMessages, in: 1...10, parameter: "MaxNumberOfMessages",
            reason: "Must be between 1 and 10, if provided.")
        try MessageRules.check(
            request.visibilityTimeoutSeconds, in: 0...43_200, parameter: "VisibilityTimeout",
            reason: "Must be >= 0 and <= 43200, if provided.")
        try MessageRules.check(
            request.waitTimeSeconds, in: 0...20, parameter: "WaitTimeSeconds",
            reason: "Must be >= 0 and <= 20, if provided.")
        systemNames = Set(request.attributeNames + request.messageSystemAttributeNames)
        if let unknown = systemNames.subtracting(Self.knownSystemNames).min() {
            throw SQSError("InvalidAttributeName", "Unknown Attribute \(unknown).")
        }
        try MessageRules.check(token: request.receiveRequestAttemptID, parameter: "ReceiveRequestAttemptId")
        attemptID = request.receiveRequestAttemptID
        self.queueName = queueName
        limit = request.maxNumberOfMessages ?? 1
        visibilitySeconds = request.visibilityTimeoutSeconds
        attributeNames = request.messageAttributeNames
    }

    /// The message as this receiver sees it.
    func shown(_ message: StoredMessage, handle: String) -> SQSMessage {
        let attributes = message.attributes.filter { name, _ in attributeNames.contains { Self.covers($0, name) } }
        return SQSMessage(
            messageID: message.id, receiptHandle: handle, md5OfBody: message.bodyMD5, body: message.body,
            attributes: systemAttributes(of: message), md5OfMessageAttributes: SQSDigests.md5(attributes: attributes),
            messageAttributes: attributes)
    }

    /// Whether a filter lets an attribute through: its name, `prefix.*`, `All` or `.*`.
    private static func covers(_ filter: String, _ name: String) -> Bool {
        if filter == "All" || filter == ".*" || filter == name { return true }
        return filter.hasSuffix(".*") && name.hasPrefix(filter.dropLast(2))
    }

    private func systemAttributes(of message: StoredMessage) -> [String: String] {
        guard !systemNames.isEmpty else { return [:] }
        var shown = [
            "ApproximateReceiveCount": String(message.receiveCount),
            "SenderId": message.senderID,
            "SentTimestamp": String(message.sentAt.milliseconds),
        ]
        shown["ApproximateFirstReceiveTimestamp"] = message.firstReceivedAt.map { String($0.milliseconds) }
        shown["AWSTraceHeader"] = message.systemAttributes["AWSTraceHeader"]?.stringValue
        shown["DeadLetterQueueSourceArn"] = message.deadLetterSourceARN
        shown["MessageDeduplicationId"] = message.deduplicationID
        shown["MessageGroupId"] = message.groupID
        shown["SequenceNumber"] = message.sequenceNumber
        return systemNames.contains("All") ? shown : shown.filter { systemNames.contains($0.key) }
    }
}
