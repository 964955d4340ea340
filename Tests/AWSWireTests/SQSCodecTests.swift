import AWSWire
import HTTPTypes
import PureJSON
import Testing

@Suite("SQS JSON: requests of boto3 and the AWS CLI")
struct SQSCodecTests {
    static let queue = "http://127.0.0.1:19324/000000000000/jobs"
    static let attributes: [String: SQSMessageAttribute] = [
        "reason": .string("Grüße"), "size": .number("12.50"),
        "blob": SQSMessageAttribute(dataType: "Binary.png", binaryValue: [0, 1, 254, 255]),
    ]

    /// Reads a capture as the request it should be, and checks that our own document says the same.
    private func read<Request: SQSRequest>(_ name: String, _ expected: Request) throws {
        let capture = try Capture(name)
        #expect(SQSWire.operation(of: capture.head) == Request.operation)
        #expect(try SQSWire.read(Request.self, from: capture.body) == expected)
        #expect(try JSONValue(parsing: SQSWire.bytes(of: expected)) == JSONValue(parsing: capture.body))
    }

    @Test("Queues are created, found and listed")
    func queues() throws {
        try read(
            "boto3/sqs-CreateQueue",
            CreateQueueRequest(
                queueName: "jobs", attributes: ["VisibilityTimeout": "300"], tags: ["team": "mill"]))
        try read("boto3/sqs-GetQueueUrl", GetQueueURLRequest(queueName: "jobs"))
        try read("boto3/sqs-ListQueues", ListQueuesRequest(queueNamePrefix: "jo", maxResults: 5))
        try read("boto3/sqs-DeleteQueue", DeleteQueueRequest(queueURL: Self.queue))
        try read("boto3/sqs-PurgeQueue", PurgeQueueRequest(queueURL: Self.queue))
        try read(
            "boto3/sqs-ListDeadLetterSourceQueues",
            ListDeadLetterSourceQueuesRequest(queueURL: Self.queue, maxResults: 10))
    }

    @Test("Attributes are read and set")
    func queueAttributes() throws {
        try read(
            "boto3/sqs-GetQueueAttributes",
            GetQueueAttributesRequest(queueURL: Self.queue, attributeNames: ["All"]))
        try read(
            "boto3/sqs-SetQueueAttributes",
            SetQueueAttributesRequest(queueURL: Self.queue, attributes: ["DelaySeconds": "5"]))
    }

    @Test("Messages are sent with attributes of all types")
    func sending() throws {
        try read(
            "boto3/sqs-SendMessage",
            SendMessageRequest(
                queueURL: Self.queue, messageBody: "{\"a\": \"ü \\u0001\"}\n", delaySeconds: 7,
                messageAttributes: Self.attributes,
                messageSystemAttributes: [
                    "AWSTraceHeader": .string("Root=1-5759e988-bd862e3fe1be46a994272793")
                ]))
        try read(
            "boto3/sqs-SendMessageBatch",
            SendMessageBatchRequest(
                queueURL: Self.queue,
                entries: [
                    SendMessageBatchEntry(id: "a", messageBody: "one"),
                    SendMessageBatchEntry(
                        id: "b", messageBody: "two", delaySeconds: 0, messageAttributes: Self.attributes),
                ]))
        try read(
            "boto3/sqs-fifo-send",
            SendMessageRequest(
                queueURL: Self.queue + ".fifo", messageBody: "x", messageDeduplicationID: "d-1",
                messageGroupID: "g1"))
        try read(
            "awscli/sqs-SendMessage",
            SendMessageRequest(
                queueURL: Self.queue, messageBody: "hello", messageAttributes: ["City": .string("Any City")]))
    }

    @Test("Messages are received")
    func receiving() throws {
        try read(
            "boto3/sqs-ReceiveMessage",
            ReceiveMessageRequest(
                queueURL: Self.queue, messageSystemAttributeNames: ["All"], messageAttributeNames: ["All"],
                maxNumberOfMessages: 10, visibilityTimeoutSeconds: 300, waitTimeSeconds: 20))
        try read(
            "awscli/sqs-ReceiveMessage",
            ReceiveMessageRequest(queueURL: Self.queue, attributeNames: ["All"], waitTimeSeconds: 1))
    }

    @Test("Receipts are deleted and hidden, alone and in batches")
    func receipts() throws {
        let handles = ["handle-0", "handle-1"]
        try read(
            "boto3/sqs-DeleteMessage", DeleteMessageRequest(queueURL: Self.queue, receiptHandle: "AQEB+/=="))
        try read(
            "boto3/sqs-DeleteMessageBatch",
            DeleteMessageBatchRequest(
                queueURL: Self.queue,
                entries: handles.enumerated().map { .init(id: "\($0.offset)", receiptHandle: $0.element) }))
        try read(
            "boto3/sqs-ChangeMessageVisibility",
            ChangeMessageVisibilityRequest(
                queueURL: Self.queue, receiptHandle: "AQEB+/==", visibilityTimeoutSeconds: 0))
        try read(
            "boto3/sqs-ChangeMessageVisibilityBatch",
            ChangeMessageVisibilityBatchRequest(
                queueURL: Self.queue,
                entries: handles.enumerated().map {
                    .init(id: "\($0.offset)", receiptHandle: $0.element, visibilityTimeoutSeconds: 60)
                }))
    }

