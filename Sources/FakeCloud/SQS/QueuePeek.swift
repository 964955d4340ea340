package import JobCore

/// The messages of a queue, seen without receiving them: no count changes and nothing is hidden.
package struct QueuePeek: Sendable, Hashable {
    /// The queue's name.
    package var queueName: String
    /// Messages that can be received, in the order in which they will be; in a FIFO queue that of each group.
    package var visible: [StoredMessage]
    /// Messages that were received and are hidden, those first that come back first.
    package var inFlight: [StoredMessage]
    /// Messages whose delay has not passed, those first that appear first.
    package var delayed: [StoredMessage]
}

extension QueueService {
    /// Looks into a queue; `nil` when there is none of that name.
    package mutating func peek(at queueName: String, now: Timestamp) -> QueuePeek? {
        guard let place = places[queueName] else { return nil }
        settle(place: place, at: now)
        let all = queues[place].allMessages
        func those(_ placement: StoredMessage.Placement) -> [StoredMessage] {
            all.filter { $0.placement(at: now) == placement }
        }
        var visible = those(.visible)
        if queues[place].groups != nil { visible.sort { $0.sequence < $1.sequence } }
        return QueuePeek(
            queueName: queueName, visible: visible, inFlight: those(.inFlight), delayed: those(.delayed))
    }

    /// When a queue has something to receive: now, or when the next hidden message appears; may be early, never late.
    mutating func nextMessage(inQueue name: String, now: Timestamp) -> Timestamp? {
        guard let place = places[name] else { return nil }
        settle(place: place, at: now)
        return queues[place].count(.visible) > 0 ? now : queues[place].nextVisibilityChange
    }

    /// How long a receive waits that does not say; 0 for a queue that does not exist.
    func waitTimeSeconds(ofQueue name: String) -> Int {
        places[name].map { queues[$0].settings.receiveWaitSeconds } ?? 0
    }

    /// The names of all queues, in order.
    package var queueNames: [String] { places.keys.sorted() }
}
