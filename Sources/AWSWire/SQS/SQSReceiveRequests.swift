package import PureJSON

/// Takes up to ten messages.
package struct ReceiveMessageRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = ReceiveMessageResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .receiveMessage }

    /// Which queue.
    package var queueURL: String
    /// Which system attributes to tell, by the older name of this member.
    package var attributeNames: [String]
    /// Which system attributes to tell; `All` for all.
    package var messageSystemAttributeNames: [String]
    /// Which of the sender's attributes to tell; `All` for all.
    package var messageAttributeNames: [String]
    /// 1...10; one when absent.
    package var maxNumberOfMessages: Int?
    /// How long the messages stay hidden, 0...43200.
    package var visibilityTimeoutSeconds: Int?
    /// How long to wait for the first, 0...20.
    package var waitTimeSeconds: Int?
    /// FIFO queues: the same id gives the same messages again.
    package var receiveRequestAttemptID: String?

    /// Makes the document from its members.
    package init(
        queueURL: String, attributeNames: [String] = [], messageSystemAttributeNames: [String] = [],
        messageAttributeNames: [String] = [], maxNumberOfMessages: Int? = nil, visibilityTimeoutSeconds: Int? = nil,
        waitTimeSeconds: Int? = nil, receiveRequestAttemptID: String? = nil
    ) {
        self.queueURL = queueURL
        self.attributeNames = attributeNames
        self.messageSystemAttributeNames = messageSystemAttributeNames
        self.messageAttributeNames = messageAttributeNames
        self.maxNumberOfMessages = maxNumberOfMessages
        self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
        self.waitTimeSeconds = waitTimeSeconds
        self.receiveRequestAttemptID = receiveRequestAttemptID
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        attributeNames = try members.strings("AttributeNames")
        messageSystemAttributeNames = try members.strings("MessageSystemAttributeNames")
        messageAttributeNames = try members.strings("MessageAttributeNames")
        maxNumberOfMessages = try members.integer("MaxNumberOfMessages")
        visibilityTimeoutSeconds = try members.integer("VisibilityTimeout")
        waitTimeSeconds = try members.integer("WaitTimeSeconds")
        receiveRequestAttemptID = try members.string("ReceiveRequestAttemptId")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("AttributeNames", attributeNames)
        members.set("MessageSystemAttributeNames", messageSystemAttributeNames)
        members.set("MessageAttributeNames", messageAttributeNames)
        members.set("MaxNumberOfMessages", maxNumberOfMessages)
        members.set("VisibilityTimeout", visibilityTimeoutSeconds)
        members.set("WaitTimeSeconds", waitTimeSeconds)
        members.set("ReceiveRequestAttemptId", receiveRequestAttemptID)
        return members.json
    }
}

/// The messages that were taken; none is an absent member.
package struct ReceiveMessageResponse: SQSPayload {
    /// The messages.
    package var messages: [SQSMessage]

    /// Makes the document from its members.
    package init(messages: [SQSMessage] = []) {
        self.messages = messages
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        messages = try members.list("Messages", of: SQSMessage.self)
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Messages", messages)
        return members.json
    }
}

/// A message as it is delivered.
package struct SQSMessage: SQSPayload {
    /// The id that SQS gave the message.
    package var messageID: String
    /// The handle of this receipt.
    package var receiptHandle: String
    /// The MD5 of the body in hexadecimal.
    package var md5OfBody: String
    /// The body, unchanged.
    package var body: String
    /// The system attributes by name.
    package var attributes: [String: String]
    /// The MD5 of the attributes that are told.
    package var md5OfMessageAttributes: String?
    /// The sender's attributes by name.
    package var messageAttributes: [String: SQSMessageAttribute]

    /// Makes the document from its members.
    package init(
        messageID: String, receiptHandle: String, md5OfBody: String, body: String, attributes: [String: String] = [:],
        md5OfMessageAttributes: String? = nil, messageAttributes: [String: SQSMessageAttribute] = [:]
    ) {
        self.messageID = messageID
        self.receiptHandle = receiptHandle
        self.md5OfBody = md5OfBody
        self.body = body
        self.attributes = attributes
        self.md5OfMessageAttributes = md5OfMessageAttributes
        self.messageAttributes = messageAttributes
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        messageID = try members.requiredString("MessageId")
        receiptHandle = try members.requiredString("ReceiptHandle")
        md5OfBody = try members.requiredString("MD5OfBody")
        body = try members.requiredString("Body")
        attributes = try members.stringMap("Attributes")
        md5OfMessageAttributes = try members.string("MD5OfMessageAttributes")
        messageAttributes = try members.map("MessageAttributes", of: SQSMessageAttribute.self)
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("MessageId", messageID)
        members.set("ReceiptHandle", receiptHandle)
        members.set("MD5OfBody", md5OfBody)
        members.set("Body", body)
        members.set("Attributes", attributes)
        members.set("MD5OfMessageAttributes", md5OfMessageAttributes)
        members.set("MessageAttributes", messageAttributes)
        return members.json
    }
}
