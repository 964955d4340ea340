import AWSWire
import HTTPTypes
import JobCore
import Testing

@Suite("Signature Version 4: requests of boto3 and the AWS CLI")
struct SigV4CaptureTests {
    @Test("There are captures of both clients")
    func capturesExist() {
        #expect(Capture.names("boto3/").count >= 35)
        #expect(Capture.names("awscli/").count >= 4)
    }

    @Test("An independent client's signature is accepted", arguments: Capture.names())
    func accepted(_ name: String) throws {
        let capture = try Capture(name)
        let verdict = SigV4Verifier(services: ["s3", "sqs"]).verify(
            capture.head, payload: PayloadHash(of: capture.body), at: try capture.signedAt
        ) { $0 == "AKIAIOSFODNN7EXAMPLE" ? capture.credentials : nil }
        let identity = try verdict.get()
        #expect(identity.accessKeyID == "AKIAIOSFODNN7EXAMPLE")
        #expect(identity.isPresigned == name.contains("presigned"))
        if identity.payload.isDigest { #expect(identity.payload == PayloadHash(of: capture.body)) }
    }

    @Test("A changed path is refused, and the refusal shows what should have been signed", arguments: Capture.names())
    func changedPath(_ name: String) throws {
        let capture = try Capture(name)
        var head = capture.head
        var target = RequestTarget(head)
        target.path += "x"
        head.path = target.joined
        let verdict = SigV4Verifier().verify(
            head, payload: PayloadHash(of: capture.body), at: try capture.signedAt
        ) { _ in capture.credentials }
        guard case .failure(.signatureMismatch(_, _, let toSign, let canonical)) = verdict else {
            Issue.record("not refused as a mismatch: \(verdict)")
            return
        }
        #expect(toSign.hasSuffix(Digest.sha256.hex(canonical.utf8)))
    }

    @Test("We sign what boto3 signs, as boto3 does", arguments: Capture.names("boto3/sqs-"))
    func sameSignature(_ name: String) throws {
        let capture = try Capture(name)
        let authorization = try #require(capture.head.headerFields[.authorization])
        let signedNames = try #require(
            authorization.split(separator: "SignedHeaders=").last?.split(separator: ",").first
        ).split(separator: ";").map(String.init)
        var request = capture.head
        request.headerFields = HTTPFields(
            request.headerFields.filter { signedNames.contains($0.name.canonicalName) })
        let signer = SigV4Signer(credentials: capture.credentials, region: "eu-central-1", service: "sqs")
        let signed = signer.sign(request, payload: PayloadHash(of: capture.body), at: try capture.signedAt)
        #expect(signed.headerFields[.authorization] == authorization)
    }

    @Test("We presign as boto3 does")
    func samePresigned() throws {
        let capture = try Capture("boto3/s3-presigned-get")
        let path = RequestTarget(capture.head).path
        let request = HTTPRequest(method: .get, scheme: "http", authority: capture.head.authority, path: path)
        let signer = SigV4Signer(credentials: capture.credentials, region: "eu-central-1", service: "s3")
        let signed = signer.presign(request, lifetime: .seconds(600), at: try capture.signedAt)
        #expect(signed.path == capture.head.path)
    }
}
