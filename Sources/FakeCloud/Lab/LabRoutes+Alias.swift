internal import AWSWire
internal import HTTPTypes
internal import JobCore
internal import PureJSON

extension LabRoutes {
    /// `GET /_aws/sqs/messages`, in the form that users of LocalStack know.
    ///
    /// XML unless the client accepts JSON; messages that are hidden or delayed are shown when `ShowInvisible` and
    /// `ShowDelayed` say so. The queue is named by `QueueUrl`, or by `/REGION/ACCOUNT/NAME` behind the path.
    func answerAlias(_ visitor: Visitor) throws(LabRefusal) -> HTTPAnswer {
        guard visitor.method == .get else { throw LabRefusal(405, "/_aws/sqs/messages knows GET") }
        let url = visitor.query["QueueUrl"] ?? (visitor.path.count == 5 ? visitor.path[4] : "")
        let name = url.split(separator: "/").last.map(String.init) ?? ""
        guard let peek = laboratory.queues.peek(at: name) else {
            throw LabRefusal(404, "QueueUrl names no queue; GET /_lab/queues lists them")
        }
        var messages = peek.visible
        if visitor.query["ShowInvisible"]?.lowercased() == "true" { messages += peek.inFlight }
        if visitor.query["ShowDelayed"]?.lowercased() == "true" { messages += peek.delayed }
        if visitor.head.headerFields[.accept]?.contains("json") == true { return Self.answer(Self.document(messages)) }
        let result = XMLElement("ReceiveMessageResult", messages.map(Self.element))
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "text/xml"
        return HTTPAnswer(head, .bytes(XMLElement("ReceiveMessageResponse", [result]).document()))
    }

    private static func element(_ message: StoredMessage) -> XMLElement {
        var children: [XMLElement?] = [
            XMLElement("MessageId", message.id), XMLElement("ReceiptHandle", handle),
            XMLElement("MD5OfBody", message.bodyMD5), XMLElement("Body", message.body),
        ]
        for (name, value) in systemAttributes(of: message) {
            children.append(XMLElement("Attribute", [XMLElement("Name", name), XMLElement("Value", value)]))
        }
        return XMLElement("Message", children)
    }

    /// Stands for a receipt handle: nothing was received.
    private static let handle = "SQS/BACKDOOR/ACCESS"

    private static func document(_ messages: [StoredMessage]) -> JSONValue {
        let shown = messages.map { message -> JSONValue in
            [
                "MessageId": .string(message.id), "ReceiptHandle": .string(handle),
                "MD5OfBody": .string(message.bodyMD5), "Body": .string(message.body),
                "Attribute": .array(
                    systemAttributes(of: message).map { ["Name": .string($0.name), "Value": .string($0.value)] }),
            ]
        }
        return ["ReceiveMessageResponse": ["ReceiveMessageResult": ["Message": .array(shown)]]]
    }

    private static func systemAttributes(of message: StoredMessage) -> [(name: String, value: String)] {
        [
            ("SenderId", message.senderID), ("SentTimestamp", String(message.sentAt.milliseconds)),
            ("ApproximateReceiveCount", String(message.receiveCount)),
            (
                "ApproximateFirstReceiveTimestamp",
                message.firstReceivedAt.map { String($0.milliseconds) } ?? ""
            ),
        ].filter { !$0.1.isEmpty }
    }
}
