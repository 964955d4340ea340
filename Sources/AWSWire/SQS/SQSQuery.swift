package import PureJSON

/// The older protocol of SQS: form parameters in, XML out; its requests and answers are those of the JSON protocol.
///
/// Parameters become the document that the JSON protocol would have carried, and a document becomes XML, by the names
/// alone. Source: the SQS model of the `query` protocol, API version 2012-11-05.
package enum SQSQuery {
    /// The media type of the answers.
    package static let contentType = "text/xml"
    private static let namespace = "http://queue.amazonaws.com/doc/2012-11-05/"

    private static let integers: Set<String> = [
        "DelaySeconds", "MaxNumberOfMessages", "MaxNumberOfMessagesPerSecond", "MaxResults", "VisibilityTimeout",
        "WaitTimeSeconds",
    ]
    private static let textLists: [String: String] = [
        "AWSAccountId": "AWSAccountIds", "ActionName": "Actions", "AttributeName": "AttributeNames",
        "MessageAttributeName": "MessageAttributeNames",
        "MessageSystemAttributeName": "MessageSystemAttributeNames", "TagKey": "TagKeys",
    ]
    private static let attributeMaps: [String: String] = [
        "MessageAttribute": "MessageAttributes", "MessageSystemAttribute": "MessageSystemAttributes",
    ]

    /// Members whose own name stands in a form only to say that they are empty, as botocore does.
    private static let collections = Set(["Attributes", "Entries", "Tags", "tags"]).union(textLists.values).union(
        attributeMaps.values)

    /// The operation that a request's `Action` names.
    package static func operation(_ parameters: QueryItems) throws(SQSError) -> SQSOperation {
        guard let action = parameters["Action"], !action.isEmpty else {
            throw SQSError("MissingAction", "The request is missing an action or a required parameter.")
        }
        guard let operation = SQSOperation(rawValue: action) else {
            throw SQSError("InvalidAction", "The action \(action) is not valid for this endpoint.")
        }
        return operation
    }

    /// The document that parameters stand for; a request to a queue's URL names that queue, unless it names another.
    package static func document(
        _ operation: SQSOperation, _ parameters: QueryItems, path: String
    ) throws(SQSError) -> JSONValue {
        var document = try object(try ParameterTree(parameters), operation)
        if document["QueueUrl"] == nil, path.split(separator: "/").count >= 2 { document["QueueUrl"] = .string(path) }
        return .object(document)
    }

    private static func object(_ tree: ParameterTree, _ operation: SQSOperation) throws(SQSError) -> JSONObject {
        var object = JSONObject()
        for (name, child) in tree.children {
            if let member = textLists[name] {
                object[member] = .array(child.elements.compactMap { $0.value.map { .string($0) } })
            } else if let member = attributeMaps[name] {
                object[member] = try map(child, key: "Name") { value throws(SQSError) in
                    .object(try self.object(value, operation))
                }
            } else if name == "Attribute" {
                object["Attributes"] = try map(child, key: "Name") { .string($0.value ?? "") }
            } else if name == "Tag" {
                object[operation == .createQueue ? "tags" : "Tags"] = try map(child, key: "Key") {
                    .string($0.value ?? "")
                }
            } else if name == operation.rawValue + "RequestEntry" {
                var entries: [JSONValue] = []
                for entry in child.elements { entries.append(.object(try self.object(entry, operation))) }
                object["Entries"] = .array(entries)
            } else if let text = child.value, !collections.contains(name) {
                object[name] = try scalar(text, name)
            }
        }
        if object["Entries"] == nil, operation.rawValue.hasSuffix("Batch") { object["Entries"] = .array([]) }
        return object
    }

    private static func scalar(_ text: String, _ name: String) throws(SQSError) -> JSONValue {
        guard integers.contains(name) else { return .string(text) }
        if text.isEmpty { return .null }
        guard let number = Int64(text) else {
            throw SQSError(
                "InvalidParameterValueException",
                "Value \(text) for parameter \(name) is invalid. Reason: Must be an integer.")
        }
        return .integer(number)
    }

    private static func map(
        _ tree: ParameterTree, key: String, _ read: (ParameterTree) throws(SQSError) -> JSONValue
    ) throws(SQSError) -> JSONValue {
        var object = JSONObject()
        for element in tree.elements {
            guard let name = element.children[key]?.value, let value = element.children["Value"] else {
                throw SQSError(
                    "MissingRequiredParameterException", "A name or a value is missing in the parameters of a map.")
            }
            object[name] = try read(value)
        }
        return .object(object)
    }
}

