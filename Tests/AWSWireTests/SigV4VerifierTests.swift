import AWSWire
import HTTPTypes
import JobCore
import Testing

@Suite("Signature Version 4: refusals")
struct SigV4VerifierTests {
    static let credentials = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret")
    static let moment = Timestamp(seconds: 1_440_938_160)
    static let signer = SigV4Signer(credentials: credentials, region: "us-east-1", service: "sqs")

    private let plain = HTTPRequest(method: .post, scheme: "http", authority: "127.0.0.1:9324", path: "/")

    private func refusal(
        _ request: HTTPRequest, after seconds: Int64 = 0, verifier: SigV4Verifier = SigV4Verifier(),
        known: AWSCredentials? = Self.credentials
    ) -> SigV4Rejection? {
        let verdict = verifier.verify(request, payload: .empty, at: Self.moment + .seconds(seconds)) { _ in known }
        guard case .failure(let rejection) = verdict else { return nil }
        return rejection
    }

    @Test("A request without a signature is missing one")
    func missing() { #expect(refusal(plain) == .missing) }

    @Test("An access key that nobody knows is named")
    func unknownKey() {
        let signed = Self.signer.sign(plain, payload: .empty, at: Self.moment)
        #expect(refusal(signed, known: nil) == .unknownAccessKey("AKIDEXAMPLE"))
    }

    @Test(
        "A date is good for 15 minutes in both directions",
        arguments: [(-901, true), (-900, false), (900, false), (901, true)])
    func skew(_ seconds: Int64, _ isRefused: Bool) {
        let signed = Self.signer.sign(plain, payload: .empty, at: Self.moment)
        let expected = SigV4Rejection.skewed(
            requestTime: Self.moment, serverTime: Self.moment + .seconds(seconds))
        #expect(refusal(signed, after: seconds) == (isRefused ? expected : nil))
    }

    @Test("A presigned URL ends", arguments: [(60, false), (61, true)])
    func expiry(_ seconds: Int64, _ isRefused: Bool) {
        let signed = Self.signer.presign(plain, lifetime: .seconds(60), at: Self.moment)
        let expected = SigV4Rejection.expired(
            at: Self.moment + .seconds(60), serverTime: Self.moment + .seconds(seconds))
        #expect(refusal(signed, after: seconds) == (isRefused ? expected : nil))
    }

    @Test("A signature for another region or service is refused with both")
    func scope() {
        let signed = Self.signer.sign(plain, payload: .empty, at: Self.moment)
        let verifier = SigV4Verifier(region: "eu-central-1", services: ["sqs"])
        #expect(
            refusal(signed, verifier: verifier)
                == .wrongRegion(found: "us-east-1", expected: "eu-central-1", isPresigned: false))
        let presigned = Self.signer.presign(plain, lifetime: .seconds(60), at: Self.moment)
        #expect(
            refusal(presigned, verifier: SigV4Verifier(services: ["s3"]))
                == .wrongService(found: "sqs", expected: "s3", isPresigned: true))
    }

    @Test("A session token that the key does not have is refused")
    func sessionToken() {
        let temporary = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "t")
        let signer = SigV4Signer(credentials: temporary, region: "us-east-1", service: "sqs")
        let signed = signer.sign(plain, payload: .empty, at: Self.moment)
        #expect(refusal(signed) == .wrongSessionToken(accessKeyID: "AKIDEXAMPLE"))
    }

    @Test("Another body is another signature")
    func body() throws {
        let signed = Self.signer.sign(plain, payload: .init(of: "one".utf8), at: Self.moment)
        guard case .signatureMismatch = refusal(signed) else {
            Issue.record("accepted another body")
            return
        }
    }

    @Test(
        "A header that cannot be read is malformed",
        arguments: [
            "Bearer x", "AWS4-HMAC-SHA256 Credential=a", "AWS4-HMAC-SHA256 nonsense",
            "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0",
            "AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=date, Signature=0",
        ])
    func malformed(_ header: String) {
        var request = plain
        request.headerFields[.authorization] = header
        request.headerFields[.amzDate] = Self.moment.amzDate
        guard case .malformed = refusal(request) else {
            Issue.record("not malformed: \(String(describing: refusal(request)))")
            return
        }
    }

    @Test("S3 keys with an escaped slash are accepted in both spellings", arguments: ["/b/a%2Fb", "/b/a/b"])
    func escapedSlash(_ signedPath: String) {
        let signer = SigV4Signer(credentials: Self.credentials, region: "us-east-1", service: "s3")
        var request = plain
        request.path = signedPath
        var signed = signer.sign(request, payload: .empty, at: Self.moment)
        signed.path = "/b/a%2Fb"
        #expect(refusal(signed) == nil)
    }
}
