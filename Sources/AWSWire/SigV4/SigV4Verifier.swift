package import HTTPTypes
package import JobCore

/// What a correct signature proves.
package struct SigV4Identity: Sendable, Hashable {
    /// Whose key signed.
    package let accessKeyID: String
    /// What the signature is good for.
    package let scope: SigningScope
    /// When the request was signed.
    package let signedAt: Timestamp
    /// What the signature says about the body: compare it with the bytes received.
    package let payload: PayloadHash
    /// 64 hexadecimal digits; the seed of chunk signatures.
    package let signature: String
    /// Whether the signature came in the query.
    package let isPresigned: Bool
}

/// Why a request is not accepted as signed.
package enum SigV4Rejection: Error, Sendable, Hashable {
    /// Neither an `Authorization` header nor `X-Amz-Signature` in the query.
    case missing
    /// A signature is there and cannot be read; the text says what is wrong.
    case malformed(String)
    /// No secret is known for this access key.
    case unknownAccessKey(String)
    /// The session token is missing or is not the one of the access key.
    case wrongSessionToken(accessKeyID: String)
    /// The signature is for another region.
    case wrongRegion(found: String, expected: String, isPresigned: Bool)
    /// The signature is for another service.
    case wrongService(found: String, expected: String, isPresigned: Bool)
    /// The request is signed otherwise; the texts are those that the client should have signed.
    case signatureMismatch(accessKeyID: String, provided: String, stringToSign: String, canonicalRequest: String)
    /// The request was signed too long before or after now.
    case skewed(requestTime: Timestamp, serverTime: Timestamp)
    /// A presigned URL past its end.
    case expired(at: Timestamp, serverTime: Timestamp)
}

/// Checks the signature of requests, as the services do.
package struct SigV4Verifier: Sendable {
    /// How far a request's date may be from now, in either direction; AWS allows 15 minutes.
    package let allowedSkew: Duration
    /// The region that signatures must be for; `nil` accepts every region.
    package let region: String?
    /// The services that signatures may be for; empty accepts every service.
    package let services: Set<String>
    private let keys: SigningKeys

    /// Makes a verifier; the defaults accept every scope within AWS's 15 minutes.
    ///
    /// Verifiers that share `keys` compute the signing key of a day once.
    package init(
        allowedSkew: Duration = .seconds(900), region: String? = nil, services: Set<String> = [],
        keys: SigningKeys = SigningKeys()
    ) {
        self.keys = keys
        self.allowedSkew = allowedSkew
        self.region = region
        self.services = services
    }

    /// Who signed the request, or why nobody did.
    ///
    /// - Parameters:
    ///   - request: The head as received; `authority` is the `Host` header, `path` the raw target.
    ///   - payload: The hash of the body, for services that send no `x-amz-content-sha256`; S3's header wins.
    ///   - now: The server's time.
    ///   - credentials: The known credentials of an access key.
    /// - Returns: The identity that the signature proves, or the reason to refuse.
    package func verify(
        _ request: HTTPRequest, payload: PayloadHash?, at now: Timestamp,
        credentials: (_ accessKeyID: String) -> AWSCredentials?
    ) -> Result<SigV4Identity, SigV4Rejection> {
        do throws(SigV4Rejection) {
            let claim = try SigV4Claim(request)
            try check(claim, at: now)
            guard let known = credentials(claim.accessKeyID) else {
                throw SigV4Rejection.unknownAccessKey(claim.accessKeyID)
            }
            guard known.sessionToken == claim.sessionToken else {
                throw SigV4Rejection.wrongSessionToken(accessKeyID: claim.accessKeyID)
            }
            let signedPayload = Self.payload(of: request, claim: claim, body: payload)
            let key = keys.key(secret: known.secretAccessKey, scope: claim.scope)
            try Self.compare(request, claim: claim, payload: signedPayload, key: key)
            return .success(
                SigV4Identity(
                    accessKeyID: claim.accessKeyID, scope: claim.scope, signedAt: claim.signedAt,
                    payload: signedPayload, signature: claim.signature, isPresigned: claim.lifetime != nil))
        } catch {
            return .failure(error)
        }
    }

    private func check(_ claim: SigV4Claim, at now: Timestamp) throws(SigV4Rejection) {
        guard claim.scope.day == claim.signedAt.amzDay else {
            throw .malformed("the credential's day \(claim.scope.day) is not that of the request's date")
        }
        let scope = claim.scope
        if let region, scope.region != region {
            throw .wrongRegion(found: scope.region, expected: region, isPresigned: claim.lifetime != nil)
        }
        guard services.isEmpty || services.contains(scope.service) else {
            throw .wrongService(
                found: scope.service, expected: services.sorted().joined(separator: "|"),
                isPresigned: claim.lifetime != nil)
        }
        if let lifetime = claim.lifetime {
            guard claim.signedAt <= now + allowedSkew else {
                throw .skewed(requestTime: claim.signedAt, serverTime: now)
            }
            let end = claim.signedAt + lifetime
            guard now <= end else { throw .expired(at: end, serverTime: now) }
        } else {
            let distance = now < claim.signedAt ? claim.signedAt - now : now - claim.signedAt
            guard distance <= allowedSkew else { throw .skewed(requestTime: claim.signedAt, serverTime: now) }
        }
    }

    private static func payload(of request: HTTPRequest, claim: SigV4Claim, body: PayloadHash?) -> PayloadHash {
        if let header = request.headerFields[.amzContentSHA256] { return PayloadHash(text: header) }
        if claim.lifetime != nil, CanonicalRequest.PathRule.of(service: claim.scope.service) == .asSent {
            return .unsigned
        }
        return body ?? .empty
    }

    /// Tries the spellings that correct clients use; they differ for S3's `%2F` and for `+` in a query only.
    private static func compare(
        _ request: HTTPRequest, claim: SigV4Claim, payload: PayloadHash, key: [UInt8]
    ) throws(SigV4Rejection) {
        let target = RequestTarget(request)
        let pathRules: [CanonicalRequest.PathRule] =
            CanonicalRequest.PathRule.of(service: claim.scope.service) == .asSent
            ? [.asSent, .reencoded] : [.normalizedAndEncoded]
        let plusReadings = target.query.utf8.contains(UInt8(ascii: "+")) ? [true, false] : [true]
        var first: (canonical: CanonicalRequest, toSign: StringToSign)?
        for plusIsSpace in plusReadings {
            var query = QueryItems(parsing: target.query, plusIsSpace: plusIsSpace)
            query.items.removeAll { $0.name == "X-Amz-Signature" }
            for rule in pathRules {
                let canonical = CanonicalRequest(
                    request, target: target, query: query, signedHeaders: claim.signedHeaders, payload: payload,
                    pathRule: rule)
                if let first, first.canonical == canonical { continue }
                let toSign = StringToSign(canonical, amzDate: claim.signedAt.amzDate, scope: claim.scope)
                let expected = toSign.signature(key: key)
                if ConstantTime.areEqual(expected.utf8, claim.signature.utf8) { return }
                first = first ?? (canonical, toSign)
            }
        }
        throw .signatureMismatch(
            accessKeyID: claim.accessKeyID, provided: claim.signature, stringToSign: first?.toSign.text ?? "",
            canonicalRequest: first?.canonical.text ?? "")
    }
}
