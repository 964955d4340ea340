import AWSWire
import FakeCloud
import HTTPTypes
import Testing

@Suite("What clients read of S3 over sockets", .timeLimit(.minutes(1)))
struct S3ReadingTests {
    @Test("The first version of listings tells its next marker with a delimiter only")
    func nextMarker() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            for key in ["a", "d/1", "f"] { _ = try await cloud.s3(.put, "/data/" + key) }
            let grouped = try await cloud.s3(.get, "/data?delimiter=%2F&max-keys=2")
            #expect(grouped.text.contains("<NextMarker>d/</NextMarker>"))
            let plain = try await cloud.s3(.get, "/data?max-keys=2")
            #expect(plain.text.contains("<IsTruncated>true</IsTruncated>"))
            #expect(!plain.text.contains("NextMarker"))
            let refusal = try await cloud.s3(.get, "/data?max-keys=-1")
            #expect(refusal.text.contains("<Code>InvalidArgument</Code>"))
        }
    }

    @Test("Buckets are listed in pages")
    func buckets() async throws {
        try await RunningCloud.run { cloud async throws in
            for name in ["one", "two", "three"] { _ = try await cloud.s3(.put, "/" + name) }
            let page = try await cloud.s3(.get, "/?max-buckets=2")
            let list = try S3BucketList(body: page.body)
            #expect(list.buckets.map(\.name) == ["one", "three"])
            let token = try #require(list.continuationToken)
            let rest = try await cloud.s3(
                .get, "/?continuation-token=\(PercentEncoding.encode(token))&max-buckets=2")
            #expect(try S3BucketList(body: rest.body).buckets.map(\.name) == ["two"])
        }
    }

    @Test("An object's facts are told as far as they are asked for")
    func attributes() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data/k", body: Array("hello".utf8))
            let reply = try await cloud.s3(
                .get, "/data/k?attributes", ["x-amz-object-attributes": "ETag,ObjectSize"])
            let facts = try S3ObjectAttributes(body: reply.body)
            #expect(facts.etag == "5d41402abc4b2a76b9719d911017c592")
            #expect(facts.sizeBytes == 5)
            #expect(facts.checksums == nil)
            let refusal = try await cloud.s3(.get, "/data/k?attributes", ["x-amz-object-attributes": "Colour"])
            #expect(refusal.text.contains("<Code>InvalidArgument</Code>"))
        }
    }

    @Test(
        "A copy's conditions hold or refuse with 412",
        arguments: [
            ("x-amz-copy-source-if-match", "\"5d41402abc4b2a76b9719d911017c592\"", 200),
            ("x-amz-copy-source-if-match", "\"x\"", 412), ("x-amz-copy-source-if-none-match", "\"x\"", 200),
            ("x-amz-copy-source-if-none-match", "\"5d41402abc4b2a76b9719d911017c592\"", 412),
            ("x-amz-copy-source-if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT", 412),
            ("x-amz-copy-source-if-unmodified-since", "Sat, 01 Jan 2000 00:00:00 GMT", 412),
        ])
    func copyConditions(name: String, value: String, status: Int) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data/k", body: Array("hello".utf8))
            let copy = try await cloud.s3(.put, "/data/copy", ["x-amz-copy-source": "/data/k", name: value])
            #expect(copy.status == status)
        }
    }

    @Test("Outside us-east-1 a bucket must be told its region")
    func location() async throws {
        let configuration = FakeCloudConfiguration(authentication: .accept, region: "eu-west-1")
        try await RunningCloud.run(configuration) { cloud async throws in
            let refusal = try await cloud.s3(.put, "/data")
            #expect(refusal.text.contains("<Code>IllegalLocationConstraintException</Code>"))
            let body = S3BucketConfiguration(location: "eu-west-1").body
            #expect(try await cloud.s3(.put, "/data", body: body).status == 200)
            #expect(try await cloud.s3(.get, "/data?location").text.contains(">eu-west-1</LocationConstraint>"))
        }
    }
}
