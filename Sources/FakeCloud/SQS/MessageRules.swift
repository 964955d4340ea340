internal import AWSWire

/// The rules that SQS checks messages and batches by, with SQS's own sentences.
///
/// Source: Amazon SQS developer guide, "Amazon SQS message quotas"; API reference, SendMessage.
enum MessageRules {
    /// The largest message and the largest batch.
    static let maximumSizeBytes = 1_048_576

    /// The refusal of a parameter's value.
    static func invalid(_ message: String) -> SQSError { SQSError("InvalidParameterValueException", message) }

    /// The refusal of a number outside its range.
    static func check(
        _ value: Int?, in range: ClosedRange<Int>, parameter: String, reason: String
    ) throws(SQSError) {
        guard let value, !range.contains(value) else { return }
        throw invalid("Value \(value) for parameter \(parameter) is invalid. Reason: \(reason)")
    }

    /// Checks the name of a queue that is to be made.
    static func check(queueName name: String, isFIFO: Bool) throws(SQSError) {
        let stem = isFIFO ? name.dropLast(".fifo".count) : name[...]
        let isNamed = !stem.isEmpty && name.utf8.count <= 80 && stem.utf8.allSatisfy(isNameByte)
        guard isNamed, !isFIFO || name.hasSuffix(".fifo") else {
            throw invalid(
                isFIFO
                    ? "The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, "
                        + "must end with .fifo suffix and be 1 to 80 in length"
                    : "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
        }
    }

    /// Checks the id of a group or of a deduplication.
    static func check(token: String?, parameter: String) throws(SQSError) {
        guard let token else { return }
        guard (1...128).contains(token.utf8.count), token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw invalid(
                "Value \(token) for parameter \(parameter) is invalid. Reason: \(parameter) can only include "
                    + "alphanumeric and punctuation characters. 1 to 128 in length.")
        }
    }

    /// The bytes of a message that count.
    static func sizeBytes(body: String, attributes: [String: SQSMessageAttribute]) -> Int {
        attributes.reduce(body.utf8.count) { $0 + $1.key.utf8.count + $1.value.sizeBytes }
    }

    /// Checks body, attributes and size.
    static func check(
        body: String, attributes: [String: SQSMessageAttribute],
        systemAttributes: [String: SQSMessageAttribute], maximumSizeBytes: Int
    ) throws(SQSError) {
        guard !body.isEmpty else {
            throw SQSError("MissingRequiredParameterException", "The request must contain the parameter MessageBody.")
        }
        try checkCharacters(of: body)
        try check(attributes: attributes)
        for (name, attribute) in systemAttributes {
            guard name == "AWSTraceHeader", attribute.dataType == "String", attribute.stringValue?.isEmpty == false
            else { throw invalid("Message system attribute name '\(name)' is invalid.") }
        }
        guard sizeBytes(body: body, attributes: attributes) <= maximumSizeBytes else {
            throw invalid(
                "One or more parameters are invalid. Reason: Message must be shorter than \(maximumSizeBytes) bytes.")
        }
    }

    private static func check(attributes: [String: SQSMessageAttribute]) throws(SQSError) {
        guard attributes.count <= 10 else {
            throw invalid("Number of message attributes [\(attributes.count)] exceeds the allowed maximum [10].")
        }
        for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
            try check(attributeName: name)
            try check(attribute, named: name)
        }
    }

    private static func check(attributeName name: String) throws(SQSError) {
        guard (1...256).contains(name.utf8.count) else {
            throw invalid("Length of message attribute name must be less than 256 bytes.")
        }
        let lower = name.lowercased()
        guard !lower.hasPrefix("aws."), !lower.hasPrefix("amazon.") else {
            throw invalid(
                "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. "
                    + "These strings are reserved for internal use.")
        }
        guard name.utf8.allSatisfy({ isNameByte($0) || $0 == UInt8(ascii: ".") }), !name.hasPrefix("."),
            !name.hasSuffix("."), !name.contains("..")
        else {
            throw invalid(
                "Message attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) "
                    + "characters, and must not start or end with a period or have successive ones.")
        }
    }

    private static func check(_ attribute: SQSMessageAttribute, named name: String) throws(SQSError) {
        let type = attribute.dataType.split(separator: ".", maxSplits: 1).first.map(String.init) ?? ""
        guard !type.isEmpty else {
            throw invalid("The message attribute '\(name)' must contain a non-empty message attribute type.")
        }
        guard ["String", "Number", "Binary"].contains(type) else {
            throw invalid(
                "The message attribute '\(name)' has an invalid message attribute type, the set of supported type "
                    + "prefixes is Binary, Number, and String.")
        }
        let isEmpty = type == "Binary" ? attribute.binaryValue?.isEmpty ?? true : attribute.stringValue?.isEmpty ?? true
        guard !isEmpty else {
            throw invalid(
                "The message attribute '\(name)' must contain a non-empty message attribute value for message "
                    + "attribute type '\(attribute.dataType)'.")
        }
        if let text = attribute.stringValue { try checkCharacters(of: text) }
        if type == "Number", let text = attribute.stringValue, Double(text)?.isFinite != true {
            throw invalid("Can't cast the value of message (user) attribute '\(name)' to a number.")
        }
    }

    /// Source: W3C XML 1.0, production Char.
    private static func checkCharacters(of text: String) throws(SQSError) {
        guard let found = text.unicodeScalars.first(where: { !isAllowed($0) }) else { return }
        throw SQSError(
            "InvalidMessageContents",
            "Invalid binary character '#x\(String(found.value, radix: 16, uppercase: true))' was found in the message "
                + "body, the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | "
                + "#x10000 to #x10FFFF")
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0xFFFD, 0x9, 0xA, 0xD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// Checks the number of entries and their ids.
    static func check(batchIDs ids: [String], entryType: String) throws(SQSError) {
        guard !ids.isEmpty else {
            throw SQSError("EmptyBatchRequest", "There should be at least one \(entryType) in the request.")
        }
        guard ids.count <= 10 else {
            throw SQSError(
                "TooManyEntriesInBatchRequest",
                "Maximum number of entries per request are 10. You have sent \(ids.count).")
        }
        var seen: Set<String> = []
        for id in ids {
            guard (1...80).contains(id.utf8.count), id.utf8.allSatisfy(isNameByte) else {
                throw SQSError(
                    "InvalidBatchEntryId",
                    "A batch entry id can only contain alphanumeric characters, hyphens and underscores. "
                        + "It can be at most 80 letters long.")
            }
            guard seen.insert(id).inserted else {
                throw SQSError("BatchEntryIdsNotDistinct", "Id \(id) repeated.")
            }
        }
    }

    /// Whether a byte may be part of a queue's name or of a batch entry's id.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
