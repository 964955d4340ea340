/// Counts for each of a million places, in pages that come into being when they are first needed.
///
/// A file of a few rows costs a few pages; the most is 4 MB.
struct CountTable: Sendable {
    private static let pageSize = 1_024
    private static let groupSize = 16

    private(set) var total = 0
    private var pages: [[UInt32]]

    /// Makes an empty table for the places `0..<size`.
    init(size: Int) { pages = Array(repeating: [], count: (size + Self.pageSize - 1) / Self.pageSize) }

    /// How many were counted at a place.
    subscript(place: Int) -> Int {
        let page = pages[place / Self.pageSize]
        return page.isEmpty ? 0 : Int(page[place % Self.pageSize])
    }

    /// Counts one.
    mutating func add(_ place: Int) {
        let page = place / Self.pageSize
        if pages[page].isEmpty { pages[page] = Array(repeating: 0, count: Self.pageSize) }
        pages[page][place % Self.pageSize] += 1
        total += 1
    }

    /// A table for ``count(below:_:)``: how many were counted below every sixteenth place.
    ///
    /// Memory: a sixteenth of the counts.
    func sums() -> [UInt32] {
        var sums: [UInt32] = []
        sums.reserveCapacity(pages.count * Self.pageSize / Self.groupSize)
        var sum: UInt32 = 0
        for page in pages {
            for start in stride(from: 0, to: Self.pageSize, by: Self.groupSize) {
                sums.append(sum)
                guard !page.isEmpty else { continue }
                for index in start..<start + Self.groupSize { sum &+= page[index] }
            }
        }
        return sums
    }

    /// How many were counted below a place, given ``sums()``.
    func count(below place: Int, _ sums: [UInt32]) -> Int {
        var sum = sums[place / Self.groupSize]
        let page = pages[place / Self.pageSize]
        guard !page.isEmpty else { return Int(sum) }
        let offset = place % Self.pageSize
        for index in offset / Self.groupSize * Self.groupSize..<offset { sum &+= page[index] }
        return Int(sum)
    }

    /// Visits the places that were counted, highest first, until `body` returns false.
    func forEachFromTop(_ body: (_ place: Int, _ count: Int) -> Bool) {
        for (number, page) in pages.enumerated().reversed() where !page.isEmpty {
            for index in page.indices.reversed() where page[index] > 0 {
                guard body(number * Self.pageSize + index, Int(page[index])) else { return }
            }
        }
    }
}
