package import HTTPTypes
package import PureJSON

/// The SQS JSON 1.0 protocol as HTTP messages, for clients and for servers.
///
/// Source: AWS JSON 1.0 protocol (Smithy), with the `awsQueryCompatible` trait.
package enum SQSWire {
    /// The media type of both directions.
    package static let contentType = "application/x-amz-json-1.0"

    /// A client's request before it is signed: a POST to `path` with the document as its body.
    package static func httpRequest<Request: SQSRequest>(
        _ request: Request, scheme: String, authority: String, path: String = "/"
    ) -> (head: HTTPRequest, body: [UInt8]) {
        var head = HTTPRequest(method: .post, scheme: scheme, authority: authority, path: path)
        head.headerFields[.amzTarget] = Request.operation.target
        head.headerFields[.contentType] = contentType
        head.headerFields[.amznQueryMode] = "true"
        return (head, bytes(of: request))
    }

    /// The operation that a request to a server names; `nil` when it is not of this protocol or not known.
    package static func operation(of head: HTTPRequest) -> SQSOperation? {
        head.headerFields[.amzTarget].flatMap(SQSOperation.init(target:))
    }

    /// Reads a body as a document; an empty body is the empty document.
    package static func read<Payload: SQSPayload>(
        _ type: Payload.Type, from body: [UInt8]
    ) throws(SQSCodecError) -> Payload {
        try Payload(json: try document(of: body))
    }

    /// Reads a body; an empty body is the empty document.
    package static func document(of body: [UInt8]) throws(SQSCodecError) -> JSONValue {
        do throws(JSONParseError) {
            return body.isEmpty ? [:] : try JSONValue(parsing: body)
        } catch {
            throw .notJSON(error.description)
        }
    }

    /// The body of a document.
    package static func bytes(of payload: some SQSPayload) -> [UInt8] { Array(payload.json.serialized().utf8) }

    /// The head of a server's answer that accepts a request.
    package static func responseHead(requestID: String) -> HTTPResponse {
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = contentType
        head.headerFields[.amznRequestID] = requestID
        return head
    }

    /// The head of a server's answer that refuses a request.
    package static func responseHead(refusing error: SQSError, requestID: String) -> HTTPResponse {
        var head = HTTPResponse(status: .init(code: error.status))
        head.headerFields[.contentType] = contentType
        head.headerFields[.amznRequestID] = requestID
        head.headerFields[.amznQueryError] = error.queryErrorHeader
        return head
    }

    /// Reads a server's refusal; call it when the status is not 200.
    package static func error(_ head: HTTPResponse, body: [UInt8]) -> SQSError {
        SQSError(status: head.status.code, queryErrorHeader: head.headerFields[.amznQueryError], body: body)
    }
}
