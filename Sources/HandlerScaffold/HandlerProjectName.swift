/// The name of a new handler, and its spellings in the languages of handlers.
package struct HandlerProjectName: Sendable, Hashable, CustomStringConvertible {
    /// As messages and manifests have it: `row-count`.
    package let label: String

    /// The longest name, as for a label of DNS.
    package static let maximumLength = 63

    /// Takes a name; `nil` unless it is 1 to 63 of `a-z 0-9 -`, begins with a letter, and has no hyphen at its end nor
    /// two in a row.
    package init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
        }
        guard isPlain, (1...Self.maximumLength).contains(text.utf8.count),
            text.first?.isLetter ?? false,
            !text.hasSuffix("-"), !text.contains("--")
        else { return nil }
        label = text
    }

    /// The nearest name that is allowed: lower case, other characters as hyphens; `nil` when nothing is left.
    package static func suggestion(for text: String) -> HandlerProjectName? {
        var words = [""]
        for character in text {
            guard character.isASCII, character.isLetter || character.isNumber else {
                words.append("")
                continue
            }
            // rowCount, but not the inside of CSV
            let follows = words[words.count - 1].last.map { $0.isLowercase || $0.isNumber } ?? false
            if character.isUppercase, follows { words.append("") }
            words[words.count - 1].append(character)
        }
        let label = words.filter { !$0.isEmpty }.joined(separator: "-").lowercased()
        return HandlerProjectName(String(label.drop { !$0.isLetter }.prefix(maximumLength)))
    }

    /// As a file, a library or a crate: `row_count`.
    package var snakeCase: String { label.replacing("-", with: "_") }

    /// As a type, which always ends in `Handler` and so is nothing else's name: `RowCountHandler`.
    package var typeName: String {
        let words = label.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        let name = words.joined()
        return name.hasSuffix("Handler") ? name : name + "Handler"
    }

    /// The name.
    package var description: String { label }
}