    @Test("Our request has the headers that boto3's has")
    func headers() throws {
        let capture = try Capture("boto3/sqs-DeleteMessage")
        let request = DeleteMessageRequest(queueURL: Self.queue, receiptHandle: "AQEB+/==")
        let (head, _) = SQSWire.httpRequest(request, scheme: "http", authority: "127.0.0.1:19324")
        #expect(head.method == capture.head.method)
        #expect(head.path == capture.head.path)
        for name in [HTTPField.Name.contentType, .amzTarget] {
            #expect(head.headerFields[name] == capture.head.headerFields[name])
        }
    }
}

@Suite("SQS JSON: answers and errors")
struct SQSAnswerTests {
    @Test("A received message is read with its attributes")
    func message() throws {
        let body = #"""
            {"Messages":[{"Attributes":{"ApproximateReceiveCount":"2","SentTimestamp":"1677112427387"},
            "Body":"This is a test message","MD5OfBody":"fafb00f5732ab283681e124bf8747ed1",
            "MessageAttributes":{"b":{"BinaryValue":"AAH+/w==","DataType":"Binary"}},
            "MessageId":"219f8380-5770-4cc2-8c3e-5c715e145f5e","ReceiptHandle":"AQEBaZ+j5qUoOAoxlmrCQPkBm9njMWX","New":1}]}
            """#
        let response = try SQSWire.read(ReceiveMessageResponse.self, from: Array(body.utf8))
        let message = try #require(response.messages.first)
        #expect(message.md5OfBody == SQSDigests.md5(body: message.body))
        #expect(message.messageAttributes["b"]?.binaryValue == [0, 1, 254, 255])
        #expect(message.attributes["ApproximateReceiveCount"] == "2")
    }

    @Test("No messages are no member, and no member is no messages")
    func noMessages() throws {
        #expect(String(decoding: SQSWire.bytes(of: ReceiveMessageResponse()), as: UTF8.self) == "{}")
        #expect(try SQSWire.read(ReceiveMessageResponse.self, from: Array("{}".utf8)).messages.isEmpty)
        #expect(try SQSWire.read(ReceiveMessageResponse.self, from: Array(#"{"Messages":null}"#.utf8)).messages.isEmpty)
    }

    @Test("The MD5 of attributes is that which other implementations publish")
    func attributeDigests() {
        let timestamp = SQSDigests.md5(attributes: ["timestamp": .number("1493147359900")])
        #expect(timestamp == "235c5c510d26fb653d073faed50ae77c")
        let mixed = SQSDigests.md5(attributes: [
            "ccc": .string("testjunk"), "aaa": .binary([2, 3, 4]), "zzz": .number("0230.01"),
            "öther_encodings": .string("T\u{FC}st"),
        ])
        #expect(mixed == "8ae21a7957029ef04146b42aeaa18a22")
        #expect(SQSDigests.md5(attributes: [:]) == nil)
    }

    @Test(
        "An error has its name in both protocols",
        arguments: [
            (
                "QueueDoesNotExist", "com.amazonaws.sqs#QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue",
                400
            ),
            (
                "PurgeQueueInProgress", "com.amazonaws.sqs#PurgeQueueInProgress",
                "AWS.SimpleQueueService.PurgeQueueInProgress", 403
            ),
            (
                "InvalidParameterValueException", "com.amazon.coral.service#InvalidParameterValueException",
                "InvalidParameterValue", 400
            ),
        ])
    func errors(_ shape: String, _ type: String, _ code: String, _ status: Int) {
        let error = SQSError(shape, "no")
        #expect(error.type == type)
        #expect(error.queryErrorHeader == code + ";Sender")
        #expect(error.status == status)
        let head = SQSWire.responseHead(refusing: error, requestID: "r")
        #expect(SQSWire.error(head, body: error.jsonBody) == error)
    }

    @Test("An error page that is no document is told by its status")
    func errorPage() {
        let error = SQSWire.error(HTTPResponse(status: .badGateway), body: Array("<html>".utf8))
        #expect(error.shape == "HTTP502")
        #expect(!error.isSenderFault)
    }

    @Test(
        "A body that is not the document is refused with the member",
        arguments: [
            ("{}", SQSCodecError.missing(member: "QueueUrl")),
            (#"{"QueueUrl":1}"#, .wrongType(member: "QueueUrl", expected: "a string", found: "integer")),
            ("[]", .notAnObject(found: "array")),
            (
                #"{"QueueUrl":"q","MessageBody":"b","MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"!"}}}"#,
                .notBase64(member: "BinaryValue")
            ),
        ])
    func badBodies(_ body: String, _ expected: SQSCodecError) {
        #expect(throws: expected) { try SQSWire.read(SendMessageRequest.self, from: Array(body.utf8)) }
    }
}
