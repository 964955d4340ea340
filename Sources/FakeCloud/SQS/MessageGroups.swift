/// The messages of a FIFO queue by group, each group in the order of its messages' numbers.
///
/// A message that goes is not removed at once: whoever finds it gone at the head of its group moves the head on.
struct MessageGroups: Sendable {
    /// The head of a group at one time: a message in one version.
    struct Head: Sendable, Hashable {
        var sequence: UInt64
        var stamp: UInt32
    }

    private struct Group: Sendable {
        var sequences: [UInt64] = []
        var first = 0
        var offered: Head?
    }

    private var groups: [String: Group] = [:]

    /// How many groups have messages.
    var count: Int { groups.count }

    /// Adds a message at the end of its group.
    mutating func append(_ sequence: UInt64, to group: String) {
        groups[group, default: Group()].sequences.append(sequence)
    }

    /// The first message of a group; it may be gone.
    func head(of name: String) -> UInt64? { groups[name].map { $0.sequences[$0.first] } }

    /// Moves a group's head on; a group that has no more messages is forgotten.
    mutating func dropHead(of name: String) {
        guard let (first, count) = groups[name].map({ ($0.first + 1, $0.sequences.count) }) else { return }
        if first == count {
            groups[name] = nil
        } else if first > 32, first * 2 > count {
            groups[name]?.sequences.removeFirst(first)
            groups[name]?.first = 0
        } else {
            groups[name]?.first = first
        }
    }

    /// The messages of a group from its head on; some may be gone.
    func members(of name: String) -> ArraySlice<UInt64> {
        guard let group = groups[name] else { return [] }
        return group.sequences[group.first...]
    }

    /// Notes that a head is in the line of receivable groups; `false` when it is there already.
    mutating func offer(_ head: Head, of name: String) -> Bool {
        guard groups[name]?.offered != head else { return false }
        groups[name]?.offered = head
        return true
    }

    /// Notes that a group's head was taken out of the line.
    mutating func withdraw(_ name: String) { groups[name]?.offered = nil }
}
