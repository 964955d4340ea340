internal import JobCore

/// Points in time in order, each with the number of the thing that is due then; a binary heap.
///
/// An entry is not removed when its thing goes: the owner tells live entries from dead ones by ``Entry/stamp``, and
/// ``compact(whenAbove:isLive:)`` drops the dead once they outnumber the live, so that a call costs O(log n).
struct DeadlineHeap: Sendable {
    /// One point in time.
    struct Entry: Sendable, Hashable {
        /// When it is due.
        var at: Timestamp
        /// The thing; breaks ties, the lower first.
        var number: UInt64
        /// Which version of the thing this is about.
        var stamp: UInt32

        fileprivate func precedes(_ other: Entry) -> Bool {
            at == other.at ? number < other.number : at < other.at
        }
    }

    private var entries: [Entry] = []

    /// How many entries there are, dead ones included.
    var count: Int { entries.count }

    /// The earliest entry.
    var first: Entry? { entries.first }

    /// All entries in no particular order.
    var all: [Entry] { entries }

    /// Adds an entry; O(log n).
    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var place = entries.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            guard entries[place].precedes(entries[parent]) else { return }
            entries.swapAt(place, parent)
            place = parent
        }
    }

    /// Removes and returns the earliest entry; O(log n).
    mutating func popFirst() -> Entry? {
        guard let earliest = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return earliest }
        entries[0] = last
        sink(from: 0)
        return earliest
    }

    /// Removes and returns the earliest entry that is due at `now`.
    mutating func popFirst(dueAt now: Timestamp) -> Entry? {
        guard let first, first.at <= now else { return nil }
        return popFirst()
    }

    /// Removes everything and gives the memory back.
    mutating func removeAll() { entries = [] }

    /// Drops dead entries when there are more than twice as many entries as live things; amortised O(1).
    mutating func compact(whenAbove liveCount: Int, isLive: (Entry) -> Bool) {
        guard entries.count > 64, entries.count > 2 * liveCount else { return }
        entries = entries.filter(isLive)
        for place in stride(from: entries.count / 2 - 1, through: 0, by: -1) { sink(from: place) }
    }

    private mutating func sink(from start: Int) {
        var place = start
        while true {
            let left = 2 * place + 1
            guard left < entries.count else { return }
            let right = left + 1
            let child = right < entries.count && entries[right].precedes(entries[left]) ? right : left
            guard entries[child].precedes(entries[place]) else { return }
            entries.swapAt(place, child)
            place = child
        }
    }
}
