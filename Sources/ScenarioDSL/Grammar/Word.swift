/// A word that a scenario file may use at some place, and what it means.
package protocol Word: RawRepresentable, CaseIterable, Sendable, Hashable where RawValue == String {
    /// What it means, in one sentence.
    var meaning: String { get }
}

/// A closed set of words, as data.
package struct Vocabulary: Sendable {
    /// What the words name, such as `signal`.
    package let title: String
    /// The words in their order, and what they mean.
    package let words: [(word: String, meaning: String)]

    /// The cases of an enumeration.
    init<Words: Word>(_ title: String, of type: Words.Type) {
        self.title = title
        words = type.allCases.map { ($0.rawValue, $0.meaning) }
    }

    /// The words alone.
    var names: [String] { words.map(\.word) }
}
