package import PureJSON

/// A message attribute: a type with a text or bytes.
package struct SQSMessageAttribute: SQSPayload {
    /// `String`, `Number` or `Binary`, with an optional label after a dot.
    package var dataType: String
    /// The value of `String` and `Number`.
    package var stringValue: String?
    /// The value of `Binary`.
    package var binaryValue: [UInt8]?

    /// Makes an attribute from its members.
    package init(dataType: String, stringValue: String? = nil, binaryValue: [UInt8]? = nil) {
        self.dataType = dataType
        self.stringValue = stringValue
        self.binaryValue = binaryValue
    }

    /// Makes a `String` attribute.
    package static func string(_ text: String) -> SQSMessageAttribute {
        SQSMessageAttribute(dataType: "String", stringValue: text)
    }

    /// Makes a `Number` attribute from decimal text.
    package static func number(_ text: String) -> SQSMessageAttribute {
        SQSMessageAttribute(dataType: "Number", stringValue: text)
    }

    /// Makes a `Binary` attribute.
    package static func binary(_ bytes: [UInt8]) -> SQSMessageAttribute {
        SQSMessageAttribute(dataType: "Binary", binaryValue: bytes)
    }

    /// Whether the value is bytes: the type is `Binary` with or without a label.
    package var isBinary: Bool { dataType == "Binary" || dataType.hasPrefix("Binary.") }

    /// The bytes that count for the message's size, beside those of the name.
    package var sizeBytes: Int {
        dataType.utf8.count + (isBinary ? binaryValue?.count ?? 0 : stringValue?.utf8.count ?? 0)
    }

    /// Reads the document; an absent type is the empty text.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        dataType = try members.string("DataType") ?? ""
        stringValue = try members.string("StringValue")
        binaryValue = try members.bytes("BinaryValue")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("StringValue", stringValue)
        members.set("BinaryValue", binaryValue)
        members.set("DataType", dataType)
        return members.json
    }
}
