package import AWSWire
internal import JobCore

extension QueueService {
    /// Deletes a message by any of its receipts; one that is gone already is no error.
    package mutating func handle(
        _ request: DeleteMessageRequest, in call: QueueCall
    ) throws(SQSError) -> SQSEmptyResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        try delete(request.receiptHandle, at: place, call.now)
        serveWaiters(of: queues[place].record.name, at: call.now)
        return SQSEmptyResponse()
    }

    /// Deletes up to ten messages, each on its own.
    package mutating func handle(
        _ request: DeleteMessageBatchRequest, in call: QueueCall
    ) throws(SQSError) -> SQSBatchResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        try MessageRules.check(batchIDs: request.entries.map(\.id), entryType: "DeleteMessageBatchRequestEntry")
        var response = SQSBatchResponse()
        for entry in request.entries {
            do throws(SQSError) {
                try delete(entry.receiptHandle, at: place, call.now)
                response.successful.append(SQSBatchSuccess(id: entry.id))
            } catch {
                response.failed.append(SQSBatchFailure(id: entry.id, error))
            }
        }
        serveWaiters(of: queues[place].record.name, at: call.now)
        return response
    }

    /// Hides a message in flight for so long from now, or shows it at once with 0.
    package mutating func handle(
        _ request: ChangeMessageVisibilityRequest, in call: QueueCall
    ) throws(SQSError) -> SQSEmptyResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        try changeVisibility(request.receiptHandle, to: request.visibilityTimeoutSeconds, at: place, call.now)
        serveWaiters(of: queues[place].record.name, at: call.now)
        return SQSEmptyResponse()
    }

    /// Hides or shows up to ten messages, each on its own.
    package mutating func handle(
        _ request: ChangeMessageVisibilityBatchRequest, in call: QueueCall
    ) throws(SQSError) -> SQSBatchResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        try MessageRules.check(
            batchIDs: request.entries.map(\.id), entryType: "ChangeMessageVisibilityBatchRequestEntry")
        var response = SQSBatchResponse()
        for entry in request.entries {
            do throws(SQSError) {
                guard let seconds = entry.visibilityTimeoutSeconds else {
                    throw SQSError(
                        "MissingRequiredParameterException", "The request must contain the parameter VisibilityTimeout."
                    )
                }
                try changeVisibility(entry.receiptHandle, to: seconds, at: place, call.now)
                response.successful.append(SQSBatchSuccess(id: entry.id))
            } catch {
                response.failed.append(SQSBatchFailure(id: entry.id, error))
            }
        }
        serveWaiters(of: queues[place].record.name, at: call.now)
        return response
    }

    func place(ofQueueID id: UInt64) -> Int? { queues.firstIndex { $0.record.id == id } }

    /// Whether a receipt is the last one of a message.
    func isCurrent(_ receipt: Receipt, _ message: StoredMessage) -> Bool {
        receipt.receiveCount == UInt32(clamping: message.receiveCount)
    }

    private func receipt(_ handle: String, at place: Int) throws(SQSError) -> Receipt {
        guard let receipt = Receipt(handle: handle), receipt.queueID == queues[place].record.id else {
            throw SQSError(
                "ReceiptHandleIsInvalid", "The input receipt handle \"\(handle)\" is not a valid receipt handle.")
        }
        return receipt
    }

    private mutating func delete(_ handle: String, at place: Int, _ now: Timestamp) throws(SQSError) {
        let receipt = try receipt(handle, at: place)
        if queues[place].settings.fifo != nil, let message = queues[place].message(receipt.sequence),
            !isCurrent(receipt, message) || message.availableAt <= now
        {
            throw MessageRules.invalid(
                "Value \(handle) for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.")
        }
        guard queues[place].remove(receipt.sequence) != nil else { return }
        note(.messageDeleted(sequence: receipt.sequence))
        noteReleased(queues[place].releaseIfEmpty())
    }

    private mutating func changeVisibility(
        _ handle: String, to seconds: Int, at place: Int, _ now: Timestamp
    ) throws(SQSError) {
        try MessageRules.check(
            seconds, in: 0...43_200, parameter: "VisibilityTimeout",
            reason: "VisibilityTimeout must be an integer between 0 and 43200")
        let receipt = try receipt(handle, at: place)
        guard var message = queues[place].message(receipt.sequence), isCurrent(receipt, message),
            let received = message.lastReceivedAt
        else {
            throw MessageRules.invalid(
                "Value \(handle) for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not "
                    + "available for visibility timeout change.")
        }
        guard message.availableAt > now else {
            throw SQSError("MessageNotInflight", "The message referred to isn't in flight.")
        }
        guard now + .seconds(seconds) <= received + .seconds(43_200) else {
            throw MessageRules.invalid(
                "Value \(seconds) for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the "
                    + "message is beyond the limit [43200 seconds]")
        }
        message.availableAt = now + .seconds(seconds)
        queues[place].reschedule(message, at: now)
        note(.messageRescheduled(message))
    }
}
