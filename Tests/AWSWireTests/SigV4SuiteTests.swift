import AWSWire
import HTTPTypes
import JobCore
import Testing

/// One case of AWS's published Signature Version 4 test suite: the request and the signature that it must get.
struct SuiteCase: Sendable, CustomTestStringConvertible {
    let name: String
    var method = HTTPRequest.Method.get
    var path = "/"
    var headers: [(String, String)] = []
    var body = ""
    let signature: String

    var testDescription: String { name }

    func request() throws -> HTTPRequest {
        var request = HTTPRequest(method: method, scheme: "https", authority: "example.amazonaws.com", path: path)
        for (name, value) in headers {
            request.headerFields.append(HTTPField(name: try #require(HTTPField.Name(name)), value: value))
        }
        return request
    }

    static let unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    static let form = "application/x-www-form-urlencoded"
    static let vanilla = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"

    static let reading: [SuiteCase] = [
        SuiteCase(
            name: "get-header-key-duplicate",
            headers: [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
            signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
        SuiteCase(
            name: "get-header-value-order",
            headers: ["value4", "value1", "value3", "value2"].map { ("My-Header1", $0) },
            signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
        SuiteCase(
            name: "get-header-value-trim", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
            signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
        SuiteCase(
            name: "get-unreserved", path: "/" + unreserved,
            signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
        SuiteCase(
            name: "get-utf8", path: "/\u{1234}",
            signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
        SuiteCase(name: "get-vanilla", signature: vanilla),
        SuiteCase(
            name: "get-vanilla-empty-query-key", path: "/?Param1=value1",
            signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
        SuiteCase(
            name: "get-vanilla-query-order-key", path: "/?Param1=value2&Param1=Value1",
            signature: "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1"),
        SuiteCase(
            name: "get-vanilla-query-order-key-case", path: "/?Param2=value2&Param1=value1",
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        SuiteCase(
            name: "get-vanilla-query-order-value", path: "/?Param1=value2&Param1=value1",
            signature: "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"),
        SuiteCase(
            name: "get-vanilla-query-unreserved", path: "/?\(unreserved)=\(unreserved)",
            signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
        SuiteCase(
            name: "get-vanilla-utf8-query", path: "/?\u{1234}=bar",
            signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
    ]

    static let posting: [SuiteCase] = [
        SuiteCase(
            name: "post-header-key-sort", method: .post, headers: [("My-Header1", "value1")],
            signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
        SuiteCase(
            name: "post-header-value-case", method: .post, headers: [("My-Header1", "VALUE1")],
            signature: "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
        SuiteCase(
            name: "post-vanilla", method: .post,
            signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        SuiteCase(
            name: "post-vanilla-query", method: .post, path: "/?Param1=value1",
            signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
        SuiteCase(
            name: "post-x-www-form-urlencoded", method: .post, headers: [("Content-Type", form)],
            body: "Param1=value1",
            signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
        SuiteCase(
            name: "post-x-www-form-urlencoded-parameters", method: .post,
            headers: [("Content-Type", form + "; charset=utf8")], body: "Param1=value1",
            signature: "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"),
    ]

    static let normalizing: [SuiteCase] = [
        SuiteCase(name: "get-relative", path: "/example/..", signature: vanilla),
        SuiteCase(name: "get-relative-relative", path: "/example1/example2/../..", signature: vanilla),
        SuiteCase(name: "get-slash", path: "//", signature: vanilla),
        SuiteCase(name: "get-slash-dot-slash", path: "/./", signature: vanilla),
        SuiteCase(
            name: "get-slash-pointless-dot", path: "/./example",
            signature: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
        SuiteCase(
            name: "get-slashes", path: "//example//",
            signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
        SuiteCase(
            name: "get-space", path: "/example space/",
            signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    ]
}

@Suite("Signature Version 4: AWS's published test suite")
struct SigV4SuiteTests {
    static let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    static let moment = Timestamp(seconds: 1_440_938_160)

    @Test(
        "The signature is the published one", arguments: SuiteCase.reading + SuiteCase.posting + SuiteCase.normalizing)
    func publishedSignature(_ suiteCase: SuiteCase) throws {
        let signer = SigV4Signer(credentials: Self.credentials, region: "us-east-1", service: "service")
        let signed = signer.sign(try suiteCase.request(), payload: .init(of: suiteCase.body.utf8), at: Self.moment)
        let authorization = try #require(signed.headerFields[.authorization])
        #expect(authorization.hasSuffix("Signature=" + suiteCase.signature))
    }

    @Test(
        "A published signature is accepted", arguments: SuiteCase.reading + SuiteCase.posting + SuiteCase.normalizing)
    func publishedIsAccepted(_ suiteCase: SuiteCase) throws {
        let signer = SigV4Signer(credentials: Self.credentials, region: "us-east-1", service: "service")
        let payload = PayloadHash(of: suiteCase.body.utf8)
        let signed = signer.sign(try suiteCase.request(), payload: payload, at: Self.moment)
        let verdict = SigV4Verifier().verify(signed, payload: payload, at: Self.moment) { _ in Self.credentials }
        #expect(try verdict.get().signature == suiteCase.signature)
    }

    @Test("The session token is signed with the other headers (post-sts-header-before)")
    func sessionToken() throws {
        let token =
            "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8"
            + "YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6"
            + "q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlT"
            + "JabIQwj2ICCR/oLxBA=="
        let credentials = AWSCredentials(
            accessKeyID: Self.credentials.accessKeyID, secretAccessKey: Self.credentials.secretAccessKey,
            sessionToken: token)
        let signer = SigV4Signer(credentials: credentials, region: "us-east-1", service: "service")
        let request = HTTPRequest(method: .post, scheme: "https", authority: "example.amazonaws.com", path: "/")
        let signed = signer.sign(request, payload: .empty, at: Self.moment)
        let authorization = try #require(signed.headerFields[.authorization])
        #expect(authorization.hasSuffix("85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"))
    }
}
