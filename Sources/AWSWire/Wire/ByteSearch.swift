extension ArraySlice<UInt8> {
    /// The first text that stands between `start` and the byte `end` behind it; `nil` when there is none.
    ///
    /// For documents that need not be read as a whole, such as answers that are searched for one value.
    package func text(between start: StaticString, and end: Unicode.Scalar) -> String? {
        let word = Array(start.description.utf8)
        guard let first = word.first, let last = UInt8(exactly: end.value) else { return nil }
        var rest = self
        while let place = rest.firstIndex(of: first) {
            if rest[place...].starts(with: word) {
                let text = rest[(place + word.count)...]
                return text.firstIndex(of: last).map { String(decoding: text[..<$0], as: UTF8.self) }
            }
            rest = rest[(place + 1)...]
        }
        return nil
    }
}
