package import PureJSON

/// Lets other accounts do things with a queue: adds a statement to its policy.
package struct AddPermissionRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSEmptyResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .addPermission }

    /// Which queue.
    package var queueURL: String
    /// Names the statement, 80 characters at most.
    package var label: String
    /// The accounts, 12 digits each.
    package var accountIDs: [String]
    /// The operations by their API names, or `*`.
    package var actions: [String]

    /// Makes the document from its members.
    package init(queueURL: String, label: String, accountIDs: [String] = [], actions: [String] = []) {
        self.queueURL = queueURL
        self.label = label
        self.accountIDs = accountIDs
        self.actions = actions
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        label = try members.requiredString("Label")
        accountIDs = try members.strings("AWSAccountIds")
        actions = try members.strings("Actions")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("Label", label)
        members.set("AWSAccountIds", accountIDs)
        members.set("Actions", actions)
        return members.json
    }
}

/// Takes a statement from the policy of a queue.
package struct RemovePermissionRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = SQSEmptyResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .removePermission }

    /// Which queue.
    package var queueURL: String
    /// Names the statement.
    package var label: String

    /// Makes the document from its members.
    package init(queueURL: String, label: String) {
        self.queueURL = queueURL
        self.label = label
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        queueURL = try members.requiredString("QueueUrl")
        label = try members.requiredString("Label")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("QueueUrl", queueURL)
        members.set("Label", label)
        return members.json
    }
}
