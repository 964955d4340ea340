internal import AWSWire
package import JobCore

/// A queue of Amazon SQS, or of what speaks its JSON protocol.
///
/// Bodies and attributes are checked against the MD5 that the service gives.
package struct SQSMessageQueue: MessageQueue {
    /// The queue's name.
    package let name: String
    /// The URL that names the queue in requests; its host is not used.
    package let queueURL: String
    private let caller: SQSCaller

    /// Takes a queue that exists; see ``SQSAdmin/queue(named:)``.
    package init(name: String, queueURL: String, client: AWSClient) {
        self.name = name
        self.queueURL = queueURL
        caller = SQSCaller(client: client)
    }

    /// Takes up to `limit` messages, waiting up to `patience` for the first.
    package func receive(
        upTo limit: Int, waitingFor patience: Duration, visibility: Duration
    ) async throws(DependencyError) -> [QueuedMessage] {
        let wait = min(max(patience.secondsRoundedUp, 0), 20)
        let request = ReceiveMessageRequest(
            queueURL: queueURL,
            messageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp", "AWSTraceHeader"],
            messageAttributeNames: ["All"], maxNumberOfMessages: min(max(limit, 1), 10),
            visibilityTimeoutSeconds: Self.visibilitySeconds(visibility), waitTimeSeconds: Int(wait))
        let response = try await caller.call(request, about: name, waiting: .seconds(wait))
        var messages: [QueuedMessage] = []
        for message in response.messages {
            try check(message)
            messages.append(Self.queued(message))
        }
        return messages
    }

    /// Deletes a message; deleting one that is gone already succeeds.
    package func delete(_ receipt: ReceiptHandle) async throws(DependencyError) {
        let request = DeleteMessageRequest(queueURL: queueURL, receiptHandle: receipt.rawValue)
        _ = try await caller.call(request, about: name)
    }

    /// Hides messages from now on; refused receipts are returned with the reason.
    package func changeVisibility(
        of receipts: [ReceiptHandle], to visibility: Duration
    ) async throws(DependencyError) -> [ReceiptHandle: DependencyError] {
        var refused: [ReceiptHandle: DependencyError] = [:]
        for start in stride(from: 0, to: receipts.count, by: 10) {
            let batch = Array(receipts[start..<min(start + 10, receipts.count)])
            refused.merge(try await changeBatch(batch, to: visibility)) { first, _ in first }
        }
        return refused
    }

    /// Sends a message and returns its id.
    package func send(
        body: String, attributes: [String: String], delay: Duration
    ) async throws(DependencyError) -> String {
        let messageAttributes = attributes.mapValues { SQSMessageAttribute.string($0) }
        let request = SendMessageRequest(
            queueURL: queueURL, messageBody: body,
            delaySeconds: delay > .zero ? Int(min(delay.secondsRoundedUp, 900)) : nil,
            messageAttributes: messageAttributes)
        let response = try await caller.call(request, about: name)
        guard response.md5OfMessageBody == SQSDigests.md5(body: body),
            response.md5OfMessageAttributes == SQSDigests.md5(attributes: messageAttributes)
        else {
            throw corrupt(
                "sqs.SendMessage \(name)", "SQS stored another message than was sent (id \(response.messageID))")
        }
        return response.messageID
    }

    /// Reads the queue's settings and approximate counts.
    package func attributes() async throws(DependencyError) -> QueueAttributes {
        let request = GetQueueAttributesRequest(queueURL: queueURL, attributeNames: ["All"])
        return try await QueueAttributes(sqs: caller.call(request, about: name).attributes)
    }

    // MARK: - Batches

    /// One batch of up to ten; entries that failed on the service's side are repeated, those refused are not.
    private func changeBatch(
        _ receipts: [ReceiptHandle], to visibility: Duration
    ) async throws(DependencyError) -> [ReceiptHandle: DependencyError] {
        let operation = "sqs.ChangeMessageVisibilityBatch \(name)"
        var refused: [ReceiptHandle: DependencyError] = [:]
        var left = Array(receipts.indices)
        for attempt in 1...3 where !left.isEmpty {
            let entries = left.map { index in
                ChangeMessageVisibilityBatchEntry(
                    id: String(index), receiptHandle: receipts[index].rawValue,
                    visibilityTimeoutSeconds: Self.visibilitySeconds(visibility))
            }
            let request = ChangeMessageVisibilityBatchRequest(queueURL: queueURL, entries: entries)
            let response = try await caller.call(request, about: name)
            var again: [Int] = []
            for failure in response.failed {
                guard let index = Int(failure.id), receipts.indices.contains(index) else { continue }
                if !failure.senderFault, attempt < 3 {
                    again.append(index)
                } else {
                    refused[receipts[index]] = DependencyError(
                        failure.senderFault ? .stale : .unavailable, operation: operation, code: failure.code,
                        message: failure.message ?? "SQS refused this receipt")
                }
            }
            left = again
        }
        return refused
    }

    // MARK: - Messages

    private func check(_ message: SQSMessage) throws(DependencyError) {
        let isIntact =
            message.md5OfBody == SQSDigests.md5(body: message.body)
            && (message.md5OfMessageAttributes == nil
                || message.md5OfMessageAttributes == SQSDigests.md5(attributes: message.messageAttributes))
        guard isIntact else {
            throw corrupt(
                "sqs.ReceiveMessage \(name)", "message \(message.messageID) arrived damaged; it will be delivered again"
            )
        }
    }

    private func corrupt(_ operation: String, _ sentence: String) -> DependencyError {
        DependencyError(.unavailable, operation: operation, code: "ChecksumMismatch", message: sentence)
    }

    private static func queued(_ message: SQSMessage) -> QueuedMessage {
        let texts = message.messageAttributes.compactMapValues { $0.isBinary ? nil : $0.stringValue }
        return QueuedMessage(
            messageID: message.messageID, receipt: ReceiptHandle(message.receiptHandle), body: message.body,
            attributes: texts, receiveCount: message.attributes["ApproximateReceiveCount"].flatMap { Int($0) } ?? 1,
            sentAt: message.attributes["SentTimestamp"].flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) })
    }

    private static func visibilitySeconds(_ visibility: Duration) -> Int {
        Int(min(max(visibility.secondsRoundedUp, 0), 43_200))
    }
}
