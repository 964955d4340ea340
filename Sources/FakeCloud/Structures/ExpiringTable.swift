internal import JobCore

/// Values by name, each good for the same time; what is over is dropped as time passes, at O(1) each.
struct ExpiringTable<Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var value: Value
        var end: Timestamp
    }

    private var entries: [String: Entry] = [:]
    private var order: [(name: String, end: Timestamp)] = []
    private var first = 0

    /// How many values there are.
    var count: Int { entries.count }

    /// The value of that name while it is good.
    func value(_ name: String, at now: Timestamp) -> Value? {
        guard let entry = entries[name], now < entry.end else { return nil }
        return entry.value
    }

    /// Adds a value; ends must not go back in time.
    mutating func add(_ value: Value, named name: String, until end: Timestamp) {
        entries[name] = Entry(value: value, end: end)
        order.append((name, end))
    }

    /// Drops what is over; whether there was anything.
    @discardableResult
    mutating func expire(at now: Timestamp) -> Bool {
        let start = first
        while first < order.count, order[first].end <= now {
            let name = order[first].name
            if let entry = entries[name], entry.end <= now { entries[name] = nil }
            first += 1
        }
        let hasDropped = first > start
        if first > 64, first * 2 > order.count {
            order.removeFirst(first)
            first = 0
        }
        return hasDropped
    }

    /// Drops everything and gives the memory back.
    mutating func removeAll() { self = ExpiringTable() }
}
