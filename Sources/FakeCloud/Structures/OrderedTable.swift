/// Values by object key in the order of the keys' UTF-8 bytes.
///
/// Keys are in runs of at most 512 entries, so that finding, adding and removing one costs O(log n) comparisons and
/// moves at most one run.
struct OrderedTable<Value: Sendable>: Sendable {
    /// A place in the order; good until the next change.
    struct Position: Sendable, Hashable {
        fileprivate var run: Int
        fileprivate var offset: Int
    }

    private var runs: [[(key: ObjectKey, value: Value)]] = []
    private(set) var count = 0

    private static var longestRun: Int { 512 }

    var isEmpty: Bool { count == 0 }

    /// The value of a key; assigning `nil` removes it.
    subscript(key: ObjectKey) -> Value? {
        get {
            let place = position { $0 < key }
            guard let found = self[place], found.key == key else { return nil }
            return found.value
        }
        set {
            let place = position { $0 < key }
            let isThere = self[place]?.key == key
            switch (isThere, newValue) {
            case (true, let value?): runs[place.run][place.offset].value = value
            case (true, nil): remove(at: place)
            case (false, let value?): insert(key, value, at: place)
            case (false, nil): break
            }
        }
    }

    /// The entry at a place; `nil` past the end.
    subscript(position: Position) -> (key: ObjectKey, value: Value)? {
        guard position.run < runs.count, position.offset < runs[position.run].count else { return nil }
        return runs[position.run][position.offset]
    }

    /// The first place whose key does not satisfy `isBefore`, which must hold for a prefix of the order only.
    func position(after isBefore: (ObjectKey) -> Bool) -> Position {
        guard let run = Self.firstIndex(in: runs, where: { $0.last.map { !isBefore($0.key) } ?? false }) else {
            guard let last = runs.last else { return Position(run: 0, offset: 0) }
            return Position(run: runs.count - 1, offset: last.count)
        }
        let offset = Self.firstIndex(in: runs[run]) { !isBefore($0.key) } ?? runs[run].count
        return Position(run: run, offset: offset)
    }

    /// The next place.
    func position(next position: Position) -> Position {
        let isLastOfRun = position.run < runs.count && position.offset + 1 >= runs[position.run].count
        return isLastOfRun && position.run + 1 < runs.count
            ? Position(run: position.run + 1, offset: 0) : Position(run: position.run, offset: position.offset + 1)
    }

    /// All entries in order.
    var all: [(key: ObjectKey, value: Value)] { runs.flatMap { $0 } }

    private mutating func insert(_ key: ObjectKey, _ value: Value, at place: Position) {
        count += 1
        guard !runs.isEmpty else {
            runs = [[(key, value)]]
            return
        }
        runs[place.run].insert((key, value), at: place.offset)
        guard runs[place.run].count > Self.longestRun else { return }
        let half = runs[place.run].count / 2
        let tail = Array(runs[place.run][half...])
        runs[place.run].removeSubrange(half...)
        runs.insert(tail, at: place.run + 1)
    }

    private mutating func remove(at place: Position) {
        count -= 1
        runs[place.run].remove(at: place.offset)
        if runs[place.run].isEmpty { runs.remove(at: place.run) }
    }

    private static func firstIndex<Element>(in elements: [Element], where isThere: (Element) -> Bool) -> Int? {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = (low + high) / 2
            if isThere(elements[middle]) { high = middle } else { low = middle + 1 }
        }
        return low < elements.count ? low : nil
    }
}

/// The name of an object, compared byte by byte: S3 knows no canonical equivalence of Unicode.
package struct ObjectKey: Sendable, Hashable, Comparable {
    /// The key as text, 1...1024 bytes in UTF-8.
    package let text: String

    /// Wraps a text.
    package init(_ text: String) { self.text = text }

    /// Whether the bytes are the same.
    package static func == (left: ObjectKey, right: ObjectKey) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    /// Whether the bytes of the left come first.
    package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    /// Feeds the bytes.
    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))
    }

    func hasPrefix(_ prefix: String) -> Bool { text.utf8.starts(with: prefix.utf8) }
}
