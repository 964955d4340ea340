import AWSWire
import HTTPTypes
import PureJSON
import Testing

@Suite("SQS Query: requests of an older boto3, and XML")
struct SQSQueryTests {
    private static func document(_ parameters: String, path: String = "/") throws -> JSONValue {
        let items = QueryItems(parsing: parameters)
        return try SQSQuery.document(try SQSQuery.operation(items), items, path: path)
    }

    private static func body(_ name: String) throws -> String {
        String(decoding: try Capture(name).body, as: UTF8.self)
    }

    /// A form says all values as text and has no place for the types of JSON; the typed requests are equal.
    private func same<Request: SQSRequest>(_ type: Request.Type, _ name: String) throws {
        let json = try SQSWire.read(type, from: try Capture("boto3/sqs-" + name).body)
        #expect(try Request(json: Self.document(Self.body("query/boto3/sqs-" + name))) == json)
    }

    @Test("The same calls in both protocols are the same requests")
    func bothProtocols() throws {
        try same(CreateQueueRequest.self, "CreateQueue")
        try same(GetQueueURLRequest.self, "GetQueueUrl")
        try same(ListQueuesRequest.self, "ListQueues")
        try same(DeleteQueueRequest.self, "DeleteQueue")
        try same(PurgeQueueRequest.self, "PurgeQueue")
        try same(GetQueueAttributesRequest.self, "GetQueueAttributes")
        try same(SetQueueAttributesRequest.self, "SetQueueAttributes")
        try same(SendMessageRequest.self, "SendMessage")
        try same(SendMessageBatchRequest.self, "SendMessageBatch")
        try same(DeleteMessageRequest.self, "DeleteMessage")
        try same(DeleteMessageBatchRequest.self, "DeleteMessageBatch")
        try same(ChangeMessageVisibilityRequest.self, "ChangeMessageVisibility")
        try same(ChangeMessageVisibilityBatchRequest.self, "ChangeMessageVisibilityBatch")
        try same(ListDeadLetterSourceQueuesRequest.self, "ListDeadLetterSourceQueues")
        try same(SendMessageRequest.self, "fifo-send")
    }

    @Test("A receive names its attributes in numbered lists")
    func receive() throws {
        let request = try ReceiveMessageRequest(json: Self.document(Self.body("query/boto3/sqs-ReceiveMessage")))
        #expect(request.attributeNames == ["All"])
        #expect(request.messageAttributeNames == ["All"])
        #expect(
            [request.maxNumberOfMessages, request.visibilityTimeoutSeconds, request.waitTimeSeconds] == [10, 300, 20])
    }

    @Test("Tags are maps, their keys and permissions are lists")
    func lists() throws {
        #expect(
            try Self.document(Self.body("query/boto3/sqs-TagQueue"))["Tags"] == ["team": "mill", "cost centre": "7"])
        #expect(try Self.document(Self.body("query/boto3/sqs-UntagQueue"))["TagKeys"] == ["team", "x"])
        let permission = try Self.document(Self.body("query/boto3/sqs-AddPermission"))
        #expect(permission["AWSAccountIds"] == ["111122223333"])
        #expect(permission["Actions"] == ["SendMessage", "ReceiveMessage"])
    }

    @Test("A list may have one element without a number, and orders by number and not by text")
    func listForms() throws {
        let one = try Self.document("Action=GetQueueAttributes&AttributeName=All")
        #expect(one["AttributeNames"] == ["All"])
        let many = try Self.document("Action=GetQueueAttributes&AttributeName.10=c&AttributeName.2=b&AttributeName.1=a")
        #expect(many["AttributeNames"] == ["a", "b", "c"])
        let empty = try Self.document("Action=SendMessageBatch&Entries=&MessageAttributes=")
        #expect(empty["Entries"] == [])
        #expect(empty["MessageAttributes"] == nil)
        let map = try Self.document("Action=SetQueueAttributes&Attribute.Name=DelaySeconds&Attribute.Value=1")
        #expect(map["Attributes"] == ["DelaySeconds": "1"])
    }

    @Test("A request to a queue's URL names that queue, unless it names another")
    func queuePath() throws {
        let path = "/000000000000/jobs"
        #expect(try Self.document("Action=PurgeQueue", path: path)["QueueUrl"] == .string(path))
        #expect(try Self.document("Action=PurgeQueue&QueueUrl=http://h/1/q", path: path)["QueueUrl"] == "http://h/1/q")
        #expect(try Self.document("Action=ListQueues")["QueueUrl"] == nil)
    }

    @Test(
        "What is no request gets an error of SQS",
        arguments: [
            ("", "MissingAction"), ("Action=Dance", "InvalidAction"),
            ("Action=ReceiveMessage&WaitTimeSeconds=long", "InvalidParameterValueException"),
            ("Action=SetQueueAttributes&Attribute.1.Name=DelaySeconds", "MissingRequiredParameterException"),
            ("Action=SendMessage&a.b.c.d.e.f.g.h.i=1", "SerializationException"),
        ])
    func malformed(parameters: String, shape: String) {
        let error = #expect(throws: SQSError.self) { try Self.document(parameters) }
        #expect(error?.shape == shape)
    }

    @Test("A request of too many parameters is refused")
    func tooMany() {
        let error = #expect(throws: SQSError.self) {
            try Self.document("Action=SendMessage" + String(repeating: "&a", count: 4_001))
        }
        #expect(error?.shape == "SerializationException")
    }

    @Test("A document becomes XML with one element for each element of a list")
    func response() throws {
        let message = SQSMessage(
            messageID: "m", receiptHandle: "r", md5OfBody: "5", body: "<&>\r", attributes: ["SentTimestamp": "7"],
            messageAttributes: ["n": .number("1")])
        let xml = SQSQuery.response(.receiveMessage, ReceiveMessageResponse(messages: [message]), requestID: "id")
        let text = String(decoding: xml, as: UTF8.self)
        #expect(
            text.contains(
                #"<ReceiveMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">"#
                    + "<ReceiveMessageResult><Message>"))
        #expect(text.contains("<Body>&lt;&amp;&gt;&#13;</Body>"))
        #expect(text.contains("<Attribute><Name>SentTimestamp</Name><Value>7</Value></Attribute>"))
        #expect(text.contains("<MessageAttribute><Name>n</Name><Value><StringValue>1</StringValue>"))
        #expect(
            text.hasSuffix("<ResponseMetadata><RequestId>id</RequestId></ResponseMetadata></ReceiveMessageResponse>"))
    }

    @Test("An operation without a result answers with metadata only")
    func emptyResponse() {
        let xml = SQSQuery.response(.deleteMessage, SQSEmptyResponse(), requestID: "id")
        let text = String(decoding: xml, as: UTF8.self)
        #expect(!text.contains("Result"))
        #expect(text.contains("<DeleteMessageResponse"))
    }

    @Test("An error says whose fault it is, with the code and the sentence of this protocol")
    func errors() {
        let missing = SQSError("QueueDoesNotExist", "The specified queue does not exist.")
        let text = String(decoding: SQSQuery.response(refusing: missing, requestID: "id"), as: UTF8.self)
        #expect(
            text.contains(
                "<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>"
                    + "<Message>The specified queue does not exist for this wsdl version.</Message><Detail/></Error>"
                    + "<RequestId>id</RequestId></ErrorResponse>"))
        let odd = SQSError("InvalidAction", "The action \u{1} is not valid.")
        #expect(String(decoding: SQSQuery.response(refusing: odd, requestID: "id"), as: UTF8.self).contains("\u{FFFD}"))
    }
}
