internal import PureJSON

/// What SQS answers when it refuses a request.
package struct SQSError: Error, Sendable, Hashable {
    /// The error's name in the JSON protocol, without its namespace: `QueueDoesNotExist`.
    package var shape: String
    /// Its name in the older query protocol: `AWS.SimpleQueueService.NonExistentQueue`.
    package var queryCode: String
    /// SQS's sentence.
    package var message: String
    /// Whether the request is to blame; otherwise SQS is.
    package var isSenderFault: Bool
    /// The HTTP status.
    package var status: Int

    /// Makes an error from all its parts.
    package init(shape: String, queryCode: String, message: String, isSenderFault: Bool, status: Int) {
        self.shape = shape
        self.queryCode = queryCode
        self.message = message
        self.isSenderFault = isSenderFault
        self.status = status
    }

    /// Makes an error of a known shape; an unknown one is a 400 of the sender whose query code is its name.
    package init(_ shape: String, _ message: String) {
        let known = Self.known[shape]
        let status = known?.status ?? 400
        self.init(
            shape: shape, queryCode: known?.queryCode ?? shape, message: message, isSenderFault: status < 500,
            status: status)
    }

    /// The value of `__type`: the shape in its namespace.
    package var type: String {
        (Self.known[shape]?.isModeled == true ? "com.amazonaws.sqs#" : "com.amazon.coral.service#") + shape
    }

    /// The value of `x-amzn-query-error`.
    package var queryErrorHeader: String { queryCode + (isSenderFault ? ";Sender" : ";Receiver") }

    /// The body in the JSON protocol.
    package var jsonBody: [UInt8] {
        let document: JSONValue = ["__type": .string(type), "message": .string(message)]
        return Array(document.serialized().utf8)
    }

    /// Reads an answer whose status says error; a body that is no error document gives the status as its shape.
    ///
    /// `message` may be spelled with a capital; both are in use.
    package init(status: Int, queryErrorHeader: String?, body: [UInt8]) {
        let document = (try? JSONValue(parsing: body))?.objectValue
        let type = document?["__type"]?.stringValue ?? document?["code"]?.stringValue
        let name = type.map { String($0.split(separator: "#").last ?? "") } ?? ""
        shape = name.isEmpty ? "HTTP\(status)" : name
        message = (document?["message"] ?? document?["Message"])?.stringValue ?? ""
        let header = queryErrorHeader?.split(separator: ";", maxSplits: 1)
        queryCode = header?.first.map(String.init) ?? Self.known[shape]?.queryCode ?? shape
        isSenderFault = header.map { $0.count < 2 || $0[1] == "Sender" } ?? (status < 500)
        self.status = status
    }
}

extension SQSError {
    private struct Known {
        let queryCode: String
        let status: Int
        let isModeled: Bool
    }

    private static func modeled(_ queryCode: String, _ status: Int = 400) -> Known {
        Known(queryCode: queryCode, status: status, isModeled: true)
    }

    private static func prefixed(_ name: String, _ status: Int = 400) -> Known {
        modeled("AWS.SimpleQueueService." + name, status)
    }

    private static func common(_ queryCode: String, _ status: Int) -> Known {
        Known(queryCode: queryCode, status: status, isModeled: false)
    }

    /// Source: the `awsQueryError` traits of the SQS model, and AWS's common errors for the rest.
    private static let known: [String: Known] = [
        "BatchEntryIdsNotDistinct": prefixed("BatchEntryIdsNotDistinct"),
        "BatchRequestTooLong": prefixed("BatchRequestTooLong"),
        "EmptyBatchRequest": prefixed("EmptyBatchRequest"),
        "InvalidAddress": modeled("InvalidAddress", 404),
        "InvalidAttributeName": modeled("InvalidAttributeName"),
        "InvalidAttributeValue": modeled("InvalidAttributeValue"),
        "InvalidBatchEntryId": prefixed("InvalidBatchEntryId"),
        "InvalidIdFormat": modeled("InvalidIdFormat"),
        "InvalidMessageContents": modeled("InvalidMessageContents"),
        "InvalidSecurity": modeled("InvalidSecurity", 403),
        "KmsAccessDenied": modeled("KMS.AccessDeniedException"),
        "KmsDisabled": modeled("KMS.DisabledException"),
        "KmsInvalidKeyUsage": modeled("KMS.InvalidKeyUsageException"),
        "KmsInvalidState": modeled("KMS.InvalidStateException"),
        "KmsNotFound": modeled("KMS.NotFoundException"),
        "KmsOptInRequired": modeled("KMS.OptInRequired", 403),
        "KmsThrottled": modeled("KMS.ThrottlingException"),
        "MessageNotInflight": prefixed("MessageNotInflight"),
        "OverLimit": modeled("OverLimit", 403),
        "PurgeQueueInProgress": prefixed("PurgeQueueInProgress", 403),
        "QueueDeletedRecently": prefixed("QueueDeletedRecently"),
        "QueueDoesNotExist": prefixed("NonExistentQueue"),
        "QueueNameExists": modeled("QueueAlreadyExists"),
        "ReceiptHandleIsInvalid": modeled("ReceiptHandleIsInvalid", 404),
        "RequestThrottled": modeled("RequestThrottled", 403),
        "ResourceNotFoundException": modeled("ResourceNotFoundException", 404),
        "TooManyEntriesInBatchRequest": prefixed("TooManyEntriesInBatchRequest"),
        "UnsupportedOperation": prefixed("UnsupportedOperation"),
        "AccessDeniedException": common("AccessDenied", 403),
        "ExpiredTokenException": common("ExpiredToken", 403),
        "IncompleteSignatureException": common("IncompleteSignature", 400),
        "InternalFailure": common("InternalFailure", 500),
        "InvalidAction": common("InvalidAction", 400),
        "InvalidParameterValueException": common("InvalidParameterValue", 400),
        "InvalidSignatureException": common("SignatureDoesNotMatch", 403),
        "MissingAuthenticationTokenException": common("MissingAuthenticationToken", 403),
        "MissingRequiredParameterException": common("MissingParameter", 400),
        "SerializationException": common("MalformedInput", 400),
        "ServiceUnavailable": common("ServiceUnavailable", 503),
        "UnknownOperationException": common("InvalidAction", 404),
        "UnrecognizedClientException": common("InvalidClientTokenId", 403),
    ]
}
