internal import AWSWire
internal import HTTPTransport
internal import HTTPTypes
internal import JobCore

/// A service's no, in one form for all protocols.
struct AWSFailure: Hashable {
    /// The HTTP status.
    var status: Int
    /// The error's name, as the service's older protocol spells it where there are two.
    var code: String
    /// The newer spelling, the same where there is one.
    var shape: String
    /// The service's sentence.
    var message: String
    /// How long the service asks to wait.
    var retryAfter: Duration?
    /// The service's clock.
    var serverTime: Timestamp?
    /// The service's name for the request.
    var requestID: String?

    /// Reads SQS's answer of an error status.
    init(sqs response: TransportResponse) {
        let error = SQSWire.error(response.head, body: response.body)
        self.init(
            response, code: error.queryCode, shape: error.shape, message: error.message,
            requestID: response.head.headerFields[.amznRequestID])
    }

    /// Reads S3's answer of an error status, or of a 200 that carries an error.
    init(s3 response: TransportResponse) {
        let requestID = response.head.headerFields[.amzRequestID]
        let status = response.head.status.code
        let error = (try? S3Error(body: response.body)) ?? S3Error(status: status, requestID: requestID)
        self.init(response, code: error.code, shape: error.code, message: error.message, requestID: requestID)
    }

    /// An accepted answer whose body is not what its headers announce; may pass.
    init(damaged response: TransportResponse, _ message: String) {
        self.init(response, code: "ChecksumMismatch", shape: "ChecksumMismatch", message: message, requestID: nil)
    }

    private init(
        _ response: TransportResponse, code: String, shape: String, message: String, requestID: String?
    ) {
        let headers = response.head.headerFields
        status = response.head.status.code
        self.code = code
        self.shape = shape
        self.message = message
        self.requestID = requestID
        retryAfter =
            headers[.amzRetryAfter].flatMap { Int64($0) }.map { .milliseconds($0) }
            ?? headers[.retryAfter].flatMap { Int64($0) }.map { .seconds($0) }
        serverTime = headers[.date].flatMap { Timestamp(httpDate: $0) }
    }

    private static let throttlingCodes: Set<String> = [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled",
        "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown",
        "PriorRequestNotComplete", "EC2ThrottledException", "KMS.ThrottlingException", "KmsThrottled",
    ]
    private static let transientCodes: Set<String> = [
        "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure", "ServiceUnavailable",
        "OperationAborted", "ChecksumMismatch",
    ]
    private static let expiryCodes: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException",
        "TokenRefreshRequired",
    ]
    private static let skewCodes: Set<String> = [
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
        "SignatureDoesNotMatch", "AuthFailure",
    ]

    /// Whether the service asks for fewer requests.
    var isThrottling: Bool { isOne(of: Self.throttlingCodes) || status == 429 }

    /// Whether the same request may succeed a moment later.
    var isTransient: Bool { isOne(of: Self.transientCodes) || [500, 502, 503, 504].contains(status) }

    /// Whether newer credentials may help.
    var isExpiredCredentials: Bool { isOne(of: Self.expiryCodes) }

    /// Whether a wrong clock may be the cause.
    var mayBeSkew: Bool { isOne(of: Self.skewCodes) }

    private func isOne(of codes: Set<String>) -> Bool { codes.contains(code) || codes.contains(shape) }
}

extension AWSFailure {
    private static let deniedCodes: Set<String> = [
        "AccessDenied", "AccessDeniedException", "AllAccessDisabled", "InvalidAccessKeyId", "InvalidSecurity",
        "MissingAuthenticationToken", "MissingAuthenticationTokenException", "IncompleteSignature",
        "KMS.AccessDeniedException", "KmsAccessDenied", "KMS.DisabledException", "KmsDisabled", "KmsInvalidState",
        "KmsOptInRequired", "KMS.OptInRequired", "InvalidToken",
    ]
    private static let staleCodes: Set<String> = [
        "PreconditionFailed", "ReceiptHandleIsInvalid", "MessageNotInflight", "NotModified",
        "AWS.SimpleQueueService.MessageNotInflight",
    ]
    private static let missingCodes: Set<String> = [
        "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "NoSuchKey", "NoSuchBucket", "NoSuchVersion",
        "NoSuchUpload", "NotFound",
    ]

    /// What kind of no it is for the runner.
    var kind: DependencyError.Kind {
        if isThrottling || isTransient || code == "OverLimit" { return .unavailable }
        if isOne(of: Self.missingCodes) { return .notFound }
        if isOne(of: Self.staleCodes) || status == 412 { return .stale }
        if message.lowercased().contains("receipt handle") { return .stale }
        if isOne(of: Self.deniedCodes) || isExpiredCredentials || mayBeSkew || status == 401 || status == 403 {
            return .denied
        }
        return status == 404 ? .notFound : .invalid
    }

    /// The failure as the ports tell it.
    func dependencyError(_ operation: String) -> DependencyError {
        let sentence = message.isEmpty ? "the service answered \(status) \(code)" : message
        let advice =
            switch kind {
            case .unavailable: "the call was repeated without success; it will be tried again later"
            case .denied: "check the credentials, their rights and this machine's clock"
            case .notFound: "check the name and the region"
            case .stale: "the state has changed since; the caller must look again"
            case .invalid: "the request must be changed"
            case .localStorage, .cancelled: "try again"
            }
        let request = requestID.map { ", request \($0)" } ?? ""
        return DependencyError(
            kind, operation: operation, code: code, message: "\(sentence) (\(advice)\(request))")
    }
}

extension DependencyError {
    /// A failure of the transport as the ports tell it.
    init(_ error: TransportError, operation: String) {
        let kind: Kind =
            if error.isLocalStorage {
                .localStorage
            } else if case .cancelled = error {
                .cancelled
            } else if case .invalidRequest = error {
                .invalid
            } else {
                .unavailable
            }
        self.init(kind, operation: operation, code: error.code, message: error.description)
    }
}
