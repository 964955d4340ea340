import AWSWire
import HTTPTypes
import JobCore
import Testing

@Suite("Signature Version 2: URLs that boto3 presigns")
struct SigV2PresignedURLTests {
    private static let folder = "presigned-v2"
    private static let names = Capture.names(in: [folder])

    private func verify(
        _ head: HTTPRequest, _ capture: Capture, at now: Timestamp? = nil
    ) throws(SigV2Rejection) {
        guard let url = try SigV2PresignedURL(head) else {
            Issue.record("not read as presigned")
            return
        }
        let bucket = capture.name.hasSuffix("virtual") ? "data" : nil
        try url.verify(hostBucket: bucket, at: now ?? Self.end(of: head)) {
            $0 == "AKIAIOSFODNN7EXAMPLE" ? capture.credentials : nil
        }
    }

    /// When a URL ends; its last second is still good.
    private static func end(of head: HTTPRequest) -> Timestamp {
        let text = QueryItems(parsing: RequestTarget(head).query)["Expires"] ?? ""
        return Timestamp(seconds: Int64(text) ?? 0)
    }

    private static func replacing(_ old: String, _ new: String, in head: HTTPRequest) -> HTTPRequest {
        var head = head
        head.path = head.path?.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
            .joined(separator: new)
        return head
    }

    @Test("There are captures")
    func capturesExist() { #expect(Self.names.count >= 8) }

    @Test("An independent client's URL is accepted to its last second", arguments: names)
    func accepted(_ name: String) throws {
        let capture = try Capture(name)
        try verify(capture.head, capture)
        let after = Self.end(of: capture.head) + .nanoseconds(1)
        #expect(throws: SigV2Rejection.expired(at: Self.end(of: capture.head), serverTime: after)) {
            try verify(capture.head, capture, at: after)
        }
    }

    @Test("Another path, method, end or parameter is another signature", arguments: names)
    func changed(_ name: String) throws {
        let capture = try Capture(name)
        var posted = capture.head
        posted.method = .post
        let changed = [
            posted, Self.replacing("?", "x?", in: capture.head), Self.replacing("?", "?acl&", in: capture.head),
            Self.replacing("Expires=", "Expires=1", in: capture.head),
        ]
        for head in changed {
            let rejection = #expect(throws: SigV2Rejection.self) { try verify(head, capture) }
            guard case .signatureMismatch(_, _, let toSign)? = rejection else {
                Issue.record("not refused as a mismatch: \(head)")
                continue
            }
            #expect(toSign.hasPrefix(head.method.rawValue + "\n"))
        }
    }

    @Test("Parameters that stand for headers are headers, unless the request has them")
    func headers() throws {
        var head = try Capture(Self.folder + "/put-typed").head
        #expect(try SigV2PresignedURL(head)?.request.headerFields[.contentType] == "text/csv")
        head.headerFields[.contentType] = "text/plain"
        let url = try SigV2PresignedURL(head)
        #expect(url?.request.headerFields[.contentType] == "text/plain")
        #expect(url?.request.headerFields[try #require(HTTPField.Name("x-amz-meta-who"))] == "me")
    }

    @Test("What is left out or cannot be read is refused by its name")
    func malformed() throws {
        let capture = try Capture(Self.folder + "/get")
        #expect(throws: SigV2Rejection.incomplete) {
            try SigV2PresignedURL(Self.replacing("Signature=", "Signatur=", in: capture.head))
        }
        #expect(throws: SigV2Rejection.malformedExpiry("soon")) {
            try SigV2PresignedURL(
                HTTPRequest(
                    method: .get, scheme: "http", authority: "h", path: "/b/k?AWSAccessKeyId=k&Signature=s&Expires=soon"
                ))
        }
        #expect(throws: SigV2Rejection.unknownAccessKey("XAKIAIOSFODNN7EXAMPLE")) {
            try verify(Self.replacing("AWSAccessKeyId=", "AWSAccessKeyId=X", in: capture.head), capture)
        }
        #expect(throws: SigV2Rejection.wrongSessionToken) {
            let url = try SigV2PresignedURL(Capture(Self.folder + "/token").head)
            try url?.verify(hostBucket: nil, at: Timestamp(seconds: 0)) { _ in capture.credentials }
        }
    }
}
