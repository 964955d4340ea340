package import AWSWire

/// A refusal of S3 with its HTTP status.
package struct S3Refusal: Error, Sendable, Hashable {
    /// The HTTP status.
    package var status: Int
    /// The document.
    package var error: S3Error
    /// Further headers of the answer, by lower-case name.
    package var headers: [String: String] = [:]

    /// Makes a refusal of a known code; an unknown one is a 400.
    package init(_ code: String, _ message: String, details: [String: String] = [:]) {
        status = Self.statuses[code] ?? 400
        error = S3Error(code: code, message: message, details: details)
    }

    /// The refusal of something that S3 has and this service has not.
    package static func notImplemented(_ what: String) -> S3Refusal {
        S3Refusal(
            "NotImplemented", "A header or query you provided implies functionality that is not implemented: \(what)")
    }

    static func noBucket(_ name: String) -> S3Refusal {
        S3Refusal("NoSuchBucket", "The specified bucket does not exist", details: ["BucketName": name])
    }

    static func noKey(_ key: ObjectKey) -> S3Refusal {
        S3Refusal("NoSuchKey", "The specified key does not exist.", details: ["Key": key.text])
    }

    static func noUpload(_ id: String) -> S3Refusal {
        S3Refusal(
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or "
                + "completed.", details: ["UploadId": id])
    }

    static func invalidArgument(_ name: String, _ value: String, _ message: String) -> S3Refusal {
        S3Refusal("InvalidArgument", message, details: ["ArgumentName": name, "ArgumentValue": value])
    }

    static func preconditionFailed(_ condition: String) -> S3Refusal {
        S3Refusal(
            "PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
            details: ["Condition": condition])
    }

    /// The refusal of a request to the endpoint of a region in which the bucket is not.
    static func elsewhere(_ bucket: String, location: String, endpoint: String) -> S3Refusal {
        var refusal = S3Refusal(
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all "
                + "future requests to this endpoint.",
            details: ["Bucket": bucket, "Endpoint": endpoint])
        refusal.headers["x-amz-bucket-region"] = location
        return refusal
    }

    static let malformedXML = S3Refusal(
        "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")

    /// Source: Amazon S3 API reference, "Error responses".
    private static let statuses: [String: Int] = [
        "AccessDenied": 403, "AccessForbidden": 403, "AuthorizationHeaderMalformed": 400, "BadDigest": 400,
        "BucketAlreadyExists": 409,
        "BucketAlreadyOwnedByYou": 409, "BucketNotEmpty": 409, "EntityTooLarge": 400, "EntityTooSmall": 400,
        "ExpiredToken": 400, "IncompleteBody": 400, "InternalError": 500, "InvalidAccessKeyId": 403,
        "InvalidArgument": 400, "InvalidBucketName": 400, "InvalidDigest": 400, "InvalidLocationConstraint": 400,
        "InvalidPart": 400, "InvalidPartNumber": 416, "InvalidPartOrder": 400, "InvalidRange": 416,
        "InvalidRequest": 400, "InvalidToken": 400, "KeyTooLongError": 400, "MalformedXML": 400,
        "MethodNotAllowed": 405, "MissingContentLength": 411, "NoSuchBucket": 404, "NoSuchKey": 404,
        "NoSuchBucketPolicy": 404, "NoSuchCORSConfiguration": 404, "NoSuchLifecycleConfiguration": 404,
        "NoSuchTagSet": 404, "NoSuchWebsiteConfiguration": 404, "ObjectLockConfigurationNotFoundError": 404,
        "ReplicationConfigurationNotFoundError": 404, "NoSuchUpload": 404, "NoSuchVersion": 404,
        "NotImplemented": 501, "NotModified": 304,
        "PermanentRedirect": 301, "PreconditionFailed": 412, "RequestTimeTooSkewed": 403, "ServiceUnavailable": 503,
        "SignatureDoesNotMatch": 403, "XAmzContentSHA256Mismatch": 400,
    ]
}
