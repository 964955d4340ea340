import AWSWire
import FakeCloud
import HTTPTypes
import JobCore
import JobTestKit
import Logging
import NIOPosix
import PureJSON
import Testing

@Suite("The server over sockets", .timeLimit(.minutes(1)))
struct ServerTests {
    @Test("An object is put, read in part, described, listed and deleted")
    func objectRoundTrip() async throws {
        try await RunningCloud.run { cloud async throws in
            #expect(try await cloud.s3(.put, "/data").status == 200)
            let put = try await cloud.s3(.put, "/data/a%20b", ["x-amz-meta-who": "me"], body: Array("hello".utf8))
            #expect(put.fields["etag"] == "\"5d41402abc4b2a76b9719d911017c592\"")
            #expect(put.fields["x-amz-server-side-encryption"] == "AES256")
            let part = try await cloud.s3(.get, "/data/a%20b", ["Range": "bytes=1-3"])
            #expect(part.status == 206)
            #expect(part.text == "ell")
            #expect(part.fields["content-range"] == "bytes 1-3/5")
            let head = try await cloud.s3(.head, "/data/a%20b", ["x-amz-checksum-mode": "ENABLED"])
            #expect(head.fields["content-length"] == "5")
            #expect(head.fields["x-amz-meta-who"] == "me")
            #expect(head.fields["x-amz-checksum-crc64nvme"] == S3Checksum.base64(of: "hello".utf8, .crc64nvme))
            let list = try await cloud.s3(.get, "/data?encoding-type=url&list-type=2&prefix=a")
            #expect(list.text.contains("<Key>a%20b</Key>"))
            #expect(try await cloud.s3(.delete, "/data/a%20b").status == 204)
            #expect(try await cloud.s3(.get, "/data/a%20b").text.contains("<Code>NoSuchKey</Code>"))
        }
    }

