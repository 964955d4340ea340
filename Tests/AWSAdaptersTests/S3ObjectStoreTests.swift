import AWSAdapters
import AWSWire
import Foundation
import HTTPTransport
import HTTPTypes
import JobCore
import Testing

@Suite("The S3 store")
struct S3ObjectStoreTests {
    private let location = ObjectLocation(bucket: "data", key: "k")
    private let bytes = "hello"

    private func store(_ transport: ScriptedTransport) throws -> S3ObjectStore {
        let client = AWSClient(
            service: "s3", region: "eu-central-1", endpoint: try AWSEndpoint(url: "http://fake:1"),
            credentials: RotatingCredentials(), transport: transport, clock: InstantClock(),
            retry: AWSRetryPolicy(maxAttempts: 2), randomness: { 0 })
        return S3ObjectStore(client: client, partSizeBytes: 4)
    }

    private func object(_ body: String, etag: String, _ more: [HTTPField.Name: String] = [:])
        -> ScriptedTransport.Answer
    {
        ScriptedTransport.answer(200, body, [.eTag: etag].merging(more) { _, new in new })
    }

    private var goodTag: String { ETag.quoted(md5: Digest.md5.hash(bytes.utf8)) }

    private func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "headrace-file-\(UUID())").path()
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    @Test("A damaged download is repeated")
    func damagedOnce() async throws {
        let transport = ScriptedTransport([object("hellO", etag: goodTag), object(bytes, etag: goodTag)])
        let info = try await store(transport).download(
            InputReference(location: location), to: "/dev/null", progress: nil)
        #expect(info.sizeBytes == 5)
        #expect(transport.requests.count == 2)
    }

    @Test("A download that stays damaged is refused")
    func damagedAlways() async throws {
        let transport = ScriptedTransport([object("hellO", etag: goodTag)])
        let error = await #expect(throws: DependencyError.self) {
            try await store(transport).download(
                InputReference(location: location), to: "/dev/null", progress: nil)
        }
        #expect(error?.code == "ChecksumMismatch")
        #expect(transport.requests.count == 2)
    }

    @Test("A wrong CRC64NVME is damage even when the tag tells nothing")
    func damagedParts() async throws {
        let answer = object(bytes, etag: "\"0123-2\"", [.amzChecksumCRC64NVME: "AAAAAAAAAAA="])
        await #expect(throws: DependencyError.self) {
            try await store(ScriptedTransport([answer])).download(
                InputReference(location: location), to: "/dev/null", progress: nil)
        }
    }

    @Test("The tag of an object under a KMS key is not taken for an MD5")
    func kms() async throws {
        let tag = "\"" + String(repeating: "0", count: 32) + "\""
        let answer = object(bytes, etag: tag, [.amzServerSideEncryption: "aws:kms"])
        let info = try await store(ScriptedTransport([answer])).download(
            InputReference(location: location), to: "/dev/null", progress: nil)
        #expect(info.etag == tag)
    }

    @Test("An error inside a 200 is an error")
    func errorInSuccess() async throws {
        let answer = ScriptedTransport.answer(
            200, "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code><Message>again</Message></Error>")
        let error = await #expect(throws: DependencyError.self) {
            try await store(ScriptedTransport([answer])).copy(location, to: location)
        }
        #expect(error?.kind == .unavailable)
        #expect(error?.code == "InternalError")
    }

    @Test("An upload is signed with its hash and carries its MD5")
    func upload() async throws {
        try await withFile("abcd") { path in
            let transport = ScriptedTransport([object("", etag: "\"e\"")])
            _ = try await store(transport).upload(path, to: location, contentType: "text/csv", progress: nil)
            let request = try #require(transport.requests.first)
            #expect(request.head.headerFields[.contentMD5] == Base64.encode(Digest.md5.hash("abcd".utf8)))
            #expect(request.head.headerFields[.amzContentSHA256] == Digest.sha256.hex("abcd".utf8))
            #expect(request.body == .file(path: path, offset: 0, length: 4))
        }
    }

    private static let begun = ScriptedTransport.answer(
        200,
        "<InitiateMultipartUploadResult><Bucket>data</Bucket><Key>k</Key><UploadId>u</UploadId></InitiateMultipartUploadResult>"
    )

    @Test("An upload in parts that fails is aborted")
    func aborted() async throws {
        try await withFile("abcdef") { path in
            let refusal = ScriptedTransport.answer(
                403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
            let transport = ScriptedTransport([Self.begun, refusal, ScriptedTransport.answer(204, "")])
            let error = await #expect(throws: DependencyError.self) {
                try await store(transport).upload(path, to: location, contentType: "x", progress: nil)
            }
            #expect(error?.kind == .denied)
            #expect(transport.requests.map(\.head.method) == [.post, .put, .delete])
            #expect(transport.requests.last?.head.path == "/data/k?uploadId=u")
        }
    }

    @Test("A completion whose answer was lost is recognised by the object's tag")
    func lostCompletion() async throws {
        try await withFile("abcdef") { path in
            let tag = ETag.multipart(partMD5s: ["abcd", "ef"].map { Digest.md5.hash($0.utf8) })
            let gone = ScriptedTransport.answer(
                404, "<Error><Code>NoSuchUpload</Code><Message>no</Message></Error>")
            let transport = ScriptedTransport([
                Self.begun, object("", etag: "\"1\""), object("", etag: "\"2\""),
                .failure(.connectionLost(host: "fake:1", detail: "reset")), gone,
                object("", etag: tag, [.contentLength: "6"]),
            ])
            let info = try await store(transport).upload(path, to: location, contentType: "x", progress: nil)
            #expect(info.etag == tag)
            #expect(transport.requests.last?.head.method == .head)
        }
    }

    @Test("A file that is not there is this machine's fault")
    func missingFile() async throws {
        let error = await #expect(throws: DependencyError.self) {
            try await store(ScriptedTransport([Self.begun])).upload(
                "/nonexistent/f", to: location, contentType: "x", progress: nil)
        }
        #expect(error?.kind == .localStorage)
    }
}
