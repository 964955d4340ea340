/// A name with wildcards: `*` stands for any text, slashes included, and `?` for one character of ASCII.
package struct NamePattern: Sendable, Hashable {
    /// The pattern as it was written.
    package let text: String

    /// Wraps a pattern.
    package init(_ text: String) { self.text = text }

    /// Whether a name follows the pattern; O(n x m) at worst.
    package func covers(_ name: String) -> Bool {
        if text == "*" { return true }
        let (pattern, name) = (Array(text.utf8), Array(name.utf8))
        var (place, at) = (0, 0)
        var retry: (place: Int, at: Int)?
        while at < name.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                retry = (place, at)
                place += 1
            } else if place < pattern.count, pattern[place] == name[at] || pattern[place] == UInt8(ascii: "?") {
                place += 1
                at += 1
            } else if let last = retry {
                retry = (last.place, last.at + 1)
                place = last.place + 1
                at = last.at + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
