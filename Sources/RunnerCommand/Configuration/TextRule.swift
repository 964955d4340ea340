import JobCore

/// What a textual setting takes.
struct TextRule: Sendable {
    let expected: String
    let accepts: @Sendable (String) -> Bool
    var isPath = false

    /// The text, or the path that it means, when it follows the rule.
    func read(_ text: String, from raw: RawValue) throws(ValueFault) -> String {
        guard accepts(text) else { throw ValueFault(expected: expected, found: ConfigurationText.quoted(text)) }
        guard isPath, !text.hasPrefix("/"), let base = raw.baseDirectory else { return text }
        return base.hasSuffix("/") ? base + text : "\(base)/\(text)"
    }
}

extension TextRule {
    /// A file or folder.
    static let path = TextRule(
        expected: "a path", accepts: { !$0.isEmpty && !$0.unicodeScalars.contains("\0") }, isPath: true)

    /// A queue: 1 to 80 of `A-Z a-z 0-9 _ -`, with `.fifo` at the end of a FIFO queue.
    ///
    /// Source: Amazon SQS API reference, CreateQueue.
    static let queueName = TextRule(expected: "a queue name of 1 to 80 letters, digits, - and _") { text in
        let stem = text.hasSuffix(".fifo") ? text.dropLast(5) : text[...]
        return (1...80).contains(text.utf8.count) && !stem.isEmpty && stem.utf8.allSatisfy(isNameByte)
    }

    /// An `http` or `https` address with a host.
    static let url = TextRule(expected: "an address such as https://host/path") { text in
        guard let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }) else { return false }
        let host = text.dropFirst(scheme.count).prefix { $0 != "/" }
        return !host.isEmpty && !text.contains { $0.isWhitespace || $0.isNewline }
    }

    /// A bucket.
    static let bucket = TextRule(expected: "an S3 bucket name") { ObjectLocation.isBucketName($0) }

    /// A key prefix that ends in `/`.
    static let prefix = TextRule(expected: "a key prefix that ends in / and has no .., // or leading /") { text in
        text.hasSuffix("/") && !text.hasPrefix("/") && !text.contains("..") && !text.contains("//")
            && text.utf8.count <= 512 && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// A runner's name: 1 to 128 of `A-Z a-z 0-9 . _ -`.
    static let runnerID = TextRule(expected: "1 to 128 letters, digits, ., _ and -") { text in
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { isNameByte($0) || $0 == 0x2E }
    }

    /// A region, such as `eu-central-1`.
    static let region = TextRule(expected: "a region such as eu-central-1") { text in
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isNameByte)
    }

    /// A profile of the shared AWS files: any line of text.
    static let profile = TextRule(expected: "a profile name") { text in
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }
}
