package import HTTPTypes

/// Header names that AWS protocols use and HTTPTypes does not name.
extension HTTPField.Name {
    /// Makes a name from a literal that is known to be a valid token.
    static func known(_ name: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name(name.description) else { preconditionFailure("\(name) is not a header name") }
        return name
    }

    /// When the request was signed, `20150830T123600Z`.
    package static let amzDate = known("X-Amz-Date")
    /// The session token of temporary credentials.
    package static let amzSecurityToken = known("X-Amz-Security-Token")
    /// The hash of the body that is signed (S3).
    package static let amzContentSHA256 = known("X-Amz-Content-SHA256")
    /// The SQS operation, `AmazonSQS.SendMessage`.
    package static let amzTarget = known("X-Amz-Target")
    /// Asks for `x-amzn-query-error` in errors.
    package static let amznQueryMode = known("x-amzn-query-mode")
    /// The error's name in the older protocol: `AWS.SimpleQueueService.NonExistentQueue;Sender`.
    package static let amznQueryError = known("x-amzn-query-error")
    /// The service's name for one request (SQS).
    package static let amznRequestID = known("x-amzn-RequestId")
    /// How long to wait before the next attempt, in milliseconds.
    package static let amzRetryAfter = known("x-amz-retry-after")
}
