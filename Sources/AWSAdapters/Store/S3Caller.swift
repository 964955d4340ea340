internal import AWSWire
internal import HTTPTransport
internal import HTTPTypes
internal import JobCore

/// Builds and sends calls of the S3 REST protocol over a client.
struct S3Caller: Sendable {
    let client: AWSClient
    let endpoint: S3Endpoint

    /// How long a call may take that moves no object through this machine; copies take their time.
    static let patience = TransportTimeouts(total: .seconds(60))
    static let copyPatience = TransportTimeouts(total: .seconds(600))
    static let transferPatience = TransportTimeouts(total: nil, stall: .seconds(30))

    init(client: AWSClient, addressing: S3Endpoint.Addressing?) {
        self.client = client
        endpoint = S3Endpoint(
            scheme: client.endpoint.scheme, authority: client.endpoint.authority,
            addressing: addressing ?? (client.endpoint.isCustom ? .path : .virtualHost))
    }

    /// The head of a request without signature.
    func head(
        _ method: HTTPRequest.Method, bucket: String?, key: String? = nil, query: QueryItems = QueryItems()
    ) -> HTTPRequest {
        let address = endpoint.address(bucket: bucket, key: key)
        let target = RequestTarget(path: address.path, query: query.encoded)
        return HTTPRequest(
            method: method, scheme: endpoint.scheme, authority: address.authority, path: target.joined)
    }

    /// Sends a request whose answer fits memory; statuses of 300 and more are failures, and so is an error in a 200.
    func call(
        _ operation: String, _ head: HTTPRequest, body: [UInt8] = [], timeouts: TransportTimeouts = Self.patience
    ) async throws(DependencyError) -> TransportResponse {
        let carried: TransportRequest.Body = body.isEmpty ? .none : .bytes(body)
        return try await client.send(
            AWSClient.Call(
                operation: operation, request: TransportRequest(head: head, body: carried, timeouts: timeouts),
                payload: PayloadHash(of: body), failure: Self.failure))
    }

    /// Reads an answer's document.
    func read<Document: S3Document>(
        _ type: Document.Type, _ response: TransportResponse, _ operation: String
    ) throws(DependencyError) -> Document {
        do throws(S3CodecError) {
            return try Document(body: response.body)
        } catch {
            throw DependencyError(
                .unavailable, operation: operation, code: "UnreadableAnswer",
                message: "\(client.endpoint) answered what is not S3's protocol (\(error)); check the endpoint")
        }
    }

    /// S3 may answer CopyObject and CompleteMultipartUpload with 200 and an error document.
    static let failure: @Sendable (TransportResponse) -> AWSFailure? = { response in
        guard response.head.status.code < 300 else { return AWSFailure(s3: response) }
        guard response.body.count < 64 << 10, response.body.firstRange(of: Array("<Error>".utf8)) != nil,
            (try? S3Error(body: response.body)) != nil
        else { return nil }
        var failure = AWSFailure(s3: response)
        if failure.status == 200 { failure.status = failure.code == "InternalError" ? 500 : 400 }
        return failure
    }
}

extension ObjectInfo {
    /// Reads the headers of an object.
    init(headers: HTTPFields, sizeBytes: Int64? = nil) {
        self.init(
            sizeBytes: sizeBytes ?? headers[.contentLength].flatMap { Int64($0) } ?? 0, etag: headers[.eTag] ?? "",
            contentType: headers[.contentType], versionID: headers[.amzVersionID],
            lastModified: headers[.lastModified].flatMap { Timestamp(httpDate: $0) })
    }
}
