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

    /// The server's own region.
    let region: String
    private let credentials: [String: AWSCredentials]
    private let authentication: FakeCloudConfiguration.Authentication
    private let keys = SigningKeys()
    private let clock: any RunnerClock

    init(_ configuration: FakeCloudConfiguration, clock: any RunnerClock) {
        credentials = Dictionary(
            configuration.credentials.map { ($0.accessKeyID, $0) }, uniquingKeysWith: { _, last in last })
        authentication = configuration.authentication
        region = configuration.region
        self.clock = clock
    }

    /// Whether signatures are looked at.
    var verifies: Bool { authentication == .verify }

    /// Checks the head, and the body's hash where the head does not say it.
    ///
    /// The signature must be for `service`, which is `sqs` or `s3`, and for `region`: the server's own unless it is
    /// named.
    func check(
        _ head: HTTPRequest, payload: PayloadHash?, service: String, region: String? = nil
    ) throws(SigV4Rejection) -> Pass {
        guard verifies else { return Pass(identity: nil, secret: nil) }
        let verifier = SigV4Verifier(region: region ?? self.region, services: [service], keys: keys)
        let identity = try verifier.verify(head, payload: payload, at: clock.now()) { credentials[$0] }.get()
        return Pass(identity: identity, secret: credentials[identity.accessKeyID]?.secretAccessKey)
    }

    /// Checks a URL that is presigned with version 2; `hostBucket` is the bucket that its host names.
    func check(_ url: SigV2PresignedURL, hostBucket: String?) throws(SigV2Rejection) -> Pass {
        if verifies {
            try url.verify(hostBucket: hostBucket, at: clock.now()) { credentials[$0] }
        }
        return Pass(identity: nil, secret: nil)
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
        case .wrongRegion(let found, let expected, _):
            self.init(
                "InvalidSignatureException",
                "Credential should be scoped to a valid region, not '\(found)'; this endpoint is '\(expected)'.")
        case .wrongService(_, let expected, _):
            self.init("InvalidSignatureException", "Credential should be scoped to correct service: '\(expected)'.")
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
