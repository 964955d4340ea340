import AWSWire
import FakeCloud
import HTTPTypes
import JobCore
import JobTestKit
import Testing

@Suite("Bodies in aws-chunked", .timeLimit(.minutes(1)))
struct ChunkedBodyTests {
    /// The worked example of the S3 API reference, "Transferring payload in multiple chunks".
    private static let example = [
        "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ]
    private static let authorization =
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        + "SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
        + "x-amz-decoded-content-length;x-amz-storage-class,"
        + "Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"

    private static func exampleRequest(filler: String = "a") -> [UInt8] {
        let head = [
            "PUT /examplebucket/chunkObject.txt HTTP/1.1", "Host: s3.amazonaws.com", "x-amz-date: 20130524T000000Z",
            "x-amz-storage-class: REDUCED_REDUNDANCY", "Authorization: \(authorization)",
            "x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "Content-Encoding: aws-chunked",
            "x-amz-decoded-content-length: 66560", "Content-Length: 66824", "", "",
        ].joined(separator: "\r\n")
        let body =
            example[0] + "\r\n" + String(repeating: filler, count: 65_536) + "\r\n" + example[1] + "\r\n"
            + String(repeating: "a", count: 1_024) + "\r\n" + example[2] + "\r\n\r\n"
        return Array((head + body).utf8)
    }

    private static func run(_ body: @escaping @Sendable (RunningCloud) async throws -> Void) async throws {
        var configuration = FakeCloudConfiguration()
        configuration.credentials = [
            AWSCredentials(
                accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        ]
        guard let now = Timestamp(amzDate: "20130524T000000Z") else { return }
        try await RunningCloud.run(configuration, clock: ManualClock(now: now), body)
    }

    @Test("The signatures of the reference's example are accepted, and not those of another first chunk")
    func exampleSignature() async throws {
        try await Self.run { cloud async throws in
            try await cloud.server.administration().createBucket("examplebucket")
            let reply = try await cloud.exchange(Self.exampleRequest())
            #expect(reply.status == 200)
            #expect(reply.fields["etag"] == ETag.quoted(md5: Digest.md5.hash([UInt8](repeating: 97, count: 66_560))))
            let changed = try await cloud.exchange(Self.exampleRequest(filler: "b"))
            #expect(changed.text.contains("<Code>SignatureDoesNotMatch</Code>"))
        }
    }

    @Test("An unsigned body with a trailing checksum is stored without its framing")
    func unsignedTrailer() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let sum = S3Checksum.base64(of: "hello world".utf8, .crc32)
            for (checksum, status) in [(sum, 200), ("AAAAAA==", 400)] {
                let body = Array("5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:\(checksum)\r\n\r\n".utf8)
                let head = cloud.head(
                    .put, "/data/k",
                    [
                        "Content-Encoding": "gzip,aws-chunked", "x-amz-decoded-content-length": "11",
                        "x-amz-trailer": "x-amz-checksum-crc32",
                    ], bodyCount: body.count, payload: .unsignedChunksAndTrailer)
                #expect(try await cloud.exchange(head + body).status == status)
            }
            let got = try await cloud.s3(.get, "/data/k", ["x-amz-checksum-mode": "ENABLED"])
            #expect(got.text == "hello world")
            #expect(got.fields["content-encoding"] == "gzip")
            #expect(got.fields["x-amz-checksum-crc32"] == sum)
        }
    }

