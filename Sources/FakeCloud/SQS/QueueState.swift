internal import JobCore

/// One queue with its messages.
///
/// Messages are visible or hidden (delayed or in flight). Both sets are heaps by the time of availability, so that
/// a message that comes back waits behind those that became visible before it. No call costs more than O(log n) but
/// for messages whose time has come, each of which is touched once.
struct QueueState: Sendable {
    /// The queue itself.
    var record: QueueRecord
    /// The refusal of a second purge counts from here.
    var purgedAt: Timestamp?

    /// FIFO queues: the ids that count as seen.
    var deduplications = ExpiringTable<Deduplication>()
    /// FIFO queues: the receives that can be repeated.
    var attempts = ExpiringTable<ReceiveAttempt>()
    /// The order of a FIFO queue; the line of visible messages has only the heads of its groups then.
    var groups: MessageGroups?

    private var messages: [UInt64: Slot] = [:]
    private var visible = DeadlineHeap()
    private var hidden = DeadlineHeap()
    private var bySendTime = DeadlineHeap()
    private var counts: [StoredMessage.Placement: Int] = [:]
    /// How many messages there were at most since the memory was given back.
    private var highWaterCount = 0

    private struct Slot: Sendable {
        var message: StoredMessage
        var placement: StoredMessage.Placement
        var stamp: UInt32
    }

    /// Makes a queue that holds messages already, at a moment.
    init(_ record: QueueRecord, messages: [StoredMessage] = [], at now: Timestamp) {
        self.record = record
        groups = record.settings.fifo == nil ? nil : MessageGroups()
        self.messages.reserveCapacity(messages.count)
        for message in messages.sorted(by: { $0.sequence < $1.sequence }) { add(message, at: now) }
    }

    /// The settings.
    var settings: QueueSettings { record.settings }

    /// How many messages are where; as of the last ``settle(at:)``.
    func count(_ placement: StoredMessage.Placement) -> Int { counts[placement, default: 0] }

    /// How many messages there are.
    var messageCount: Int { messages.count }

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

    /// When the oldest message was sent; entries of messages that are gone are dropped on the way.
    mutating func oldestSentAt() -> Timestamp? {
        while let entry = bySendTime.first, messages[entry.number] == nil { _ = bySendTime.popFirst() }
        return bySendTime.first?.at
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
            if groups == nil { visible.insert(entry) } else { offerHead(of: slot.message.groupID) }
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
        highWaterCount = max(highWaterCount, messages.count)
        bySendTime.insert(.init(at: message.sentAt, number: message.sequence, stamp: 0))
        if let group = message.groupID { groups?.append(message.sequence, to: group) }
        enqueue(message, stamp: 0, placement)
    }

    /// Takes the first message out of the line.
    mutating func nextInLine() -> StoredMessage? {
        while let entry = visible.popFirst() {
            if isLive(entry), let slot = messages[entry.number] { return slot.message }
        }
        return nil
    }

    /// Whether a message can be received, but for those before it.
    func isVisible(_ sequence: UInt64) -> Bool { messages[sequence]?.placement == .visible }

    /// The entry of a visible message in the line.
    func visibleEntry(_ sequence: UInt64) -> DeadlineHeap.Entry? {
        guard let slot = messages[sequence], slot.placement == .visible else { return nil }
        return DeadlineHeap.Entry(at: slot.message.availableAt, number: sequence, stamp: slot.stamp)
    }

    /// Puts a message into the line.
    mutating func insertInLine(_ entry: DeadlineHeap.Entry) { visible.insert(entry) }

    /// Replaces a message by itself with another time or count, and puts it where it belongs.
    mutating func reschedule(_ message: StoredMessage, at now: Timestamp) {
        guard let slot = messages[message.sequence] else { return }
        let placement = message.placement(at: now)
        let stamp = slot.stamp &+ 1
        counts[slot.placement, default: 0] -= 1
        counts[placement, default: 0] += 1
        messages[message.sequence] = Slot(message: message, placement: placement, stamp: stamp)
        enqueue(message, stamp: stamp, placement)
    }

    /// Removes a message; `nil` when it is gone already.
    @discardableResult
    mutating func remove(_ sequence: UInt64) -> StoredMessage? {
        guard let slot = messages.removeValue(forKey: sequence) else { return nil }
        counts[slot.placement, default: 0] -= 1
        offerHead(of: slot.message.groupID)
        compact()
        return slot.message
    }

    /// Removes all messages and gives their memory back.
    mutating func purge(at now: Timestamp) {
        purgedAt = now
        messages = [:]
        releaseMemory()
        deduplications.removeAll()
        attempts.removeAll()
    }

    /// Gives the memory of a queue back that was long and is empty; returns how many messages it was for.
    mutating func releaseIfEmpty() -> Int {
        guard messages.isEmpty, highWaterCount >= Self.longQueueCount else { return 0 }
        defer { releaseMemory() }
        return highWaterCount
    }

    /// A queue that had so many messages keeps noticeable memory when it is empty.
    static let longQueueCount = 10_000

    private mutating func releaseMemory() {
        messages = [:]
        counts = [:]
        visible.removeAll()
        hidden.removeAll()
        bySendTime.removeAll()
        groups = groups == nil ? nil : MessageGroups()
        highWaterCount = 0
    }

    private mutating func enqueue(_ message: StoredMessage, stamp: UInt32, _ placement: StoredMessage.Placement) {
        let entry = DeadlineHeap.Entry(at: message.availableAt, number: message.sequence, stamp: stamp)
        if placement != .visible {
            hidden.insert(entry)
        } else if groups == nil {
            visible.insert(entry)
        } else {
            offerHead(of: message.groupID)
        }
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
