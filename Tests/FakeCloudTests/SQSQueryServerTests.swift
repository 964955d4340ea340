import AWSWire
import FakeCloud
import HTTPTypes
import JobCore
import PureJSON
import Testing

@Suite("The Query protocol over sockets", .timeLimit(.minutes(1)))
struct SQSQueryServerTests {
    private static let form = ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"]

    private static func post(
        _ cloud: RunningCloud, _ parameters: String, path: String = "/"
    ) async throws -> RawClient.Reply {
        let body = Array((parameters + "&Version=2012-11-05").utf8)
        return try await cloud.exchange(cloud.request(.post, path, form, body: body, service: "sqs"))
    }

    @Test("A message goes through by forms to the root and to the queue's URL")
    func forms() async throws {
        try await RunningCloud.run { cloud async throws in
            let made = try await Self.post(cloud, "Action=CreateQueue&QueueName=jobs")
            #expect(made.fields["content-type"] == "text/xml")
            #expect(made.text.contains("<QueueUrl>\(cloud.endpoint)/000000000000/jobs</QueueUrl>"))
            let queue = "/000000000000/jobs"
            let sent = try await Self.post(cloud, "Action=SendMessage&MessageBody=a%20%26+b", path: queue)
            #expect(sent.text.contains("<MD5OfMessageBody>" + SQSDigests.md5(body: "a & b") + "</MD5OfMessageBody>"))
            let got = try await Self.post(
                cloud, "Action=ReceiveMessage&AttributeName.1=All&WaitTimeSeconds=1", path: queue)
            #expect(got.text.contains("<Body>a &amp; b</Body>"))
            let none = try await Self.post(cloud, "Action=ReceiveMessage", path: queue)
            #expect(none.text.contains("<ReceiveMessageResult/>"))
        }
    }

    @Test("A signed URL is a request too")
    func get() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await Self.post(cloud, "Action=CreateQueue&QueueName=jobs")
            let url = "/000000000000/jobs?Action=GetQueueAttributes&AttributeName.1=QueueArn"
            let reply = try await cloud.exchange(cloud.request(.get, url, service: "sqs"))
            #expect(reply.text.contains("<Name>QueueArn</Name><Value>arn:aws:sqs:us-east-1:000000000000:jobs</Value>"))
        }
    }

    @Test("A refusal is XML with the status of the error")
    func refusals() async throws {
        try await RunningCloud.run { cloud async throws in
            let missing = try await Self.post(cloud, "Action=PurgeQueue&QueueUrl=\(cloud.endpoint)/000000000000/jobs")
            #expect(missing.status == 400)
            #expect(missing.text.contains("does not exist for this wsdl version."))
            let unknown = try await Self.post(cloud, "Action=Dance")
            #expect(unknown.text.contains("<Code>InvalidAction</Code>"))
            let body = Array("Action=ListQueues".utf8)
            let unsigned = try await cloud.exchange(
                cloud.request(.post, "/", Self.form, body: body, service: "sqs", credentials: nil))
            #expect(unsigned.status == 403)
            #expect(unsigned.text.contains("<Code>MissingAuthenticationToken</Code>"))
        }
    }
}
