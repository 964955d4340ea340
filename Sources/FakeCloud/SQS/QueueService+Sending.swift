package import AWSWire
internal import JobCore

extension QueueService {
    /// Stores a message.
    package mutating func handle(
        _ request: SendMessageRequest, in call: QueueCall
    ) throws(SQSError) -> SendMessageResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        let message = try store(MessageDraft(request), at: place, call)
        serveWaiters(of: queues[place].record.name, at: call.now)
        return SendMessageResponse(
            messageID: message.id, md5OfMessageBody: message.bodyMD5,
            md5OfMessageAttributes: SQSDigests.md5(attributes: message.attributes),
            md5OfMessageSystemAttributes: SQSDigests.md5(attributes: message.systemAttributes),
            sequenceNumber: message.sequenceNumber)
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
                        md5OfMessageSystemAttributes: SQSDigests.md5(attributes: message.systemAttributes),
                        sequenceNumber: message.sequenceNumber))
            } catch {
                response.failed.append(SQSBatchFailure(id: entry.id, error))
            }
        }
        serveWaiters(of: queues[place].record.name, at: call.now)
        return response
    }

    /// Stores a message, or finds the one that it repeats; that one's id and number go with the new one's digests.
    private mutating func store(
        _ draft: MessageDraft, at place: Int, _ call: QueueCall
    ) throws(SQSError) -> StoredMessage {
        let settings = queues[place].settings
        let deduplicationID = try check(draft, settings)
        let key = settings.fifo?.isScopedByGroup == true ? (draft.groupID ?? "") + "\n" : ""
        let original = deduplicationID.flatMap { queues[place].deduplications.value(key + $0, at: call.now) }
        if original == nil { lastSequence += 1 }
        let delay = settings.fifo == nil ? draft.delaySeconds ?? settings.delaySeconds : settings.delaySeconds
        let message = StoredMessage(
            sequence: original?.sequence ?? lastSequence, id: original?.messageID ?? ids.uuid(), body: draft.body,
            bodyMD5: SQSDigests.md5(body: draft.body), attributes: draft.attributes,
            systemAttributes: draft.systemAttributes, groupID: draft.groupID, senderID: account, sentAt: call.now,
            availableAt: call.now + .seconds(delay),
            deduplicationID: deduplicationID)
        guard original == nil else { return message }
        queues[place].add(message, at: call.now)
        note(.messageAdded(queueID: queues[place].record.id, message))
        if let deduplicationID {
            let record = Deduplication(
                queueID: queues[place].record.id, key: key + deduplicationID, messageID: message.id,
                sequence: message.sequence, end: call.now + Deduplication.window)
            queues[place].deduplications.add(record, named: record.key, until: record.end)
            note(.deduplicationAdded(record))
        }
        return message
    }

    /// Checks a message and returns its deduplication id, which only one in a FIFO queue has.
    private func check(_ draft: MessageDraft, _ settings: QueueSettings) throws(SQSError) -> String? {
        try MessageRules.check(
            draft.delaySeconds, in: 0...900, parameter: "DelaySeconds",
            reason: "DelaySeconds must be >= 0 and <= 900.")
        try MessageRules.check(token: draft.groupID, parameter: "MessageGroupId")
        guard let fifo = settings.fifo else {
            guard draft.deduplicationID == nil else {
                throw MessageRules.invalid(
                    "Value \(draft.deduplicationID ?? "") for parameter MessageDeduplicationId is invalid. "
                        + "Reason: The request includes a parameter that is not valid for this queue type.")
            }
            try checkContents(of: draft, settings)
            return nil
        }
        guard draft.groupID != nil else {
            throw SQSError(
                "MissingRequiredParameterException", "The request must contain the parameter MessageGroupId.")
        }
        try MessageRules.check(token: draft.deduplicationID, parameter: "MessageDeduplicationId")
        guard draft.deduplicationID != nil || fifo.isContentBased else {
            throw MessageRules.invalid(
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided "
                    + "explicitly")
        }
        guard (draft.delaySeconds ?? 0) == 0 else {
            throw MessageRules.invalid(
                "Value \(draft.delaySeconds ?? 0) for parameter DelaySeconds is invalid. "
                    + "Reason: The request include parameter that is not valid for this queue type.")
        }
        try checkContents(of: draft, settings)
        return draft.deduplicationID ?? Digest.sha256.hex(draft.body.utf8)
    }

    private func checkContents(of draft: MessageDraft, _ settings: QueueSettings) throws(SQSError) {
        try MessageRules.check(
            body: draft.body, attributes: draft.attributes, systemAttributes: draft.systemAttributes,
            maximumSizeBytes: settings.maximumMessageSizeBytes)
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
