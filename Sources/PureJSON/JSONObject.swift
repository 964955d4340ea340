/// The members of a JSON object, in the order in which they were written, each name once.
///
/// Look-up is linear up to eight members and by hash above that.
public struct JSONObject: Sendable {
    /// Names and values in order.
    public private(set) var members: [(key: String, value: JSONValue)] = []
    private var indexes: [String: Int] = [:]

    /// Makes an object without members.
    public init() {}

    /// The number of members.
    public var count: Int { members.count }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// The names, in order.
    public var keys: [String] { members.map(\.key) }

    /// The value of that name; assigning `nil` removes the member, a new name goes last.
    public subscript(key: String) -> JSONValue? {
        get { index(of: key).map { members[$0].value } }
        set {
            switch (index(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil):
                members.remove(at: place)
                rebuildIndexes()
            case (nil, let value?):
                members.append((key, value))
                if members.count > Self.linearLimit + 1 {
                    indexes[key] = members.count - 1
                } else if members.count == Self.linearLimit + 1 {
                    rebuildIndexes()
                }
            case (nil, nil): break
            }
        }
    }

    private static let linearLimit = 8

    private func index(of key: String) -> Int? {
        guard members.count > Self.linearLimit else { return members.firstIndex { $0.key == key } }
        return indexes[key]
    }

    private mutating func rebuildIndexes() {
        indexes.removeAll(keepingCapacity: true)
        guard members.count > Self.linearLimit else { return }
        for (place, member) in members.enumerated() { indexes[member.key] = place }
    }
}

extension JSONObject: Sequence {
    /// Iterates over names and values in order.
    public func makeIterator() -> IndexingIterator<[(key: String, value: JSONValue)]> { members.makeIterator() }
}

extension JSONObject: Hashable {
    /// Whether both have the same members, whatever their order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
    }

    /// Feeds the members, independent of their order.
    public func hash(into hasher: inout Hasher) {
        var combined = 0
        for (key, value) in members {
            var memberHasher = Hasher()
            memberHasher.combine(key)
            memberHasher.combine(value)
            combined ^= memberHasher.finalize()
        }
        hasher.combine(combined)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object; of two members with one name the later wins.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (key, value) in elements { self[key] = value }
    }
}
