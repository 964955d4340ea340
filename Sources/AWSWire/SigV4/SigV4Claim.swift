internal import HTTPTypes
internal import JobCore

/// What a request says about its own signature, read but not checked.
struct SigV4Claim: Hashable {
    let accessKeyID: String
    let scope: SigningScope
    let signedAt: Timestamp
    let signedHeaders: [String]
    let signature: String
    let sessionToken: String?
    /// How long a presigned URL is good; `nil` for a signature in headers.
    let lifetime: Duration?

    /// Reads the `Authorization` header, or else the query.
    init(_ request: HTTPRequest) throws(SigV4Rejection) {
        if let header = request.headerFields[.authorization] {
            try self.init(authorization: header, request)
        } else {
            let query = QueryItems(parsing: RequestTarget(request).query)
            guard query.contains("X-Amz-Signature") || query.contains("X-Amz-Algorithm") else { throw .missing }
            try self.init(query)
        }
    }

    private static let algorithm = "AWS4-HMAC-SHA256"

    private init(authorization header: String, _ request: HTTPRequest) throws(SigV4Rejection) {
        let start = Self.algorithm + " "
        guard header.utf8.starts(with: start.utf8) else {
            throw .malformed("the Authorization header does not start with \(Self.algorithm)")
        }
        var parts: [String: String] = [:]
        for bytes in header.utf8.dropFirst(start.utf8.count).split(separator: UInt8(ascii: ",")) {
            let piece = Substring(bytes).trimmingSpaces()
            guard let equals = piece.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw .malformed("'\(piece)' in Authorization is not NAME=VALUE")
            }
            parts[String(piece[..<equals])] = String(piece[piece.utf8.index(after: equals)...])
        }
        for name in ["Credential", "SignedHeaders", "Signature"] where parts[name, default: ""].isEmpty {
            throw .malformed("Authorization header requires '\(name)' parameter.")
        }
        (accessKeyID, scope) = try Self.credential(parts["Credential", default: ""])
        signedHeaders = try Self.headers(parts["SignedHeaders", default: ""])
        signature = parts["Signature", default: ""]
        signedAt = try Self.date(of: request)
        sessionToken = request.headerFields[.amzSecurityToken]
        lifetime = nil
    }

    private init(_ query: QueryItems) throws(SigV4Rejection) {
        func required(_ name: String) throws(SigV4Rejection) -> String {
            guard let value = query[name], !value.isEmpty else {
                throw .malformed("the query has no \(name)")
            }
            return value
        }
        guard try required("X-Amz-Algorithm") == Self.algorithm else {
            throw .malformed("X-Amz-Algorithm is not \(Self.algorithm)")
        }
        (accessKeyID, scope) = try Self.credential(required("X-Amz-Credential"))
        signedHeaders = try Self.headers(required("X-Amz-SignedHeaders"))
        signature = try required("X-Amz-Signature")
        guard let date = try Timestamp(amzDate: required("X-Amz-Date")) else {
            throw .malformed("X-Amz-Date is not of the form 20150830T123600Z")
        }
        signedAt = date
        guard let seconds = try Int64(required("X-Amz-Expires")), (0...604_800).contains(seconds) else {
            throw .malformed("X-Amz-Expires is not a number of seconds from 0 to 604800")
        }
        lifetime = .seconds(seconds)
        sessionToken = query["X-Amz-Security-Token"]
    }

    private static func credential(_ text: String) throws(SigV4Rejection) -> (String, SigningScope) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Substring.init)
        guard parts.count >= 5, parts[parts.count - 1] == "aws4_request" else {
            throw .malformed("the credential '\(text)' is not KEY/YYYYMMDD/REGION/SERVICE/aws4_request")
        }
        let key = parts[..<(parts.count - 4)].joined(separator: "/")
        let scope = SigningScope(
            day: String(parts[parts.count - 4]), region: String(parts[parts.count - 3]),
            service: String(parts[parts.count - 2]))
        return (key, scope)
    }

    private static func headers(_ text: String) throws(SigV4Rejection) -> [String] {
        let names = text.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard names.contains("host") else { throw .malformed("the signed headers do not contain host") }
        return names
    }

    /// `X-Amz-Date`, or else `Date` in either form.
    private static func date(of request: HTTPRequest) throws(SigV4Rejection) -> Timestamp {
        if let text = request.headerFields[.amzDate] {
            guard let date = Timestamp(amzDate: text) else {
                throw .malformed("X-Amz-Date '\(text)' is not of the form 20150830T123600Z")
            }
            return date
        }
        guard let text = request.headerFields[.date] else {
            throw .malformed("the request has neither X-Amz-Date nor Date")
        }
        guard let date = Timestamp(amzDate: text) ?? Timestamp(httpDate: text) else {
            throw .malformed("Date '\(text)' is neither an HTTP date nor of the form 20150830T123600Z")
        }
        return date
    }
}

extension Substring {
    /// The text without spaces and tabs at either end.
    func trimmingSpaces() -> Substring {
        var bytes = utf8
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return Substring(bytes)
    }
}
