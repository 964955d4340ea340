package import AWSWire
package import JobCore

extension QueueService {
    /// What a receive comes to.
    package enum Reception: Sendable, Hashable {
        /// The answer, at once.
        case answered(ReceiveMessageResponse)
        /// There is nothing yet; the answer will be among the deliveries.
        case waiting(WaitingLine.ID)
    }

    /// Takes messages, or waits for the first of them as long as the request or the queue says.
    package mutating func handle(
        _ request: ReceiveMessageRequest, in call: QueueCall
    ) throws(SQSError) -> Reception {
        let place = try place(ofURL: request.queueURL, at: call.now)
        let order = try ReceiveOrder(request, queueName: queues[place].record.name)
        let waitSeconds = request.waitTimeSeconds ?? queues[place].settings.receiveWaitSeconds
        guard request.receiveRequestAttemptID == nil || queues[place].settings.fifo != nil else {
            throw MessageRules.invalid(
                "Value \(request.receiveRequestAttemptID ?? "") for parameter ReceiveRequestAttemptId is invalid. "
                    + "Reason: The request include parameter that is not valid for this queue type.")
        }
        if let repeated = repetition(of: order, at: place, call.now) { return .answered(repeated) }
        if waitSeconds == 0, queues[place].settings.fifo == nil, queues[place].count(.inFlight) >= Self.inFlightLimit {
            throw SQSError("OverLimit", "The queue has too many messages in flight.")
        }
        let messages = take(order, from: place, at: call.now)
        guard messages.isEmpty, waitSeconds > 0 else { return .answered(ReceiveMessageResponse(messages: messages)) }
        return .waiting(line.add(order, until: call.now + .seconds(waitSeconds)))
    }

    /// Puts back messages whose receiver went away before it got them, as if it had not asked.
    package mutating func returnUndelivered(_ response: ReceiveMessageResponse, at now: Timestamp) {
        for shown in response.messages {
            guard let receipt = Receipt(handle: shown.receiptHandle), let place = place(ofQueueID: receipt.queueID),
                var message = queues[place].message(receipt.sequence), isCurrent(receipt, message),
                message.availableAt > now
            else { continue }
            message.receiveCount -= 1
            message.availableAt = now
            if message.receiveCount == 0 { message.firstReceivedAt = nil }
            queues[place].reschedule(message, at: now)
            note(.messageRescheduled(message))
            serveWaiters(of: queues[place].record.name, at: now)
        }
    }

    /// Amazon SQS developer guide: approximately 120,000 messages in flight for a standard queue.
    static let inFlightLimit = 120_000

    /// Gives visible messages to those who wait for them.
    mutating func serveWaiters(of name: String, at now: Timestamp) {
        guard let place = places[name], line.first(at: name) != nil else { return }
        settle(place: place, at: now)
        while let waiter = line.first(at: name) {
            let messages = take(waiter.order, from: place, at: now)
            guard !messages.isEmpty else { return }
            line.deliver(ReceiveMessageResponse(messages: messages), to: waiter.id)
        }
    }

    private mutating func take(_ order: ReceiveOrder, from place: Int, at now: Timestamp) -> [SQSMessage] {
        let visibility = Duration.seconds(order.visibilitySeconds ?? queues[place].settings.visibilityTimeoutSeconds)
        let room = min(order.limit, Self.inFlightLimit - queues[place].count(.inFlight))
        let target = deadLetterPlace(of: place)
        let allowed = queues[place].settings.redrivePolicy?.maxReceiveCount ?? .max
        var run = MessageRun()
        while run.live.count < room,
            queues[place].takeRun(into: &run, upTo: room, isSpent: { target != nil && $0.receiveCount >= allowed })
        {}
        if let target {
            for message in run.spent { move(message, from: place, to: target, at: now) }
        }
        let shown = run.live.map { receive($0, order, hiddenFor: visibility, at: place, now) }
        remember(run.live, order, at: place, now)
        if let target, !run.spent.isEmpty { serveWaiters(of: queues[target].record.name, at: now) }
        return shown
    }

    private mutating func receive(
        _ message: StoredMessage, _ order: ReceiveOrder, hiddenFor visibility: Duration, at place: Int,
        _ now: Timestamp
    ) -> SQSMessage {
        var message = message
        message.receiveCount += 1
        message.firstReceivedAt = message.firstReceivedAt ?? now
        message.lastReceivedAt = now
        message.availableAt = now + visibility
        queues[place].reschedule(message, at: now)
        note(.messageRescheduled(message))
        return order.shown(message, handle: receipt(for: message, at: place).handle)
    }

    private func deadLetterPlace(of place: Int) -> Int? {
        guard let policy = queues[place].settings.redrivePolicy,
            let target = self.place(ofARN: policy.deadLetterTargetARN), target != place
        else { return nil }
        return target
    }

    /// A standard queue keeps message and time of sending; in a FIFO queue the message is a new one at the end.
    ///
    /// Amazon SQS developer guide, "Setting up dead-letter queue message retention".
    private mutating func move(_ message: StoredMessage, from source: Int, to target: Int, at now: Timestamp) {
        var moved = message
        if queues[target].settings.fifo != nil {
            lastSequence += 1
            moved = message.entering(sequence: lastSequence, id: message.id, at: now, availableAt: now)
            moved.receiveCount = message.receiveCount
            moved.firstReceivedAt = message.firstReceivedAt
            moved.lastReceivedAt = message.lastReceivedAt
        }
        moved.availableAt = now
        moved.deadLetterSourceARN = arn(of: queues[source].record.name)
        queues[source].remove(message.sequence)
        queues[target].add(moved, at: now)
        guard moved.sequence != message.sequence else {
            return note(.messageMoved(toQueueID: queues[target].record.id, moved))
        }
        note(.messageDeleted(sequence: message.sequence))
        note(.messageAdded(queueID: queues[target].record.id, moved))
    }
}
