internal import JobCore

/// One queue with its messages.
///
/// Messages are visible or hidden (delayed or in flight). Both sets are heaps by the time of availability, so that
/// a message that comes back waits behind those that became visible before it. No call costs more than O(log n) but
/// for messages whose time has come, each of which is touched once.
struct QueueState: Sendable {
    /// The queue itself.
    private(set) var record: QueueRecord
    /// The refusal of a second purge counts from here.
    var purgedAt: Timestamp?

    private var messages: [UInt64: Slot] = [:]
    private var visible = DeadlineHeap()
    private var hidden = DeadlineHeap()
    private var bySendTime = DeadlineHeap()
    private var counts: [StoredMessage.Placement: Int] = [:]

    private struct Slot: Sendable {
        var message: StoredMessage
        var placement: StoredMessage.Placement
        var stamp: UInt32
    }

    /// Makes a queue that holds messages already, at a moment.
    init(_ record: QueueRecord, messages: [StoredMessage] = [], at now: Timestamp) {
        self.record = record
        self.messages.reserveCapacity(messages.count)
        for message in messages { add(message, at: now) }
    }

    /// The settings.
    var settings: QueueSettings { record.settings }

    /// How many messages are where; as of the last ``settle(at:)``.
    func count(_ placement: StoredMessage.Placement) -> Int { counts[placement, default: 0] }

    /// When the next hidden message becomes visible; may be early, never late.
    var nextVisibilityChange: Timestamp? { hidden.first?.at }

    /// The message of that number.
    func message(_ sequence: UInt64) -> StoredMessage? { messages[sequence]?.message }

    /// All messages in the order of their availability; O(n log n), for people who look.
    var allMessages: [StoredMessage] {
        messages.values.map(\.message).sorted {
            $0.availableAt == $1.availableAt ? $0.sequence < $1.sequence : $0.availableAt < $1.availableAt
        }
    }

    /// Takes other settings.
    mutating func update(_ settings: QueueSettings, at now: Timestamp) {
        record.settings = settings
        record.modifiedAt = now
    }

    /// Makes visible what is due and drops what is too old; returns the numbers of the dropped.
    mutating func settle(at now: Timestamp) -> [UInt64] {
        while let entry = hidden.popFirst(dueAt: now) {
            guard isLive(entry), var slot = messages[entry.number] else { continue }
            counts[slot.placement, default: 0] -= 1
            counts[.visible, default: 0] += 1
            slot.placement = .visible
            messages[entry.number] = slot
            visible.insert(entry)
        }
        var expired: [UInt64] = []
        let retention = Duration.seconds(settings.retentionSeconds)
        while let entry = bySendTime.first, entry.at + retention <= now {
            _ = bySendTime.popFirst()
            if remove(entry.number) != nil { expired.append(entry.number) }
        }
        return expired
    }

    /// Adds a message that is new here.
    mutating func add(_ message: StoredMessage, at now: Timestamp) {
        let placement = message.placement(at: now)
        messages[message.sequence] = Slot(message: message, placement: placement, stamp: 0)
        counts[placement, default: 0] += 1
        bySendTime.insert(.init(at: message.sentAt, number: message.sequence, stamp: 0))
        enqueue(message.sequence, at: message.availableAt, stamp: 0, placement)
    }

    /// Takes the next visible message out of the line; it must be rescheduled or removed at once.
    mutating func nextVisible() -> StoredMessage? {
        while let entry = visible.popFirst() {
            if isLive(entry), let slot = messages[entry.number] { return slot.message }
        }
        return nil
    }

    /// Replaces a message by itself with another time or count, and puts it where it belongs.
    mutating func reschedule(_ message: StoredMessage, at now: Timestamp) {
        guard let slot = messages[message.sequence] else { return }
        let placement = message.placement(at: now)
        let stamp = slot.stamp &+ 1
        counts[slot.placement, default: 0] -= 1
        counts[placement, default: 0] += 1
        messages[message.sequence] = Slot(message: message, placement: placement, stamp: stamp)
        enqueue(message.sequence, at: message.availableAt, stamp: stamp, placement)
    }

    /// Removes a message; `nil` when it is gone already.
    @discardableResult
    mutating func remove(_ sequence: UInt64) -> StoredMessage? {
        guard let slot = messages.removeValue(forKey: sequence) else { return nil }
        counts[slot.placement, default: 0] -= 1
        compact()
        return slot.message
    }

    /// Removes all messages and gives their memory back.
    mutating func purge(at now: Timestamp) {
        purgedAt = now
        messages = [:]
        counts = [:]
        visible.removeAll()
        hidden.removeAll()
        bySendTime.removeAll()
    }

    private mutating func enqueue(
        _ sequence: UInt64, at time: Timestamp, stamp: UInt32, _ placement: StoredMessage.Placement
    ) {
        let entry = DeadlineHeap.Entry(at: time, number: sequence, stamp: stamp)
        if placement == .visible { visible.insert(entry) } else { hidden.insert(entry) }
        compact()
    }

    private func isLive(_ entry: DeadlineHeap.Entry) -> Bool { messages[entry.number]?.stamp == entry.stamp }

    private mutating func compact() {
        visible.compact(whenAbove: count(.visible)) { [messages] in messages[$0.number]?.stamp == $0.stamp }
        hidden.compact(whenAbove: count(.delayed) + count(.inFlight)) { [messages] in
            messages[$0.number]?.stamp == $0.stamp
        }
        bySendTime.compact(whenAbove: messages.count) { [messages] in messages[$0.number] != nil }
    }
}
