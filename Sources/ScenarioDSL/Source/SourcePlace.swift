/// A stretch of one line of a scenario file.
///
/// All places are equal: two scenarios that say the same are the same wherever they say it.
package struct SourcePlace: Sendable, CustomStringConvertible {
    /// From 1.
    package var line: Int
    /// From 1, in characters.
    package var column: Int
    /// How many characters it covers, at least 1.
    package var length: Int

    /// Makes a place.
    package init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = max(length, 1)
    }

    /// The first character of a file.
    package static let start = SourcePlace(line: 1, column: 1)

    /// `line:column`.
    package var description: String { "\(line):\(column)" }

    /// A part of this place, counted in characters from its start.
    func part(from offset: Int, length: Int) -> SourcePlace {
        SourcePlace(line: line, column: column + offset, length: length)
    }
}

extension SourcePlace: Hashable {
    /// Always true.
    package static func == (left: SourcePlace, right: SourcePlace) -> Bool { true }

    /// Feeds nothing.
    package func hash(into hasher: inout Hasher) {}
}

extension SourcePlace: Comparable {
    /// Whether the left place comes first in the file.
    package static func < (left: SourcePlace, right: SourcePlace) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
