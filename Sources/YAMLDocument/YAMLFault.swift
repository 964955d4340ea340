/// Why a text is not a YAML document that can be used, and where.
package struct YAMLFault: Error, Sendable, Hashable {
    /// What kind of mistake it is.
    package enum Kind: Sendable, Hashable {
        /// Not UTF-8, too long, or with bytes that no text has.
        case notText
        /// Not YAML.
        case notYAML
        /// A name that stands twice in one mapping.
        case duplicateKey
        /// Anchors, aliases, merge keys, keys that are no texts, or nesting without end.
        case misleading
        /// Nothing in it.
        case empty
    }

    /// What kind of mistake it is.
    package var kind: Kind
    /// From 1; 0 for the document as a whole.
    package var line: Int
    /// From 1, in characters; 0 for the document as a whole.
    package var column: Int
    /// What was expected and what was found.
    package var message: String

    /// Makes a fault.
    package init(_ kind: Kind, line: Int, column: Int, message: String) {
        self.kind = kind
        self.line = line
        self.column = column
        self.message = message
    }
}
