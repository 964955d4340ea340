package import PureJSON

/// Gives a queue tags.
package struct TagQueueRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSEmptyResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .tagQueue }

    /// Which queue.
    package var queueURL: String
    /// The tags by name; one of a name that is there replaces it.
    package var tags: [String: String]

    /// Makes the document from its members.
    package init(queueURL: String, tags: [String: String] = [:]) {
        self.queueURL = queueURL
        self.tags = tags
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        tags = try members.stringMap("Tags")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("Tags", tags)
        return members.json
    }
}

/// Takes tags from a queue.
package struct UntagQueueRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSEmptyResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .untagQueue }

    /// Which queue.
    package var queueURL: String
    /// The names of the tags.
    package var tagKeys: [String]

    /// Makes the document from its members.
    package init(queueURL: String, tagKeys: [String] = []) {
        self.queueURL = queueURL
        self.tagKeys = tagKeys
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        tagKeys = try members.strings("TagKeys")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("TagKeys", tagKeys)
        return members.json
    }
}

/// Lists the tags of a queue.
package struct ListQueueTagsRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = ListQueueTagsResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .listQueueTags }

    /// Which queue.
    package var queueURL: String

    /// Makes the document from its members.
    package init(queueURL: String) {
        self.queueURL = queueURL
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        return members.json
    }
}

/// The tags of a queue.
package struct ListQueueTagsResponse: SQSPayload {
    /// The tags by name.
    package var tags: [String: String]

    /// Makes the document from its members.
    package init(tags: [String: String] = [:]) {
        self.tags = tags
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        tags = try members.stringMap("Tags")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Tags", tags)
        return members.json
    }
}
