internal import AWSWire
internal import HTTPTypes
internal import PureJSON

/// The two protocols in which SQS says the same.
enum SQSDialect: Sendable, Hashable {
    /// JSON 1.0: a header names the operation.
    case json
    /// Form parameters in a body or a URL, and XML.
    case query

    /// The protocol of a request; `nil` when the request is not for SQS.
    static func of(_ head: HTTPRequest) -> SQSDialect? {
        if let target = head.headerFields[.amzTarget] { return target.hasPrefix("AmazonSQS.") ? .json : nil }
        let isForm = head.headerFields[.contentType]?.hasPrefix("application/x-www-form-urlencoded") ?? false
        if isForm, head.method == .post { return .query }
        if let scope = head.headerFields[.authorization] {
            return scope.contains("/sqs/aws4_request") ? .query : nil
        }
        let parameters = urlParameters(of: head)
        if let scope = parameters["X-Amz-Credential"] { return scope.hasSuffix("/sqs/aws4_request") ? .query : nil }
        return parameters["Action"].flatMap(SQSOperation.init(rawValue:)) == nil ? nil : .query
    }

    /// Reads which operation is asked for, and with which document.
    func read(_ head: HTTPRequest, _ body: [UInt8]) throws(SQSError) -> (operation: SQSOperation, document: JSONValue) {
        switch self {
        case .json:
            guard let operation = SQSWire.operation(of: head) else {
                throw SQSError("UnknownOperationException", "The operation is not one of Amazon SQS.")
            }
            do throws(SQSCodecError) {
                return (operation, try SQSWire.document(of: body))
            } catch {
                throw SQSError("SerializationException", error.description)
            }
        case .query:
            var parameters = Self.urlParameters(of: head)
            parameters.items += QueryItems(parsing: String(decoding: body, as: UTF8.self)).items
            let path = head.path.map { String($0.prefix { $0 != "?" }) } ?? "/"
            let operation = try SQSQuery.operation(parameters)
            return (operation, try SQSQuery.document(operation, parameters, path: path))
        }
    }

    /// The answer that accepts a request.
    func accepting(_ operation: SQSOperation, with response: any SQSPayload, requestID: String) -> HTTPAnswer {
        switch self {
        case .json: HTTPAnswer(SQSWire.responseHead(requestID: requestID), .bytes(SQSWire.bytes(of: response)))
        case .query:
            HTTPAnswer(
                Self.queryHead(.ok, requestID),
                .bytes(SQSQuery.response(operation, response, requestID: requestID)))
        }
    }

    /// The answer that refuses a request.
    func refusing(_ error: SQSError, requestID: String) -> HTTPAnswer {
        switch self {
        case .json:
            HTTPAnswer(SQSWire.responseHead(refusing: error, requestID: requestID), .bytes(error.jsonBody))
        case .query:
            HTTPAnswer(
                Self.queryHead(.init(code: error.status), requestID),
                .bytes(SQSQuery.response(refusing: error, requestID: requestID)))
        }
    }

    private static func queryHead(_ status: HTTPResponse.Status, _ requestID: String) -> HTTPResponse {
        var head = HTTPResponse(status: status)
        head.headerFields[.contentType] = SQSQuery.contentType
        head.headerFields[.amznRequestID] = requestID
        return head
    }

    private static func urlParameters(of head: HTTPRequest) -> QueryItems {
        guard let path = head.path, let mark = path.firstIndex(of: "?") else { return QueryItems() }
        return QueryItems(parsing: path[path.index(after: mark)...])
    }
}
