package import PureJSON

/// Sends one message.
package struct SendMessageRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SendMessageResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .sendMessage }

    /// Which queue.
    package var queueURL: String
    /// The body, 1 byte to the queue's maximum.
    package var messageBody: String
    /// How long it stays hidden at first, 0...900; the queue's own delay when absent.
    package var delaySeconds: Int?
    /// The sender's attributes by name, ten at most.
    package var messageAttributes: [String: SQSMessageAttribute]
    /// Attributes for AWS itself: `AWSTraceHeader`.
    package var messageSystemAttributes: [String: SQSMessageAttribute]
    /// FIFO queues: equal ids within five minutes are one message.
    package var messageDeduplicationID: String?
    /// FIFO queues: messages of a group are delivered in order.
    package var messageGroupID: String?

    /// Makes the document from its members.
    package init(
        queueURL: String, messageBody: String, delaySeconds: Int? = nil,
        messageAttributes: [String: SQSMessageAttribute] = [:],
        messageSystemAttributes: [String: SQSMessageAttribute] = [:], messageDeduplicationID: String? = nil,
        messageGroupID: String? = nil
    ) {
        self.queueURL = queueURL
        self.messageBody = messageBody
        self.delaySeconds = delaySeconds
        self.messageAttributes = messageAttributes
        self.messageSystemAttributes = messageSystemAttributes
        self.messageDeduplicationID = messageDeduplicationID
        self.messageGroupID = messageGroupID
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        messageBody = try members.requiredString("MessageBody")
        delaySeconds = try members.integer("DelaySeconds")
        messageAttributes = try members.map("MessageAttributes", of: SQSMessageAttribute.self)
        messageSystemAttributes = try members.map("MessageSystemAttributes", of: SQSMessageAttribute.self)
        messageDeduplicationID = try members.string("MessageDeduplicationId")
        messageGroupID = try members.string("MessageGroupId")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("MessageBody", messageBody)
        members.set("DelaySeconds", delaySeconds)
        members.set("MessageAttributes", messageAttributes)
        members.set("MessageSystemAttributes", messageSystemAttributes)
        members.set("MessageDeduplicationId", messageDeduplicationID)
        members.set("MessageGroupId", messageGroupID)
        return members.json
    }
}

/// What SQS stored.
package struct SendMessageResponse: SQSPayload {
    /// The id that SQS gave the message.
    package var messageID: String
    /// The MD5 of the body in hexadecimal.
    package var md5OfMessageBody: String
    /// The MD5 of the attributes; see ``SQSDigests``.
    package var md5OfMessageAttributes: String?
    /// The MD5 of the system attributes.
    package var md5OfMessageSystemAttributes: String?
    /// FIFO queues: 20 digits that grow.
    package var sequenceNumber: String?

    /// Makes the document from its members.
    package init(
        messageID: String, md5OfMessageBody: String, md5OfMessageAttributes: String? = nil,
        md5OfMessageSystemAttributes: String? = nil, sequenceNumber: String? = nil
    ) {
        self.messageID = messageID
        self.md5OfMessageBody = md5OfMessageBody
        self.md5OfMessageAttributes = md5OfMessageAttributes
        self.md5OfMessageSystemAttributes = md5OfMessageSystemAttributes
        self.sequenceNumber = sequenceNumber
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        messageID = try members.requiredString("MessageId")
        md5OfMessageBody = try members.requiredString("MD5OfMessageBody")
        md5OfMessageAttributes = try members.string("MD5OfMessageAttributes")
        md5OfMessageSystemAttributes = try members.string("MD5OfMessageSystemAttributes")
        sequenceNumber = try members.string("SequenceNumber")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("MessageId", messageID)
        members.set("MD5OfMessageBody", md5OfMessageBody)
        members.set("MD5OfMessageAttributes", md5OfMessageAttributes)
        members.set("MD5OfMessageSystemAttributes", md5OfMessageSystemAttributes)
        members.set("SequenceNumber", sequenceNumber)
        return members.json
    }
}

/// Sends up to ten messages.
package struct SendMessageBatchRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SendMessageBatchResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .sendMessageBatch }

    /// Which queue.
    package var queueURL: String
    /// The messages.
    package var entries: [SendMessageBatchEntry]

    /// Makes the document from its members.
    package init(queueURL: String, entries: [SendMessageBatchEntry] = []) {
        self.queueURL = queueURL
        self.entries = entries
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        entries = try members.list("Entries", of: SendMessageBatchEntry.self)
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("Entries", entries, always: true)
        return members.json
    }
}

