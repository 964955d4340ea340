/// The one range that a `Range` header asks for.
///
/// Source: RFC 9110, 14.1.2; S3 serves a single range and ignores a header that it cannot read.
package enum ByteRange: Sendable, Hashable {
    /// From the first byte to the last one, both included; `bytes=0-499`.
    case bounded(first: Int64, last: Int64)
    /// From this byte to the end; `bytes=500-`.
    case from(Int64)
    /// The last so many bytes; `bytes=-500`.
    case suffix(Int64)

    /// Reads a header's value; `nil` for several ranges, other units and what makes no sense.
    package init?(header: String) {
        guard header.hasPrefix("bytes=") else { return nil }
        let parts = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        switch (Self.number(parts[0]), Self.number(parts[1])) {
        case (let first?, let last?) where first <= last: self = .bounded(first: first, last: last)
        case (let first?, nil) where parts[1].isEmpty: self = .from(first)
        case (nil, let count?) where parts[0].isEmpty: self = .suffix(count)
        default: return nil
        }
    }

    /// The header's value.
    package var header: String {
        switch self {
        case .bounded(let first, let last): "bytes=\(first)-\(last)"
        case .from(let first): "bytes=\(first)-"
        case .suffix(let count): "bytes=-\(count)"
        }
    }

    /// The bytes of an object of that size, or `nil` when the range lies outside (416).
    package func resolved(size: Int64) -> Range<Int64>? {
        switch self {
        case .bounded(let first, let last): first < size ? first..<(min(last, size - 1) + 1) : nil
        case .from(let first): first < size ? first..<size : nil
        case .suffix(let count): count > 0 && size > 0 ? max(0, size - count)..<size : nil
        }
    }

    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int64(text) : nil
    }
}

/// The part of an object that a 206 answer carries: `bytes 0-499/1234`.
package struct ContentRange: Sendable, Hashable {
    /// The bytes.
    package let bytes: Range<Int64>
    /// The size of the whole object.
    package let size: Int64

    /// Makes a range of a whole.
    package init(bytes: Range<Int64>, size: Int64) {
        self.bytes = bytes
        self.size = size
    }

    /// Reads a header's value.
    package init?(header: String) {
        guard header.hasPrefix("bytes ") else { return nil }
        let halves = header.dropFirst(6).split(separator: "/")
        guard halves.count == 2, let size = Int64(halves[1]) else { return nil }
        let ends = halves[0].split(separator: "-")
        guard ends.count == 2, let first = Int64(ends[0]), let last = Int64(ends[1]), first <= last, last < size else {
            return nil
        }
        self.init(bytes: first..<(last + 1), size: size)
    }

    /// The header's value.
    package var header: String { "bytes \(bytes.lowerBound)-\(bytes.upperBound - 1)/\(size)" }
}
