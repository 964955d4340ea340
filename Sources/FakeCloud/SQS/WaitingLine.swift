package import AWSWire
internal import JobCore

/// Receivers that wait for a message, first come first served in each queue.
package struct WaitingLine: Sendable {
    /// Names one waiting receiver.
    package typealias ID = UInt64

    /// The answer to a receiver that waited.
    package struct Delivery: Sendable, Hashable {
        /// Who waited.
        package let waiter: ID
        /// What it gets; no messages when its time was over.
        package let response: ReceiveMessageResponse
    }

    struct Waiter: Sendable {
        let order: ReceiveOrder
        let deadline: Timestamp
    }

    private var waiters: [ID: Waiter] = [:]
    private var lines: [String: [ID]] = [:]
    private var deadlines = DeadlineHeap()
    private var deliveries: [Delivery] = []
    private var lastID: ID = 0

    /// The queues at which somebody waits, in order of their names.
    var queueNames: [String] { lines.keys.sorted() }

    /// How many wait.
    var count: Int { waiters.count }

    /// When the first of all is answered in any case; may be early, never late.
    var nextDeadline: Timestamp? { waiters.isEmpty ? nil : deadlines.first?.at }

    mutating func add(_ order: ReceiveOrder, until deadline: Timestamp) -> ID {
        lastID += 1
        waiters[lastID] = Waiter(order: order, deadline: deadline)
        lines[order.queueName, default: []].append(lastID)
        deadlines.insert(.init(at: deadline, number: lastID, stamp: 0))
        return lastID
    }

    /// The first that waits at a queue.
    func first(at queueName: String) -> (id: ID, order: ReceiveOrder)? {
        guard let id = lines[queueName]?.first, let waiter = waiters[id] else { return nil }
        return (id, waiter.order)
    }

    /// Gives one that waits its answer.
    mutating func deliver(_ response: ReceiveMessageResponse, to id: ID) {
        guard remove(id) else { return }
        deliveries.append(Delivery(waiter: id, response: response))
    }

    @discardableResult
    mutating func remove(_ id: ID) -> Bool {
        guard let waiter = waiters.removeValue(forKey: id) else { return false }
        let name = waiter.order.queueName
        lines[name]?.removeAll { $0 == id }
        if lines[name]?.isEmpty == true { lines[name] = nil }
        deadlines.compact(whenAbove: waiters.count) { [waiters] in waiters[$0.number] != nil }
        return true
    }

    /// Answers those whose time is over.
    mutating func expire(at now: Timestamp) {
        while let entry = deadlines.popFirst(dueAt: now) { deliver(ReceiveMessageResponse(), to: entry.number) }
    }

    mutating func releaseAll() {
        for id in waiters.keys.sorted() { deliver(ReceiveMessageResponse(), to: id) }
    }

    /// Answers all that wait at a queue, as when it is deleted.
    mutating func releaseAll(at queueName: String) {
        for id in lines[queueName] ?? [] { deliver(ReceiveMessageResponse(), to: id) }
    }

    mutating func takeDeliveries() -> [Delivery] {
        defer { deliveries = [] }
        return deliveries
    }
}
