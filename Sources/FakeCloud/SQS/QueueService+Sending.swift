package import AWSWire
internal import JobCore

extension QueueService {
    /// Stores a message.
    package mutating func handle(
        _ request: SendMessageRequest, in call: QueueCall
    ) throws(SQSError) -> SendMessageResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        let draft = MessageDraft(request)
        let message = try store(draft, at: place, call)
        serveWaiters(of: queues[place].record.name, at: call.now)
        return SendMessageResponse(
            messageID: message.id, md5OfMessageBody: message.bodyMD5,
            md5OfMessageAttributes: SQSDigests.md5(attributes: message.attributes),
            md5OfMessageSystemAttributes: SQSDigests.md5(attributes: message.systemAttributes))
    }

    /// Stores up to ten messages, each on its own.
    package mutating func handle(
        _ request: SendMessageBatchRequest, in call: QueueCall
    ) throws(SQSError) -> SendMessageBatchResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        try MessageRules.check(batchIDs: request.entries.map(\.id), entryType: "SendMessageBatchRequestEntry")
        let size = request.entries.reduce(0) {
            $0 + MessageRules.sizeBytes(body: $1.messageBody, attributes: $1.messageAttributes)
        }
        guard size <= MessageRules.maximumSizeBytes else {
            throw SQSError(
                "BatchRequestTooLong",
                "Batch requests cannot be longer than \(MessageRules.maximumSizeBytes) bytes. "
                    + "You have sent \(size) bytes.")
        }
        var response = SendMessageBatchResponse()
        for entry in request.entries {
            do throws(SQSError) {
                let message = try store(MessageDraft(entry), at: place, call)
                response.successful.append(
                    SendMessageBatchResult(
                        id: entry.id, messageID: message.id, md5OfMessageBody: message.bodyMD5,
                        md5OfMessageAttributes: SQSDigests.md5(attributes: message.attributes),
                        md5OfMessageSystemAttributes: SQSDigests.md5(attributes: message.systemAttributes)))
            } catch {
                response.failed.append(SQSBatchFailure(id: entry.id, error))
            }
        }
        serveWaiters(of: queues[place].record.name, at: call.now)
        return response
    }

    private mutating func store(
        _ draft: MessageDraft, at place: Int, _ call: QueueCall
    ) throws(SQSError) -> StoredMessage {
        let settings = queues[place].settings
        try MessageRules.check(
            draft.delaySeconds, in: 0...900, parameter: "DelaySeconds",
            reason: "DelaySeconds must be >= 0 and <= 900.")
        guard draft.deduplicationID == nil else {
            throw MessageRules.invalid(
                "Value \(draft.deduplicationID ?? "") for parameter MessageDeduplicationId is invalid. "
                    + "Reason: The request includes a parameter that is not valid for this queue type.")
        }
        try MessageRules.check(
            body: draft.body, attributes: draft.attributes, systemAttributes: draft.systemAttributes,
            maximumSizeBytes: settings.maximumMessageSizeBytes)
        lastSequence += 1
        let message = StoredMessage(
            sequence: lastSequence, id: ids.uuid(), body: draft.body, bodyMD5: SQSDigests.md5(body: draft.body),
            attributes: draft.attributes, systemAttributes: draft.systemAttributes, groupID: draft.groupID,
            senderID: account, sentAt: call.now,
            availableAt: call.now + .seconds(draft.delaySeconds ?? settings.delaySeconds))
        queues[place].add(message, at: call.now)
        note(.messageAdded(queueID: queues[place].record.id, message))
        return message
    }
}

/// What a sender says of a message, alone or in a batch.
private struct MessageDraft {
    let body: String
    let delaySeconds: Int?
    let attributes: [String: SQSMessageAttribute]
    let systemAttributes: [String: SQSMessageAttribute]
    let groupID: String?
    let deduplicationID: String?

    init(_ request: SendMessageRequest) {
        body = request.messageBody
        delaySeconds = request.delaySeconds
        attributes = request.messageAttributes
        systemAttributes = request.messageSystemAttributes
        groupID = request.messageGroupID
        deduplicationID = request.messageDeduplicationID
    }

    init(_ entry: SendMessageBatchEntry) {
        body = entry.messageBody
        delaySeconds = entry.delaySeconds
        attributes = entry.messageAttributes
        systemAttributes = entry.messageSystemAttributes
        groupID = entry.messageGroupID
        deduplicationID = entry.messageDeduplicationID
    }
}

extension SQSBatchFailure {
    /// The failure of one entry.
    init(id: String, _ error: SQSError) {
        self.init(id: id, senderFault: error.isSenderFault, code: error.queryCode, message: error.message)
    }
}
