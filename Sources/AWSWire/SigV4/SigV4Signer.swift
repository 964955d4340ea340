package import HTTPTypes
package import JobCore

/// Signs requests with AWS Signature Version 4, in headers or in the query.
///
/// Pure: the moment is an argument, and the body is known by its hash only. The request must have its `authority`,
/// which is what the `Host` header will say.
package struct SigV4Signer: Sendable, Hashable {
    /// Whose key signs.
    package let credentials: AWSCredentials
    /// Such as `us-east-1`.
    package let region: String
    /// Such as `sqs` or `s3`; decides how the path is encoded.
    package let service: String

    /// Makes a signer for one service in one region.
    package init(credentials: AWSCredentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The request with `X-Amz-Date`, the session token, for S3 `x-amz-content-sha256`, and `Authorization`.
    ///
    /// All headers already there are signed, but for those that proxies and transports change.
    package func sign(_ request: HTTPRequest, payload: PayloadHash, at moment: Timestamp) -> HTTPRequest {
        var signed = request
        signed.headerFields[.authorization] = nil
        signed.headerFields[.amzDate] = moment.amzDate
        signed.headerFields[.amzSecurityToken] = credentials.sessionToken
        if isS3 { signed.headerFields[.amzContentSHA256] = payload.text }
        let headers = Self.headersToSign(signed)
        let target = RequestTarget(signed)
        let canonical = CanonicalRequest(
            signed, target: target, query: QueryItems(parsing: target.query), signedHeaders: headers,
            payload: payload, pathRule: .of(service: service))
        let scope = SigningScope(at: moment, region: region, service: service)
        let signature = StringToSign(canonical, amzDate: moment.amzDate, scope: scope)
            .signature(secret: credentials.secretAccessKey, scope: scope)
        signed.headerFields[.authorization] =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope.text), "
            + "SignedHeaders=\(headers.joined(separator: ";")), Signature=\(signature)"
        return signed
    }

    /// The request with the signature in its query, good for `lifetime` from `moment`, at most seven days.
    ///
    /// The headers already there are signed too: whoever uses the URL must send them.
    package func presign(
        _ request: HTTPRequest, lifetime: Duration, payload: PayloadHash? = nil, at moment: Timestamp
    ) -> HTTPRequest {
        let payload = payload ?? (isS3 ? .unsigned : .empty)
        let scope = SigningScope(at: moment, region: region, service: service)
        let headers = Self.headersToSign(request)
        var target = RequestTarget(request)
        var query = QueryItems(parsing: target.query)
        query.append("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
        query.append("X-Amz-Credential", credentials.accessKeyID + "/" + scope.text)
        query.append("X-Amz-Date", moment.amzDate)
        query.append("X-Amz-Expires", String(min(max(lifetime.secondsRoundedUp, 1), 604_800)))
        query.append("X-Amz-SignedHeaders", headers.joined(separator: ";"))
        if let token = credentials.sessionToken { query.append("X-Amz-Security-Token", token) }
        let canonical = CanonicalRequest(
            request, target: target, query: query, signedHeaders: headers, payload: payload,
            pathRule: .of(service: service))
        let signature = StringToSign(canonical, amzDate: moment.amzDate, scope: scope)
            .signature(secret: credentials.secretAccessKey, scope: scope)
        query.append("X-Amz-Signature", signature)
        target.query = query.encoded
        var signed = request
        signed.path = target.joined
        return signed
    }

    private var isS3: Bool { CanonicalRequest.PathRule.of(service: service) == .asSent }

    /// Names that something between us and the service may change or add; the list of botocore, plus `accept-encoding`.
    private static let unsignedHeaders: Set<String> = [
        "accept-encoding", "authorization", "connection", "expect", "transfer-encoding", "user-agent",
        "x-amzn-trace-id",
    ]

    private static func headersToSign(_ request: HTTPRequest) -> [String] {
        var names: Set<String> = ["host"]
        for field in request.headerFields where !unsignedHeaders.contains(field.name.canonicalName) {
            names.insert(field.name.canonicalName)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
