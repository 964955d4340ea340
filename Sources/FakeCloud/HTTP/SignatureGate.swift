internal import AWSWire
internal import HTTPTypes
internal import JobCore

/// Decides whether a request is signed with one of the configured keys.
struct SignatureGate: Sendable {
    /// What a request that may pass proved.
    struct Pass: Sendable {
        /// Who signed; `nil` where signatures are not looked at.
        let identity: SigV4Identity?
        /// The secret that signed, for the chunks of the body.
        let secret: String?
    }

    private let credentials: [String: AWSCredentials]
    private let authentication: FakeCloudConfiguration.Authentication
    private let verifier = SigV4Verifier()
    private let clock: any RunnerClock

    init(_ configuration: FakeCloudConfiguration, clock: any RunnerClock) {
        credentials = Dictionary(
            configuration.credentials.map { ($0.accessKeyID, $0) }, uniquingKeysWith: { _, last in last })
        authentication = configuration.authentication
        self.clock = clock
    }

    /// Checks the head, and the body's hash where the head does not say it.
    func check(_ head: HTTPRequest, payload: PayloadHash?) throws(SigV4Rejection) -> Pass {
        guard authentication == .verify else { return Pass(identity: nil, secret: nil) }
        let identity = try verifier.verify(head, payload: payload, at: clock.now()) { credentials[$0] }.get()
        return Pass(identity: identity, secret: credentials[identity.accessKeyID]?.secretAccessKey)
    }
}

extension SQSError {
    /// The refusal of a signature, as SQS puts it.
    init(_ rejection: SigV4Rejection) {
        switch rejection {
        case .missing:
            self.init("MissingAuthenticationTokenException", "Request is missing Authentication Token")
        case .malformed(let reason): self.init("IncompleteSignatureException", reason)
        case .unknownAccessKey, .wrongSessionToken:
            self.init("UnrecognizedClientException", "The security token included in the request is invalid.")
        case .wrongScope(let found, let expected):
            self.init(
                "InvalidSignatureException",
                "Credential should be scoped to a valid region and service: found \(found), expected \(expected).")
        case .signatureMismatch:
            self.init(
                "InvalidSignatureException",
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret "
                    + "Access Key and signing method. Consult the service documentation for details.")
        case .skewed(let requestTime, let serverTime):
            self.init(
                "InvalidSignatureException",
                requestTime < serverTime
                    ? "Signature expired: \(requestTime.amzDate) is now earlier than the server's time "
                        + "\(serverTime.amzDate) by more than 15 min."
                    : "Signature not yet current: \(requestTime.amzDate) is still later than the server's time "
                        + "\(serverTime.amzDate) by more than 15 min.")
        case .expired(let end, let serverTime):
            self.init(
                "InvalidSignatureException",
                "Signature expired: \(end.amzDate) is now earlier than \(serverTime.amzDate).")
        }
    }
}

extension S3Refusal {
    /// The refusal of a signature, as S3 puts it.
    init(_ rejection: SigV4Rejection) {
        switch rejection {
        case .missing: self.init("AccessDenied", "Access Denied")
        case .malformed(let reason): self.init("AuthorizationHeaderMalformed", reason)
        case .unknownAccessKey(let key):
            self.init(
                "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.",
                details: ["AWSAccessKeyId": key])
        case .wrongSessionToken: self.init("InvalidToken", "The provided token is malformed or otherwise invalid.")
        case .wrongScope(let found, let expected):
            self.init(
                "AuthorizationHeaderMalformed",
                "The authorization header is malformed; the scope '\(found)' is wrong; expecting '\(expected)'")
        case .signatureMismatch(let key, let provided, let stringToSign, let canonicalRequest):
            self.init(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and "
                    + "signing method.",
                details: [
                    "AWSAccessKeyId": key, "CanonicalRequest": canonicalRequest, "SignatureProvided": provided,
                    "StringToSign": stringToSign,
                ])
        case .skewed(let requestTime, let serverTime):
            self.init(
                "RequestTimeTooSkewed",
                "The difference between the request time and the current time is too large.",
                details: [
                    "MaxAllowedSkewMilliseconds": "900000", "RequestTime": requestTime.amzDate,
                    "ServerTime": serverTime.rfc3339,
                ])
        case .expired(let end, let serverTime):
            self.init(
                "AccessDenied", "Request has expired",
                details: ["Expires": end.rfc3339, "ServerTime": serverTime.rfc3339])
        }
    }
}
