/// Counts for each of a million places, in pages that come into being when they are first needed.
///
/// A file of a few rows costs a few pages; the most is 4 MB.
struct CountTable: Sendable {
    private static let pageSize = 1_024

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

    /// How many were counted on each page and those before it.
    func sumsBeforePages() -> [Int] {
        var sum = 0
        return pages.map { page in
            defer { sum += page.reduce(0) { $0 + Int($1) } }
            return sum
        }
    }

    /// How many were counted below a place, given ``sumsBeforePages()``.
    func count(below place: Int, _ sums: [Int]) -> Int {
        let page = pages[place / Self.pageSize]
        guard !page.isEmpty else { return sums[place / Self.pageSize] }
        var sum: UInt32 = 0
        for index in 0..<place % Self.pageSize { sum &+= page[index] }
        return sums[place / Self.pageSize] + Int(sum)
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