    @Test("A bucket is named by the host as well as by the path")
    func virtualHost() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/k", body: [1], authority: "data.s3.localhost:4566")
            #expect(try await cloud.s3(.get, "/data/k").body == [1])
        }
    }

    @Test("A large object goes through files and comes back whole, over several segments")
    func largeObject() async throws {
        try await RunningCloud.run { cloud async throws in
            let body = (0..<1_500_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 9) }
            _ = try await cloud.s3(.put, "/data")
            #expect(try await cloud.s3(.put, "/data/big", body: body).status == 200)
            #expect(try await cloud.s3(.get, "/data/big").body == body)
            let range = try await cloud.s3(.get, "/data/big", ["Range": "bytes=262143-1262144"])
            #expect(range.body == Array(body[262_143...1_262_144]))
        }
    }

    @Test("A client that asks first is told to go on, and told no instead when its signature is wrong")
    func expectContinue() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let body = Array("hello".utf8)
            let good = cloud.head(
                .put, "/data/k", ["Expect": "100-continue"], bodyCount: 5, payload: PayloadHash(of: body))
            let bad = cloud.head(
                .put, "/data/k", ["Expect": "100-continue"], bodyCount: 5, payload: PayloadHash(of: body),
                credentials: AWSCredentials(accessKeyID: "headrace", secretAccessKey: "wrong"))
            try await RawClient.pool.runIfActive {
                let client = try cloud.connect()
                try client.write(good)
                #expect(try client.read(stopAtInterim: true).interim == [100])
                try client.write(body)
                #expect(try client.read().status == 200)
                try client.write(bad)
                let refusal = try client.read()
                #expect(refusal.interim == [])
                #expect(refusal.status == 403)
                #expect(refusal.fields["connection"] == "close")
                #expect(client.isClosed())
            }
        }
    }

    @Test(
        "Claims about a body that do not hold are refused and nothing is stored",
        arguments: [
            (["Content-MD5": "AAAAAAAAAAAAAAAAAAAAAA=="], "BadDigest"), (["Content-MD5": "x"], "InvalidDigest"),
            (["x-amz-checksum-crc32": "AAAAAA=="], "BadDigest"), (["x-amz-checksum-sha256": "AAAA"], "BadDigest"),
            (["x-amz-checksum-sha1": "?"], "InvalidRequest"), (["If-Match": "\"x\""], "NoSuchKey"),
            (["x-amz-acl": "public-read"], "NotImplemented"), (["x-amz-storage-class": "GLACIER"], "NotImplemented"),
        ])
    func bodyClaims(fields: [String: String], code: String) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let refusal = try await cloud.s3(.put, "/data/k", fields, body: Array("hello".utf8))
            #expect(refusal.text.contains("<Code>\(code)</Code>"))
            #expect(try await cloud.s3(.head, "/data/k").status == 404)
        }
    }

    @Test("A body that is not the one that was signed is refused")
    func bodyHash() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let head = cloud.head(.put, "/data/k", bodyCount: 5, payload: PayloadHash(of: Array("hello".utf8)))
            let reply = try await cloud.exchange(head + Array("hullo".utf8))
            #expect(reply.text.contains("<Code>XAmzContentSHA256Mismatch</Code>"))
            #expect(try await cloud.s3(.head, "/data/k").status == 404)
        }
    }

    @Test(
        "What S3 offers and this service does not is refused with 501",
        arguments: ["?metrics", "?select", "?inventory"])
    func notImplemented(query: String) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            #expect(try await cloud.s3(.get, "/data" + query).status == 501)
        }
    }

    @Test("Queue URLs name the host that the client used")
    func queueURL() async throws {
        try await RunningCloud.run { cloud async throws in
            let made = try await cloud.sqs("CreateQueue", ["QueueName": "jobs"])
            #expect(made.reply.fields["content-type"] == "application/x-amz-json-1.0")
            #expect(made.json["QueueUrl"]?.stringValue == cloud.endpoint + "/000000000000/jobs")
            let missing = try await cloud.sqs("GetQueueUrl", ["QueueName": "nothing"])
            #expect(missing.reply.status == 400)
            #expect(missing.json["__type"] == "com.amazonaws.sqs#QueueDoesNotExist")
            #expect(
                missing.reply.fields["x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender")
        }
    }

    @Test("Operations that SQS does not have are refused, never accepted in silence")
    func unknownOperations() async throws {
        try await RunningCloud.run { cloud async throws in
            #expect(
                try await cloud.sqs("Sing", [:]).json["__type"] == "com.amazon.coral.service#UnknownOperationException")
            #expect(try await cloud.sqs("SendMessage", [:]).reply.status == 400)
        }
    }

    @Test("The administration makes buckets and queues once and looks into queues")
    func administration() async throws {
        try await RunningCloud.run { cloud async throws in
            let administration = try await cloud.server.administration()
            for _ in 1...2 {
                try await administration.createBucket("data")
                let url = try await administration.createQueue("jobs", attributes: ["VisibilityTimeout": "9"])
                #expect(url == cloud.endpoint + "/000000000000/jobs")
            }
            let queue = cloud.endpoint + "/000000000000/jobs"
            _ = try await cloud.sqs("SendMessage", ["QueueUrl": .string(queue), "MessageBody": "m"])
            #expect(administration.peek(atQueue: "jobs")?.visible.map(\.body) == ["m"])
            #expect(administration.peek(atQueue: "nothing") == nil)
        }
    }

    @Test("A port in use is a clear error")
    func portInUse() async throws {
        try await RunningCloud.run { cloud async throws in
            let port = Int(cloud.endpoint.split(separator: ":").last ?? "") ?? 0
            let second = FakeCloudServer(
                configuration: FakeCloudConfiguration(port: port), clock: ManualClock(), logger: Logger(label: "x"))
            await #expect(throws: FakeCloudError.portInUse(host: "127.0.0.1", port: port)) { try await second.run() }
            await #expect(throws: FakeCloudError.portInUse(host: "127.0.0.1", port: port)) {
                try await second.endpoint()
            }
        }
    }
}
