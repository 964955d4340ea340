import AWSWire
import FakeCloud
import HTTPTypes
import JobCore
import JobTestKit
import PureJSON
import Testing

@Suite("Signatures that the server refuses", .timeLimit(.minutes(1)))
struct SignatureTests {
    static let wrongSecret = AWSCredentials(accessKeyID: "headrace", secretAccessKey: "wrong")
    static let stranger = AWSCredentials(accessKeyID: "nobody", secretAccessKey: "headrace-local-secret")

    @Test(
        "S3 refuses with its own codes",
        arguments: [
            (nil, "AccessDenied"), (wrongSecret, "SignatureDoesNotMatch"), (stranger, "InvalidAccessKeyId"),
        ] as [(AWSCredentials?, String)])
    func s3(credentials: AWSCredentials?, code: String) async throws {
        try await RunningCloud.run { cloud async throws in
            let reply = try await cloud.s3(.get, "/", credentials: credentials)
            #expect(reply.status == 403)
            #expect(reply.text.contains("<Code>\(code)</Code>"))
        }
    }

    @Test(
        "SQS refuses with its own codes",
        arguments: [
            (nil, "MissingAuthenticationToken"), (wrongSecret, "SignatureDoesNotMatch"),
            (stranger, "InvalidClientTokenId"),
        ] as [(AWSCredentials?, String)])
    func sqs(credentials: AWSCredentials?, code: String) async throws {
        try await RunningCloud.run { cloud async throws in
            let reply = try await cloud.sqs("ListQueues", [:], credentials: credentials).reply
            #expect(reply.status == 403)
            #expect(reply.fields["x-amzn-query-error"] == code + ";Sender")
        }
    }

    @Test("A request that is older than fifteen minutes is refused")
    func skew() async throws {
        try await RunningCloud.run { cloud async throws in
            let s3 = cloud.request(.get, "/")
            let sqs = cloud.sqsRequest("ListQueues", [:])
            cloud.clock.advance(by: .seconds(900))
            #expect(try await cloud.exchange(s3).status == 200)
            cloud.clock.advance(by: .seconds(1))
            #expect(try await cloud.exchange(s3).text.contains("<Code>RequestTimeTooSkewed</Code>"))
            #expect(try await cloud.exchange(sqs).fields["x-amzn-query-error"] == "SignatureDoesNotMatch;Sender")
        }
    }

    @Test("An SQS body other than the signed one is refused")
    func changedBody() async throws {
        try await RunningCloud.run { cloud async throws in
            var bytes = cloud.sqsRequest("CreateQueue", ["QueueName": "aaaa"])
            bytes.replaceSubrange((bytes.count - 6)..<(bytes.count - 2), with: "bbbb".utf8)
            #expect(try await cloud.exchange(bytes).status == 403)
        }
    }

    @Test("A server that accepts everything asks for no signature")
    func accept() async throws {
        var configuration = FakeCloudConfiguration()
        configuration.authentication = .accept
        try await RunningCloud.run(configuration) { cloud async throws in
            #expect(try await cloud.s3(.put, "/data", credentials: nil).status == 200)
            #expect(try await cloud.s3(.put, "/data/k", body: [1], credentials: Self.wrongSecret).status == 200)
            #expect(try await cloud.sqs("ListQueues", [:], credentials: nil).reply.status == 200)
        }
    }
}
