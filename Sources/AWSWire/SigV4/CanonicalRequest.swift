internal import HTTPTypes

/// The text that a Signature Version 4 hashes: a request in one fixed spelling.
///
/// Source: IAM user guide, "Create a signed AWS API request", step 1.
struct CanonicalRequest: Hashable {
    /// How the path is spelled.
    enum PathRule: Hashable {
        /// Every service but S3: dot segments and double slashes removed, then encoded once more.
        case normalizedAndEncoded
        /// S3: the path of the wire with each escape in AWS's spelling.
        case asSent
        /// S3: decoded completely and encoded once, so that `%2F` becomes `/`.
        case reencoded

        static func of(service: String) -> PathRule {
            service == "s3" || service == "s3express" ? .asSent : .normalizedAndEncoded
        }
    }

    let text: String

    /// `signedHeaders` are lower-case names in byte order; a header that is not there counts as empty.
    init(
        _ request: HTTPRequest, target: RequestTarget, query: QueryItems, signedHeaders: [String],
        payload: PayloadHash, pathRule: PathRule
    ) {
        var lines = [request.method.rawValue, Self.path(target.path, pathRule), query.canonical]
        for name in signedHeaders { lines.append(name + ":" + Self.value(of: name, in: request)) }
        lines += ["", signedHeaders.joined(separator: ";"), payload.text]
        text = lines.joined(separator: "\n")
    }

    private static func path(_ path: String, _ rule: PathRule) -> String {
        switch rule {
        case .asSent: PercentEncoding.normalized(path: path)
        case .reencoded: PercentEncoding.encode(PercentEncoding.decode(path), keeping: "/")
        case .normalizedAndEncoded: PercentEncoding.encode(withoutDotSegments(path), keeping: "/")
        }
    }

    /// RFC 3986, 5.2.4, with empty segments dropped too.
    private static func withoutDotSegments(_ path: String) -> String {
        var kept: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." {
                _ = kept.popLast()
            } else {
                kept.append(segment)
            }
        }
        let joined = "/" + kept.joined(separator: "/")
        return path.hasSuffix("/") && joined != "/" ? joined + "/" : joined
    }

    private static func value(of name: String, in request: HTTPRequest) -> String {
        if name == "host", let authority = request.authority { return authority }
        guard let fieldName = HTTPField.Name(name) else { return "" }
        return request.headerFields[values: fieldName].map(collapsed).joined(separator: ",")
    }

    /// The value without outer spaces, and with each run of spaces as one.
    private static func collapsed(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x20 || $0 == 0x09 }) else { return value }
        return value.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).map { String(Substring($0)) }
            .joined(separator: " ")
    }
}

/// The text that is authenticated with the signing key.
struct StringToSign: Hashable {
    let text: String

    init(_ canonical: CanonicalRequest, amzDate: String, scope: SigningScope) {
        text = ["AWS4-HMAC-SHA256", amzDate, scope.text, Digest.sha256.hex(canonical.text.utf8)]
            .joined(separator: "\n")
    }

    func signature(secret: String, scope: SigningScope) -> String {
        signature(key: scope.signingKey(secret: secret))
    }

    /// The signature with a scope's signing key.
    func signature(key: [UInt8]) -> String { Hex.encode(Digest.hmacSHA256(key: key, text.utf8)) }
}
