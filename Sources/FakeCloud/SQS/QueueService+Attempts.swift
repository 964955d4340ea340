internal import AWSWire
internal import JobCore

extension QueueService {
    /// The answer to a receive that was answered already, for a receiver that did not get it.
    ///
    /// It has the same messages with the same receipts, hidden anew. Once one of them is deleted, was given another
    /// visibility or came back, the receive is a new one.
    /// Source: Amazon SQS API reference, ReceiveMessage, ReceiveRequestAttemptId.
    mutating func repetition(of order: ReceiveOrder, at place: Int, _ now: Timestamp) -> ReceiveMessageResponse? {
        guard let id = order.attemptID, let attempt = queues[place].attempts.value(id, at: now),
            attempt.messages.allSatisfy({ queues[place].message($0.sequence) == $0 && $0.availableAt > now })
        else { return nil }
        let seconds = order.visibilitySeconds ?? queues[place].settings.visibilityTimeoutSeconds
        var shown: [SQSMessage] = []
        var messages = attempt.messages
        for index in messages.indices {
            messages[index].availableAt = now + .seconds(seconds)
            messages[index].lastReceivedAt = now
            queues[place].reschedule(messages[index], at: now)
            note(.messageRescheduled(messages[index]))
            shown.append(order.shown(messages[index], handle: receipt(for: messages[index], at: place).handle))
        }
        keep(ReceiveAttempt(messages: messages), id, at: place, now)
        return ReceiveMessageResponse(messages: shown)
    }

    /// Remembers which messages a receive with an attempt id took.
    mutating func remember(_ taken: [StoredMessage], _ order: ReceiveOrder, at place: Int, _ now: Timestamp) {
        guard let id = order.attemptID, !taken.isEmpty else { return }
        let messages = taken.compactMap { queues[place].message($0.sequence) }
        keep(ReceiveAttempt(messages: messages), id, at: place, now)
    }

    /// The receipt of a message's last receive.
    func receipt(for message: StoredMessage, at place: Int) -> Receipt {
        Receipt(queueID: queues[place].record.id, sequence: message.sequence, receiveCount: message.receiveCount)
    }

    private mutating func keep(_ attempt: ReceiveAttempt, _ id: String, at place: Int, _ now: Timestamp) {
        queues[place].attempts.expire(at: now)
        queues[place].attempts.add(attempt, named: id, until: now + Deduplication.window)
    }
}