/// One message of a batch.
package struct SendMessageBatchEntry: SQSPayload {
    /// Names the entry in the answer.
    package var id: String
    /// The body, 1 byte to the queue's maximum.
    package var messageBody: String
    /// How long it stays hidden at first, 0...900; the queue's own delay when absent.
    package var delaySeconds: Int?
    /// The sender's attributes by name, ten at most.
    package var messageAttributes: [String: SQSMessageAttribute]
    /// Attributes for AWS itself: `AWSTraceHeader`.
    package var messageSystemAttributes: [String: SQSMessageAttribute]
    /// FIFO queues: equal ids within five minutes are one message.
    package var messageDeduplicationID: String?
    /// FIFO queues: messages of a group are delivered in order.
    package var messageGroupID: String?

    /// Makes the document from its members.
    package init(
        id: String, messageBody: String, delaySeconds: Int? = nil,
        messageAttributes: [String: SQSMessageAttribute] = [:],
        messageSystemAttributes: [String: SQSMessageAttribute] = [:], messageDeduplicationID: String? = nil,
        messageGroupID: String? = nil
    ) {
        self.id = id
        self.messageBody = messageBody
        self.delaySeconds = delaySeconds
        self.messageAttributes = messageAttributes
        self.messageSystemAttributes = messageSystemAttributes
        self.messageDeduplicationID = messageDeduplicationID
        self.messageGroupID = messageGroupID
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        id = try members.requiredString("Id")
        messageBody = try members.requiredString("MessageBody")
        delaySeconds = try members.integer("DelaySeconds")
        messageAttributes = try members.map("MessageAttributes", of: SQSMessageAttribute.self)
        messageSystemAttributes = try members.map("MessageSystemAttributes", of: SQSMessageAttribute.self)
        messageDeduplicationID = try members.string("MessageDeduplicationId")
        messageGroupID = try members.string("MessageGroupId")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Id", id)
        members.set("MessageBody", messageBody)
        members.set("DelaySeconds", delaySeconds)
        members.set("MessageAttributes", messageAttributes)
        members.set("MessageSystemAttributes", messageSystemAttributes)
        members.set("MessageDeduplicationId", messageDeduplicationID)
        members.set("MessageGroupId", messageGroupID)
        return members.json
    }
}

/// What SQS stored of a batch.
package struct SendMessageBatchResponse: SQSPayload {
    /// The accepted entries.
    package var successful: [SendMessageBatchResult]
    /// The refused ones.
    package var failed: [SQSBatchFailure]

    /// Makes the document from its members.
    package init(successful: [SendMessageBatchResult] = [], failed: [SQSBatchFailure] = []) {
        self.successful = successful
        self.failed = failed
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        successful = try members.list("Successful", of: SendMessageBatchResult.self)
        failed = try members.list("Failed", of: SQSBatchFailure.self)
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Successful", successful, always: true)
        members.set("Failed", failed)
        return members.json
    }
}

/// One accepted entry.
package struct SendMessageBatchResult: SQSPayload {
    /// The entry.
    package var id: String
    /// The id that SQS gave the message.
    package var messageID: String
    /// The MD5 of the body in hexadecimal.
    package var md5OfMessageBody: String
    /// The MD5 of the attributes; see ``SQSDigests``.
    package var md5OfMessageAttributes: String?
    /// The MD5 of the system attributes.
    package var md5OfMessageSystemAttributes: String?
    /// FIFO queues: 20 digits that grow.
    package var sequenceNumber: String?

    /// Makes the document from its members.
    package init(
        id: String, messageID: String, md5OfMessageBody: String, md5OfMessageAttributes: String? = nil,
        md5OfMessageSystemAttributes: String? = nil, sequenceNumber: String? = nil
    ) {
        self.id = id
        self.messageID = messageID
        self.md5OfMessageBody = md5OfMessageBody
        self.md5OfMessageAttributes = md5OfMessageAttributes
        self.md5OfMessageSystemAttributes = md5OfMessageSystemAttributes
        self.sequenceNumber = sequenceNumber
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        id = try members.requiredString("Id")
        messageID = try members.requiredString("MessageId")
        md5OfMessageBody = try members.requiredString("MD5OfMessageBody")
        md5OfMessageAttributes = try members.string("MD5OfMessageAttributes")
        md5OfMessageSystemAttributes = try members.string("MD5OfMessageSystemAttributes")
        sequenceNumber = try members.string("SequenceNumber")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Id", id)
        members.set("MessageId", messageID)
        members.set("MD5OfMessageBody", md5OfMessageBody)
        members.set("MD5OfMessageAttributes", md5OfMessageAttributes)
        members.set("MD5OfMessageSystemAttributes", md5OfMessageSystemAttributes)
        members.set("SequenceNumber", sequenceNumber)
        return members.json
    }
}

/// One refused entry of a batch.
package struct SQSBatchFailure: SQSPayload {
    /// The entry.
    package var id: String
    /// Whether sending it again unchanged is pointless.
    package var senderFault: Bool
    /// The error's code.
    package var code: String
    /// The error's sentence.
    package var message: String?

    /// Makes the document from its members.
    package init(id: String, senderFault: Bool, code: String, message: String? = nil) {
        self.id = id
        self.senderFault = senderFault
        self.code = code
        self.message = message
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        id = try members.requiredString("Id")
        senderFault = try members.bool("SenderFault") ?? false
        code = try members.requiredString("Code")
        message = try members.string("Message")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Id", id)
        members.set("SenderFault", senderFault)
        members.set("Code", code)
        members.set("Message", message)
        return members.json
    }
}
