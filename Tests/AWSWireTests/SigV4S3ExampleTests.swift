import AWSWire
import HTTPTypes
import JobCore
import Testing

/// The worked examples of the S3 API reference, "Authenticating requests".
@Suite("Signature Version 4: the examples of the S3 API reference")
struct SigV4S3ExampleTests {
    static let credentials = AWSCredentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    static let moment = Timestamp(seconds: 1_369_353_600)
    static let signer = SigV4Signer(credentials: credentials, region: "us-east-1", service: "s3")

    private func request(_ method: HTTPRequest.Method, _ path: String) -> HTTPRequest {
        HTTPRequest(method: method, scheme: "https", authority: "examplebucket.s3.amazonaws.com", path: path)
    }

    private func signature(_ request: HTTPRequest) -> Substring? {
        request.headerFields[.authorization]?.split(separator: "Signature=").last
    }

    @Test("GET of a range")
    func getObject() {
        var request = request(.get, "/test.txt")
        request.headerFields[.range] = "bytes=0-9"
        let signed = Self.signer.sign(request, payload: .empty, at: Self.moment)
        #expect(signature(signed) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    }

    @Test("PUT of a key with a dollar sign")
    func putObject() throws {
        var request = request(.put, "/test$file.text")
        request.headerFields[.date] = "Fri, 24 May 2013 00:00:00 GMT"
        request.headerFields[.amzStorageClass] = "REDUCED_REDUNDANCY"
        let signed = Self.signer.sign(request, payload: .init(of: "Welcome to Amazon S3.".utf8), at: Self.moment)
        #expect(signature(signed) == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    }

    @Test("A query key without a value")
    func valuelessKey() {
        let signed = Self.signer.sign(request(.get, "/?lifecycle"), payload: .empty, at: Self.moment)
        #expect(signature(signed) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    }

    @Test("A listing with an unsorted query")
    func listing() {
        let signed = Self.signer.sign(request(.get, "/?prefix=J&max-keys=2"), payload: .empty, at: Self.moment)
        #expect(signature(signed) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
    }

    @Test("A presigned GET")
    func presigned() throws {
        let signed = Self.signer.presign(request(.get, "/test.txt"), lifetime: .seconds(86400), at: Self.moment)
        let query = QueryItems(parsing: RequestTarget(signed).query)
        #expect(
            query["X-Amz-Signature"] == "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
        #expect(query["X-Amz-Expires"] == "86400")
    }

    @Test("The chain of chunk signatures")
    func chunks() throws {
        var request = HTTPRequest(
            method: .put, scheme: "https", authority: "s3.amazonaws.com", path: "/examplebucket/chunkObject.txt")
        request.headerFields[.amzStorageClass] = "REDUCED_REDUNDANCY"
        request.headerFields[.contentEncoding] = "aws-chunked"
        request.headerFields[.amzDecodedContentLength] = "66560"
        request.headerFields[.contentLength] = "66824"
        let signed = Self.signer.sign(request, payload: .signedChunks, at: Self.moment)
        let seed = String(try #require(signature(signed)))
        #expect(seed == "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9")

        let scope = SigningScope(at: Self.moment, region: "us-east-1", service: "s3")
        var chain = ChunkSignatures(
            secret: Self.credentials.secretAccessKey, scope: scope, signedAt: Self.moment, seed: seed)
        let chunks = [65536, 1024, 0].map { [UInt8](repeating: UInt8(ascii: "a"), count: $0) }
        #expect(
            chunks.map { chain.next(chunk: .init(of: $0)) } == [
                "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
                "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
                "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
            ])
    }
}
