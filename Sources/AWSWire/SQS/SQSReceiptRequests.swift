package import PureJSON

/// Deletes one message.
package struct DeleteMessageRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSEmptyResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .deleteMessage }

    /// Which queue.
    package var queueURL: String
    /// The receipt.
    package var receiptHandle: String

    /// Makes the document from its members.
    package init(queueURL: String, receiptHandle: String) {
        self.queueURL = queueURL
        self.receiptHandle = receiptHandle
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        receiptHandle = try members.requiredString("ReceiptHandle")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("ReceiptHandle", receiptHandle)
        return members.json
    }
}

/// Deletes up to ten messages.
package struct DeleteMessageBatchRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSBatchResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .deleteMessageBatch }

    /// Which queue.
    package var queueURL: String
    /// The receipts.
    package var entries: [DeleteMessageBatchEntry]

    /// Makes the document from its members.
    package init(queueURL: String, entries: [DeleteMessageBatchEntry] = []) {
        self.queueURL = queueURL
        self.entries = entries
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        entries = try members.list("Entries", of: DeleteMessageBatchEntry.self)
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("Entries", entries, always: true)
        return members.json
    }
}

/// One receipt of a batch.
package struct DeleteMessageBatchEntry: SQSPayload {
    /// Names the entry in the answer.
    package var id: String
    /// The receipt.
    package var receiptHandle: String

    /// Makes the document from its members.
    package init(id: String, receiptHandle: String) {
        self.id = id
        self.receiptHandle = receiptHandle
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        id = try members.requiredString("Id")
        receiptHandle = try members.requiredString("ReceiptHandle")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Id", id)
        members.set("ReceiptHandle", receiptHandle)
        return members.json
    }
}

/// Hides one message from now on.
package struct ChangeMessageVisibilityRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSEmptyResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .changeMessageVisibility }

    /// Which queue.
    package var queueURL: String
    /// The receipt.
    package var receiptHandle: String
    /// For how long, 0...43200; 0 shows it at once.
    package var visibilityTimeoutSeconds: Int

    /// Makes the document from its members.
    package init(queueURL: String, receiptHandle: String, visibilityTimeoutSeconds: Int) {
        self.queueURL = queueURL
        self.receiptHandle = receiptHandle
        self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        receiptHandle = try members.requiredString("ReceiptHandle")
        visibilityTimeoutSeconds = try members.requiredInteger("VisibilityTimeout")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("ReceiptHandle", receiptHandle)
        members.set("VisibilityTimeout", visibilityTimeoutSeconds)
        return members.json
    }
}

/// Hides up to ten messages from now on.
package struct ChangeMessageVisibilityBatchRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSBatchResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .changeMessageVisibilityBatch }

    /// Which queue.
    package var queueURL: String
    /// The receipts.
    package var entries: [ChangeMessageVisibilityBatchEntry]

    /// Makes the document from its members.
    package init(queueURL: String, entries: [ChangeMessageVisibilityBatchEntry] = []) {
        self.queueURL = queueURL
        self.entries = entries
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        entries = try members.list("Entries", of: ChangeMessageVisibilityBatchEntry.self)
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("Entries", entries, always: true)
        return members.json
    }
}

/// One receipt of a batch.
package struct ChangeMessageVisibilityBatchEntry: SQSPayload {
    /// Names the entry in the answer.
    package var id: String
    /// The receipt.
    package var receiptHandle: String
    /// For how long, 0...43200.
    package var visibilityTimeoutSeconds: Int?

    /// Makes the document from its members.
    package init(id: String, receiptHandle: String, visibilityTimeoutSeconds: Int? = nil) {
        self.id = id
        self.receiptHandle = receiptHandle
        self.visibilityTimeoutSeconds = visibilityTimeoutSeconds
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        id = try members.requiredString("Id")
        receiptHandle = try members.requiredString("ReceiptHandle")
        visibilityTimeoutSeconds = try members.integer("VisibilityTimeout")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Id", id)
        members.set("ReceiptHandle", receiptHandle)
        members.set("VisibilityTimeout", visibilityTimeoutSeconds)
        return members.json
    }
}

/// What became of a batch of receipts.
package struct SQSBatchResponse: SQSPayload {
    /// The accepted entries.
    package var successful: [SQSBatchSuccess]
    /// The refused ones.
    package var failed: [SQSBatchFailure]

    /// Makes the document from its members.
    package init(successful: [SQSBatchSuccess] = [], failed: [SQSBatchFailure] = []) {
        self.successful = successful
        self.failed = failed
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        successful = try members.list("Successful", of: SQSBatchSuccess.self)
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
package struct SQSBatchSuccess: SQSPayload {
    /// The entry.
    package var id: String

    /// Makes the document from its members.
    package init(id: String) {
        self.id = id
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        id = try members.requiredString("Id")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Id", id)
        return members.json
    }
}