    @Test(
        "A body that is framed wrongly or is too short is refused",
        arguments: ["5\r\nhelloX\r\n0\r\n\r\n", "zz\r\n", "5\r\nhello\r\n0\r\n", "4\r\nhell\r\n0\r\n\r\n"])
    func badFraming(body: String) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let bytes = Array(body.utf8)
            let head = cloud.head(
                .put, "/data/k",
                ["Content-Encoding": "aws-chunked", "x-amz-decoded-content-length": "5"], bodyCount: bytes.count,
                payload: .unsignedChunksAndTrailer)
            #expect(try await cloud.exchange(head + bytes).status == 400)
            #expect(try await cloud.s3(.head, "/data/k").status == 404)
        }
    }

    @Test("Chunks are stored when each signature fits and refused when one byte is different")
    func signedChunks() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            for (sent, status) in [("hello", 200), ("hellO", 403)] {
                let bytes = Self.signed("hello", sending: sent, cloud)
                #expect(try await cloud.exchange(bytes).status == status)
            }
            #expect(try await cloud.s3(.get, "/data/k").text == "hello")
        }
    }

    @Test(
        "A signed trailer is checked with its signature and its checksum",
        arguments: [("trailer", 200), ("checksum", 400), ("signature", 403)])
    func signedTrailer(what: String, status: Int) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            let sum = what == "checksum" ? "AAAAAA==" : S3Checksum.base64(of: "hello".utf8, .crc32)
            var bytes = Self.signedWithTrailer("hello", checksum: sum, cloud)
            if what == "signature" { bytes[bytes.count - 5] = bytes[bytes.count - 5] == 0x30 ? 0x31 : 0x30 }
            #expect(try await cloud.exchange(bytes).status == status)
            #expect(try await cloud.s3(.head, "/data/k").status == (status == 200 ? 200 : 404))
        }
    }

    /// One chunk, the last chunk, and a trailer with its signature.
    private static func signedWithTrailer(_ text: String, checksum: String, _ cloud: RunningCloud) -> [UInt8] {
        let trailer = "x-amz-checksum-crc32:" + checksum
        let framing = "5;chunk-signature=\r\n\r\n0;chunk-signature=\r\n\r\nx-amz-trailer-signature:\r\n\r\n"
        let length = framing.utf8.count + trailer.utf8.count + text.utf8.count + 3 * 64
        let head = cloud.head(
            .put, "/data/k",
            [
                "Content-Encoding": "aws-chunked", "x-amz-decoded-content-length": String(text.utf8.count),
                "x-amz-trailer": "x-amz-checksum-crc32",
            ], bodyCount: length, payload: .signedChunksAndTrailer)
        var chain = chain(after: head, cloud)
        let first = chain.next(chunk: PayloadHash(of: text.utf8))
        let last = chain.next(chunk: .empty)
        let end = chain.next(trailer: trailer + "\n")
        let body =
            "5;chunk-signature=\(first)\r\n\(text)\r\n0;chunk-signature=\(last)\r\n\(trailer)\r\n"
            + "x-amz-trailer-signature:\(end)\r\n\r\n"
        return head + Array(body.utf8)
    }

    /// The chain that starts with the signature in a head.
    private static func chain(after head: [UInt8], _ cloud: RunningCloud) -> ChunkSignatures {
        let text = String(decoding: head, as: UTF8.self)
        let seed = text.firstRange(of: "Signature=").map { text[$0.upperBound...].prefix(64) } ?? ""
        return ChunkSignatures(
            secret: FakeCloudConfiguration.localCredentials.secretAccessKey,
            scope: SigningScope(at: cloud.clock.now(), region: "us-east-1", service: "s3"),
            signedAt: cloud.clock.now(), seed: String(seed))
    }

    private static func signed(_ text: String, sending sent: String, _ cloud: RunningCloud) -> [UInt8] {
        let signatureCount = 64
        let length = 2 + 17 + signatureCount - 1 + 2 + text.utf8.count + 2 + 18 + signatureCount + 4
        let head = cloud.head(
            .put, "/data/k",
            ["Content-Encoding": "aws-chunked", "x-amz-decoded-content-length": String(text.utf8.count)],
            bodyCount: length, payload: .signedChunks)
        var chain = chain(after: head, cloud)
        let first = chain.next(chunk: PayloadHash(of: text.utf8))
        let last = chain.next(chunk: .empty)
        let body = "5;chunk-signature=\(first)\r\n\(sent)\r\n0;chunk-signature=\(last)\r\n\r\n"
        return head + Array(body.utf8)
    }
}
