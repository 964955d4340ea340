package import PureJSON

/// Creates a queue, or finds the one that has these attributes already.
package struct CreateQueueRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = QueueURLResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .createQueue }

    /// The name, ending in `.fifo` for a FIFO queue.
    package var queueName: String
    /// The attributes by their API names.
    package var attributes: [String: String]
    /// The tags by name.
    package var tags: [String: String]

    /// Makes the document from its members.
    package init(queueName: String, attributes: [String: String] = [:], tags: [String: String] = [:]) {
        self.queueName = queueName
        self.attributes = attributes
        self.tags = tags
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueName = try members.requiredString("QueueName")
        attributes = try members.stringMap("Attributes")
        tags = try members.stringMap("tags")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueName", queueName)
        members.set("Attributes", attributes)
        members.set("tags", tags)
        return members.json
    }
}

/// Finds a queue by its name.
package struct GetQueueURLRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = QueueURLResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .getQueueURL }

    /// The name.
    package var queueName: String
    /// The account, when it is not the caller's.
    package var queueOwnerAccountID: String?

    /// Makes the document from its members.
    package init(queueName: String, queueOwnerAccountID: String? = nil) {
        self.queueName = queueName
        self.queueOwnerAccountID = queueOwnerAccountID
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueName = try members.requiredString("QueueName")
        queueOwnerAccountID = try members.string("QueueOwnerAWSAccountId")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueName", queueName)
        members.set("QueueOwnerAWSAccountId", queueOwnerAccountID)
        return members.json
    }
}

/// The answer with one queue's URL.
package struct QueueURLResponse: SQSPayload {
    /// The URL that names the queue in other requests.
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

/// Lists queues by the start of their names.
package struct ListQueuesRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = ListQueuesResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .listQueues }

    /// What names start with; all when absent.
    package var queueNamePrefix: String?
    /// The page's size, 1...1000.
    package var maxResults: Int?
    /// Where the page before ended.
    package var nextToken: String?

    /// Makes the document from its members.
    package init(queueNamePrefix: String? = nil, maxResults: Int? = nil, nextToken: String? = nil) {
        self.queueNamePrefix = queueNamePrefix
        self.maxResults = maxResults
        self.nextToken = nextToken
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueNamePrefix = try members.string("QueueNamePrefix")
        maxResults = try members.integer("MaxResults")
        nextToken = try members.string("NextToken")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueNamePrefix", queueNamePrefix)
        members.set("MaxResults", maxResults)
        members.set("NextToken", nextToken)
        return members.json
    }
}

/// One page of queues.
package struct ListQueuesResponse: SQSPayload {
    /// The queues' URLs.
    package var queueURLs: [String]
    /// Where the page ended, when there are more.
    package var nextToken: String?

    /// Makes the document from its members.
    package init(queueURLs: [String] = [], nextToken: String? = nil) {
        self.queueURLs = queueURLs
        self.nextToken = nextToken
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURLs = try members.strings("QueueUrls")
        nextToken = try members.string("NextToken")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrls", queueURLs)
        members.set("NextToken", nextToken)
        return members.json
    }
}

/// Deletes a queue with all its messages.
package struct DeleteQueueRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSEmptyResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .deleteQueue }

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

/// Deletes all messages of a queue.
package struct PurgeQueueRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSEmptyResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .purgeQueue }

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

/// Reads a queue's attributes.
package struct GetQueueAttributesRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = GetQueueAttributesResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .getQueueAttributes }

    /// Which queue.
    package var queueURL: String
    /// Which ones; `All` for all.
    package var attributeNames: [String]

    /// Makes the document from its members.
    package init(queueURL: String, attributeNames: [String] = []) {
        self.queueURL = queueURL
        self.attributeNames = attributeNames
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        attributeNames = try members.strings("AttributeNames")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("AttributeNames", attributeNames)
        return members.json
    }
}

/// A queue's attributes.
package struct GetQueueAttributesResponse: SQSPayload {
    /// The values by API name.
    package var attributes: [String: String]

    /// Makes the document from its members.
    package init(attributes: [String: String] = [:]) {
        self.attributes = attributes
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        attributes = try members.stringMap("Attributes")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Attributes", attributes)
        return members.json
    }
}

/// Changes the attributes that are given and leaves the others.
package struct SetQueueAttributesRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSEmptyResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .setQueueAttributes }

    /// Which queue.
    package var queueURL: String
    /// The new values by API name.
    package var attributes: [String: String]

    /// Makes the document from its members.
    package init(queueURL: String, attributes: [String: String] = [:]) {
        self.queueURL = queueURL
        self.attributes = attributes
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        attributes = try members.stringMap("Attributes")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("Attributes", attributes)
        return members.json
    }
}

/// Lists the queues that dead-letter into this one.
package struct ListDeadLetterSourceQueuesRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = ListDeadLetterSourceQueuesResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .listDeadLetterSourceQueues }

    /// Which queue.
    package var queueURL: String
    /// The page's size, 1...1000.
    package var maxResults: Int?
    /// Where the page before ended.
    package var nextToken: String?

    /// Makes the document from its members.
    package init(queueURL: String, maxResults: Int? = nil, nextToken: String? = nil) {
        self.queueURL = queueURL
        self.maxResults = maxResults
        self.nextToken = nextToken
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        maxResults = try members.integer("MaxResults")
        nextToken = try members.string("NextToken")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("MaxResults", maxResults)
        members.set("NextToken", nextToken)
        return members.json
    }
}

/// One page of source queues.
package struct ListDeadLetterSourceQueuesResponse: SQSPayload {
    /// The queues' URLs.
    package var queueURLs: [String]
    /// Where the page ended, when there are more.
    package var nextToken: String?

    /// Makes the document from its members.
    package init(queueURLs: [String] = [], nextToken: String? = nil) {
        self.queueURLs = queueURLs
        self.nextToken = nextToken
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURLs = try members.strings("queueUrls")
        nextToken = try members.string("NextToken")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("queueUrls", queueURLs, always: true)
        members.set("NextToken", nextToken)
        return members.json
    }
}
