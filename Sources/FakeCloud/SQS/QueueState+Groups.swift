internal import JobCore

/// Messages that one receive takes out of the line.
struct MessageRun: Sendable {
    /// Those that the receiver gets.
    var live: [StoredMessage] = []
    /// Those that were received too often.
    var spent: [StoredMessage] = []
}

extension QueueState {
    /// Takes the next message out of the line, or of a FIFO queue the next group's up to its first hidden one.
    ///
    /// Each message must be rescheduled or removed when all runs of a receive are taken. `false` when there is none.
    mutating func takeRun(into run: inout MessageRun, upTo limit: Int, isSpent: (StoredMessage) -> Bool) -> Bool {
        guard let first = nextInLine() else { return false }
        guard groups != nil, let group = first.groupID else {
            if isSpent(first) { run.spent.append(first) } else { run.live.append(first) }
            return true
        }
        groups?.withdraw(group)
        for sequence in groups?.members(of: group) ?? [] where run.live.count < limit {
            guard let message = message(sequence) else { continue }
            guard isVisible(sequence) else { break }
            if isSpent(message) { run.spent.append(message) } else { run.live.append(message) }
        }
        return true
    }

    /// Puts a group's head into the line when it is visible and not there yet.
    mutating func offerHead(of group: String?) {
        guard groups != nil, let group else { return }
        while let head = groups?.head(of: group), message(head) == nil { groups?.dropHead(of: group) }
        guard let head = groups?.head(of: group), let entry = visibleEntry(head),
            groups?.offer(MessageGroups.Head(sequence: head, stamp: entry.stamp), of: group) == true
        else { return }
        insertInLine(entry)
    }

    /// Gives messages that have not been received yet the queue's present delay; returns those that changed.
    ///
    /// Amazon SQS developer guide, "Delay queues": for FIFO queues the setting is retroactive.
    mutating func applyDelay(at now: Timestamp) -> [StoredMessage] {
        var changed: [StoredMessage] = []
        for var message in allMessages where message.placement(at: now) == .delayed {
            message.availableAt = max(now, message.sentAt + .seconds(settings.delaySeconds))
            reschedule(message, at: now)
            changed.append(message)
        }
        return changed
    }
}
