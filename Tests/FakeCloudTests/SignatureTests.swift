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

    /// A path with query as boto3 presigns it by default in us-east-1, ten minutes from the cloud's start.
    static func presignedV2(_ method: HTTPRequest.Method, _ path: String, _ cloud: RunningCloud) -> String {
        let end = String(cloud.clock.now().seconds + 600)
        let text = [method.rawValue, "", "", end, path].joined(separator: "\n")
        let credentials = FakeCloudConfiguration.localCredentials
        let signature = Base64.encode(Digest.hmacSHA1(key: credentials.secretAccessKey.utf8, text.utf8))
        return path + "?AWSAccessKeyId=\(credentials.accessKeyID)&Signature=\(PercentEncoding.encode(signature))"
            + "&Expires=\(end)"
    }

    @Test("A URL presigned with version 2 puts and gets until its end, in both styles")
    func presignedV2() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let put = Self.presignedV2(.put, "/data/a%20b", cloud)
            let stored = try await cloud.s3(.put, put, body: Array("hello".utf8), credentials: nil)
            #expect(stored.status == 200)
            let get = Self.presignedV2(.get, "/data/a%20b", cloud)
            #expect(try await cloud.s3(.get, get, credentials: nil).text == "hello")
            let inHost = String(get.dropFirst("/data".count))
            let hosted = try await cloud.s3(.get, inHost, credentials: nil, authority: "data.s3.localhost:1")
            #expect(hosted.text == "hello")
            cloud.clock.advance(by: .seconds(601))
            let late = try await cloud.s3(.get, get, credentials: nil)
            #expect(late.status == 403)
            #expect(late.text.contains("<Code>AccessDenied</Code><Message>Request has expired</Message>"))
        }
    }

    @Test("A URL presigned with version 2 for another key or by a stranger is refused with 403")
    func wrongPresignedV2() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let url = Self.presignedV2(.get, "/data/k", cloud)
            let other = url.replacingOccurrences("/data/k", with: "/data/other")
            let mismatch = try await cloud.s3(.get, other, credentials: nil)
            #expect(mismatch.status == 403)
            #expect(mismatch.text.contains("<Code>SignatureDoesNotMatch</Code>"))
            #expect(mismatch.text.contains("<StringToSign>GET"))
            let stranger = url.replacingOccurrences("AWSAccessKeyId=", with: "AWSAccessKeyId=x")
            let unknown = try await cloud.s3(.get, stranger, credentials: nil)
            #expect(unknown.text.contains("<Code>InvalidAccessKeyId</Code>"))
        }
    }

    @Test("A signature for another region is refused with the region that it must be for")
    func region() async throws {
        let configuration = FakeCloudConfiguration(region: "eu-west-1")
        try await RunningCloud.run(configuration) { cloud async throws in
            let s3 = try await cloud.s3(.get, "/")
            #expect(s3.status == 400)
            #expect(s3.text.contains("<Code>AuthorizationHeaderMalformed</Code>"))
            #expect(s3.text.contains("<Region>eu-west-1</Region>"))
            #expect(s3.fields["x-amz-bucket-region"] == "eu-west-1")
            let sqs = try await cloud.sqs("ListQueues", [:]).reply
            #expect(sqs.status == 403)
            #expect(sqs.text.contains("not 'us-east-1'"))
        }
    }

    @Test("A bucket elsewhere is used with signatures for its own region, and redirects others")
    func bucketElsewhere() async throws {
        try await RunningCloud.run { cloud async throws in
            let body = S3BucketConfiguration(location: "eu-west-1").body
            #expect(try await cloud.s3(.put, "/data", body: body).status == 200)
            let redirect = try await cloud.s3(.put, "/data/k", body: [1])
            #expect(redirect.status == 301)
            #expect(redirect.text.contains("<Code>PermanentRedirect</Code>"))
            #expect(redirect.fields["x-amz-bucket-region"] == "eu-west-1")
            #expect(try await cloud.s3(.put, "/data/k", body: [1], region: "eu-west-1").status == 200)
            #expect(try await cloud.s3(.get, "/data/k", region: "eu-west-1").body == [1])
            let wrong = try await cloud.s3(.get, "/data/k", region: "eu-north-1")
            #expect(wrong.text.contains("expecting 'us-east-1'"))
        }
    }

    @Test("A server that accepts everything asks for no signature")
    func accept() async throws {
        var configuration = FakeCloudConfiguration()
        configuration.authentication = .accept
        try await RunningCloud.run(configuration) { cloud async throws in
            #expect(try await cloud.s3(.put, "/data", credentials: nil).status == 200)
            #expect(try await cloud.s3(.put, "/data/k", body: [1], credentials: Self.wrongSecret).status == 200)
            let old = try await cloud.s3(.get, "/data/k", ["Authorization": "AWS key:signature"], credentials: nil)
            #expect(old.body == [1])
            #expect(try await cloud.s3(.get, "/data/k?Signature=x", credentials: nil).body == [1])
            #expect(try await cloud.sqs("ListQueues", [:], credentials: nil).reply.status == 200)
        }
    }
}

extension String {
    fileprivate func replacingOccurrences(_ old: String, with new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
