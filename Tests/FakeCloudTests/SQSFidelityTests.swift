import AWSWire
import FakeCloud
import HTTPTypes
import JobCore
import PureJSON
import Testing

@Suite("What clients trip over in imitations of SQS", .timeLimit(.minutes(1)))
struct SQSFidelityTests {
    @Test("An error in JSON has a type, the name of the older protocol in a header, and a sentence of its own")
    func jsonIdentity() async throws {
        try await RunningCloud.run { cloud async throws in
            let (reply, json) = try await cloud.sqs(
                "SendMessage", ["QueueUrl": .string(cloud.endpoint + "/000000000000/none"), "MessageBody": "x"])
            #expect(reply.status == 400)
            #expect(json["__type"] == "com.amazonaws.sqs#QueueDoesNotExist")
            #expect(json["message"] == "The specified queue does not exist.")
            #expect(reply.fields["x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender")
            #expect(reply.fields["content-type"] == "application/x-amz-json-1.0")
        }
    }

    @Test("A second purge within a minute is refused with 403 in both protocols")
    func purgeInProgress() async throws {
        try await RunningCloud.run { cloud async throws in
            let made = try await cloud.sqs("CreateQueue", ["QueueName": "jobs"]).json
            let url = try #require(made["QueueUrl"]?.stringValue)
            #expect(try await cloud.sqs("PurgeQueue", ["QueueUrl": .string(url)]).reply.status == 200)
            let json = try await cloud.sqs("PurgeQueue", ["QueueUrl": .string(url)])
            #expect(json.reply.status == 403)
            #expect(json.json["__type"] == "com.amazonaws.sqs#PurgeQueueInProgress")
            let body = Array("Action=PurgeQueue&QueueUrl=\(PercentEncoding.encode(url))".utf8)
            let form = ["Content-Type": "application/x-www-form-urlencoded"]
            let query = try await cloud.exchange(cloud.request(.post, "/", form, body: body, service: "sqs"))
            #expect(query.status == 403)
            #expect(query.text.contains("<Type>Sender</Type>"))
            #expect(query.text.contains("<Code>AWS.SimpleQueueService.PurgeQueueInProgress</Code>"))
        }
    }

    @Test("A call in JSON is answered at the root and at the queue's URL, and an empty queue answers without messages")
    func addresses() async throws {
        try await RunningCloud.run { cloud async throws in
            let made = try await cloud.sqs("CreateQueue", ["QueueName": "jobs"]).json
            let url = try #require(made["QueueUrl"]?.stringValue)
            for path in ["/", "/000000000000/jobs"] {
                let body = Array((["QueueUrl": .string(url)] as JSONValue).serialized().utf8)
                let reply = try await cloud.exchange(
                    cloud.request(
                        .post, path,
                        ["Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.ReceiveMessage"],
                        body: body, service: "sqs"))
                #expect(reply.status == 200)
                #expect(reply.text == "{}")
            }
        }
    }

    @Test("The trace header is a system attribute with a digest of its own")
    func systemAttributes() async throws {
        try await RunningCloud.run { cloud async throws in
            let made = try await cloud.sqs("CreateQueue", ["QueueName": "jobs"]).json
            let url = try #require(made["QueueUrl"])
            let trace: JSONValue = ["DataType": "String", "StringValue": "Root=1-5759e988"]
            let sent = try await cloud.sqs(
                "SendMessage",
                [
                    "QueueUrl": url, "MessageBody": "x", "MessageSystemAttributes": ["AWSTraceHeader": trace],
                ]
            ).json
            #expect(sent["MD5OfMessageAttributes"] == nil)
            let digest = SQSDigests.md5(attributes: ["AWSTraceHeader": .string("Root=1-5759e988")])
            #expect(sent["MD5OfMessageSystemAttributes"]?.stringValue == digest)
            let received = try await cloud.sqs(
                "ReceiveMessage", ["QueueUrl": url, "MessageSystemAttributeNames": ["AWSTraceHeader"]]
            ).json
            #expect(received["Messages"]?[0]?["Attributes"] == ["AWSTraceHeader": "Root=1-5759e988"])
            #expect(received["Messages"]?[0]?["MessageAttributes"] == nil)
        }
    }

    @Test("A body that is too long is refused in the protocol of the request")
    func tooLong() async throws {
        try await RunningCloud.run { cloud async throws in
            let body = [UInt8](repeating: UInt8(ascii: "x"), count: 8 * 1_024 * 1_024 + 1)
            let query = try await cloud.exchange(
                cloud.request(
                    .post, "/", ["Content-Type": "application/x-www-form-urlencoded"], body: body, service: "sqs"))
            #expect(query.status == 413)
            #expect(query.text.contains("<Code>RequestEntityTooLarge</Code>"))
            let json = try await cloud.exchange(
                cloud.request(
                    .post, "/",
                    ["Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage"],
                    body: body, service: "sqs"))
            #expect(json.status == 413)
            #expect(json.fields["x-amzn-query-error"] == "RequestEntityTooLarge;Sender")
        }
    }
}
