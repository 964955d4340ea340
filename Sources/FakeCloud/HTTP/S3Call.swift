internal import AWSWire
internal import HTTPTypes
internal import HummingbirdCore
internal import JobCore
internal import NIOCore

/// An S3 request that may pass, read as far as its head.
struct S3Call: Sendable {
    /// The head.
    let head: HTTPRequest
    /// The decoded query.
    let query: QueryItems
    /// The bucket; `nil` for the service itself.
    let bucket: String?
    /// The key; `nil` for the bucket itself.
    let key: ObjectKey?
    /// The service's name for the request.
    let requestID: String
    /// What the signature proved.
    let pass: SignatureGate.Pass
    /// The body, not read yet.
    let body: RequestBody

    init(_ request: Request, _ authenticated: S3Routes.Authenticated, bucketHosts: [String], requestID: String) {
        let target = RequestTarget(request.head)
        let address = S3Address(authority: request.head.authority, path: target.path, baseHosts: bucketHosts)
        head = authenticated.head
        query = QueryItems(parsing: target.query)
        bucket = address.bucket
        key = address.key.map(ObjectKey.init)
        self.requestID = requestID
        pass = authenticated.pass
        body = request.body
    }

    /// The same call with another head.
    init(_ call: S3Call, head: HTTPRequest) {
        self.head = head
        query = call.query
        bucket = call.bucket
        key = call.key
        requestID = call.requestID
        pass = call.pass
        body = call.body
    }

    /// A header's value.
    subscript(name: HTTPField.Name) -> String? { head.headerFields[name] }

    /// A query's whole number; `nil` when it is not there.
    func integer(_ name: String, in range: ClosedRange<Int>, _ message: String) throws(S3Refusal) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), range.contains(number) else { throw .invalidArgument(name, text, message) }
        return number
    }

    /// The version that the query names.
    func versionID() throws(S3Refusal) -> String? {
        guard let text = query["versionId"] else { return nil }
        return try Self.checked(versionID: text)
    }

    /// Versions are named by 32 characters, or `null`.
    static func checked(versionID text: String) throws(S3Refusal) -> String {
        guard text == "null" || text.utf8.count == 32 else {
            throw .invalidArgument("versionId", text, "Invalid version id specified")
        }
        return text
    }

    /// The conditions of a read.
    var readCondition: ObjectCondition {
        ObjectCondition(
            ifMatch: self[.ifMatch], ifNoneMatch: self[.ifNoneMatch],
            ifModifiedSince: self[.ifModifiedSince].flatMap { Timestamp(httpDate: $0) },
            ifUnmodifiedSince: self[.ifUnmodifiedSince].flatMap { Timestamp(httpDate: $0) })
    }

    /// The conditions of a write.
    var writeCondition: ObjectCondition {
        ObjectCondition(ifMatch: self[.ifMatch], ifNoneMatch: self[.ifNoneMatch])
    }

    /// Reads a small body, checked against what the head claims of it.
    func document(limitBytes: Int = 4 * 1_024 * 1_024) async throws -> [UInt8] {
        let claims = try BodyClaims(head, pass: pass, needsLength: false)
        var chunks = claims.chunks
        var bytes: [UInt8] = []
        for try await buffer in body {
            let piece = Array(buffer.readableBytesView)
            bytes += try chunks?.decode(piece).flatMap { $0 } ?? piece
            guard bytes.count <= limitBytes else {
                throw S3Refusal(
                    "MaxMessageLengthExceeded", "Your request was too big.",
                    details: ["MaxMessageLengthBytes": String(limitBytes)])
            }
        }
        let algorithm = claims.checksumAlgorithm ?? .crc64nvme
        let digests = BlobDigests(
            sizeBytes: Int64(bytes.count), md5: Digest.md5.hash(bytes), sha256: Digest.sha256.hash(bytes),
            checksum: StoredChecksum(
                algorithm: algorithm, value: S3Checksum.base64(of: bytes, algorithm)))
        try claims.check(digests, trailer: try chunks?.finish() ?? [:])
        return bytes
    }

    /// Reads a body as a document.
    func document<Document: S3Document>(_ type: Document.Type) async throws -> Document {
        let bytes = try await document()
        do throws(S3CodecError) { return try Document(body: bytes) } catch { throw S3Refusal.malformedXML }
    }

    /// The head of an answer.
    func responseHead(_ status: HTTPResponse.Status = .ok) -> HTTPResponse {
        var response = HTTPResponse(status: status)
        response.headerFields[.amzRequestID] = requestID
        response.headerFields[.amzID2] = requestID
        return response
    }

    /// An answer with a document.
    func answer(_ document: any S3Document) -> HTTPAnswer {
        var response = responseHead()
        response.headerFields[.contentType] = "application/xml"
        return HTTPAnswer(response, .bytes(document.body))
    }

    /// An answer that refuses.
    func answer(refusing refusal: S3Refusal) -> HTTPAnswer {
        Self.answer(refusing: refusal, head: head, requestID: requestID)
    }

    /// An answer that refuses, for a request that could not be read so far.
    static func answer(refusing refusal: S3Refusal, head: HTTPRequest, requestID: String) -> HTTPAnswer {
        var response = HTTPResponse(status: .init(code: refusal.status))
        response.headerFields[.amzRequestID] = requestID
        response.headerFields[.amzID2] = requestID
        for (name, value) in refusal.headers.sorted(by: { $0.key < $1.key }) {
            if let name = HTTPField.Name(name) { response.headerFields[name] = value }
        }
        guard head.method != .head, refusal.status != 304 else { return HTTPAnswer(response) }
        var error = refusal.error
        error.requestID = requestID
        error.hostID = requestID
        error.resource = RequestTarget(head).path
        response.headerFields[.contentType] = "application/xml"
        return HTTPAnswer(response, .bytes(error.body))
    }
}