extension SQSQuery {
    /// The body of an answer that accepts a request.
    package static func response(_ operation: SQSOperation, _ payload: any SQSPayload, requestID: String) -> [UInt8] {
        let name = operation.rawValue
        let members = payload.json.objectValue ?? JSONObject()
        let result = hasResult(operation) ? XMLElement(name + "Result", elements(members, operation)) : nil
        let metadata = XMLElement("ResponseMetadata", [XMLElement("RequestId", requestID)])
        return XMLElement(name + "Response", [result, metadata]).document(namespace: namespace)
    }

    /// The body of an answer that refuses a request.
    package static func response(refusing error: SQSError, requestID: String) -> [UInt8] {
        let message =
            error.shape == "QueueDoesNotExist"
            ? "The specified queue does not exist for this wsdl version." : error.message
        let detail = XMLElement(
            "Error",
            [
                XMLElement("Type", error.isSenderFault ? "Sender" : "Receiver"),
                XMLElement("Code", legible(error.queryCode)), XMLElement("Message", legible(message)),
                XMLElement("Detail", ""),
            ])
        return XMLElement("ErrorResponse", [detail, XMLElement("RequestId", requestID)])
            .document(namespace: namespace)
    }

    /// The text without what XML cannot carry, as parts of a refused request in a message may.
    private static func legible(_ text: String) -> String {
        var legible = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isAllowed = scalar.value >= 0x20 || [0x9, 0xA, 0xD].contains(scalar.value)
            let isNoCharacter = scalar.value == 0xFFFE || scalar.value == 0xFFFF
            legible.append(isAllowed && !isNoCharacter ? scalar : "\u{FFFD}")
        }
        return String(legible)
    }

    private static func hasResult(_ operation: SQSOperation) -> Bool {
        switch operation {
        case .addPermission, .changeMessageVisibility, .deleteMessage, .deleteQueue, .purgeQueue, .removePermission,
            .setQueueAttributes, .tagQueue, .untagQueue:
            false
        case .cancelMessageMoveTask, .changeMessageVisibilityBatch, .createQueue, .deleteMessageBatch,
            .getQueueAttributes, .getQueueURL, .listDeadLetterSourceQueues, .listMessageMoveTasks, .listQueueTags,
            .listQueues, .receiveMessage, .sendMessage, .sendMessageBatch, .startMessageMoveTask:
            true
        }
    }

    private static func elements(_ object: JSONObject, _ operation: SQSOperation) -> [XMLElement] {
        object.flatMap { member, value -> [XMLElement] in
            if let values = value.arrayValue {
                return values.map { element(elementName(member, operation), $0, operation) }
            }
            guard let values = value.objectValue else { return [element(member, value, operation)] }
            let (name, key) = member.lowercased() == "tags" ? ("Tag", "Key") : (String(member.dropLast()), "Name")
            return values.map { entry in
                XMLElement(name, [XMLElement(key, entry.key), element("Value", entry.value, operation)])
            }
        }
    }

    private static func element(_ name: String, _ value: JSONValue, _ operation: SQSOperation) -> XMLElement {
        if let object = value.objectValue { return XMLElement(name, elements(object, operation)) }
        if let text = value.stringValue { return XMLElement(name, text) }
        return XMLElement(name, value.serialized())
    }

    private static func elementName(_ member: String, _ operation: SQSOperation) -> String {
        switch member {
        case "Successful", "Results": operation.rawValue + "ResultEntry"
        case "Failed": "BatchResultErrorEntry"
        case "Messages": "Message"
        case "QueueUrls", "queueUrls": "QueueUrl"
        default: member
        }
    }
}
