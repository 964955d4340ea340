/// The faults that are armed, as a pure machine: calls go in, the faults that hit them come out.
package struct FaultBook: Sendable, Hashable {
    /// A rule with its counts.
    package struct Entry: Sendable, Hashable {
        /// Names the rule; never given twice.
        package let id: Int
        /// The rule.
        package let rule: FaultRule
        /// How many calls fitted it so far.
        package var matched = 0
        /// How many of them it hit.
        package var fired = 0

        /// Whether it may hit another call.
        package var isSpent: Bool { rule.times.map { fired >= $0 } ?? false }
    }

    /// One hit.
    package struct Firing: Sendable, Hashable {
        /// The rule's number.
        package let id: Int
        /// The rule's name.
        package let name: String
        /// What becomes of the call.
        package let action: FaultAction
    }

    /// The rules in the order in which they were armed.
    package private(set) var entries: [Entry] = []
    private var lastID = 0

    /// At most so many rules are armed at a time.
    package static let limit = 1_000

    /// Makes an empty book.
    package init() {}

    /// Arms a rule and returns its number; `nil` when there are too many.
    package mutating func arm(_ rule: FaultRule) -> Int? {
        guard entries.count < Self.limit else { return nil }
        lastID += 1
        entries.append(Entry(id: lastID, rule: rule))
        return lastID
    }

    /// Takes a rule away and returns it with its counts; `nil` when there is none of that number.
    package mutating func disarm(_ id: Int) -> Entry? {
        guard let place = entries.firstIndex(where: { $0.id == id }) else { return nil }
        return entries.remove(at: place)
    }

    /// Takes all rules away and returns them with their counts.
    package mutating func disarmAll() -> [Entry] {
        defer { entries = [] }
        return entries
    }

    /// Counts a call and returns what hits it, in the order of the rules.
    package mutating func handle(_ call: CloudCall) -> [Firing] {
        var firings: [Firing] = []
        for place in entries.indices where entries[place].rule.match.fits(call) {
            entries[place].matched += 1
            guard !entries[place].isSpent, entries[place].rule.match.chooses(entries[place].matched) else { continue }
            entries[place].fired += 1
            let rule = entries[place].rule
            firings.append(Firing(id: entries[place].id, name: rule.name, action: rule.action))
        }
        return firings
    }
}
