internal import AWSWire
internal import HTTPTypes
internal import HummingbirdCore
internal import JobCore
internal import Logging
internal import NIOCore
internal import Synchronization

/// Answers HTTP requests: finds the service, checks the signature, writes the answer.
final class CloudResponder: Sendable {
    private let sqs: SQSRoutes
    private let s3: S3Routes
    private let gate: SignatureGate
    private let bucketHosts: [String]
    private let clock: any RunnerClock
    private let logger: Logger
    private let ids: Mutex<IDSource>

    /// The end of a connection after its last answer.
    private struct ConnectionOver: Error {}

    init(
        sqs: SQSRoutes, s3: S3Routes, gate: SignatureGate, bucketHosts: [String], clock: any RunnerClock, ids: IDSource,
        logger: Logger
    ) {
        self.sqs = sqs
        self.s3 = s3
        self.gate = gate
        self.bucketHosts = bucketHosts
        self.clock = clock
        self.logger = logger
        self.ids = Mutex(ids)
    }

    /// Answers one request; throwing ends the connection.
    @concurrent
    func respond(to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let requestID = ids.withLock { $0.uuid() }
        let expectsContinue = request.head.headerFields[.expect]?.lowercased() == "100-continue"
        if SQSRoutes.accepts(request.head) {
            if expectsContinue { try await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
            let answer = try await answerSQS(request, requestID, channel)
            return try await write(answer, to: request, requestID, writer)
        }
        if request.head.method == .options {
            // A browser asks without a signature whether it may ask.
            let answer = s3.preflight(request.head, bucketHosts: bucketHosts, requestID: requestID)
            return try await write(answer, to: request, requestID, writer)
        }
        let pass: SignatureGate.Pass
        do throws(SigV4Rejection) {
            pass = try gate.check(request.head, payload: nil)
        } catch {
            let refusal = Self.isOldSignature(request.head) ? Self.oldSignature : S3Refusal(error)
            var answer = S3Call.answer(refusing: refusal, head: request.head, requestID: requestID)
            answer.closesConnection = expectsContinue
            return try await write(answer, to: request, requestID, writer)
        }
        if expectsContinue { try await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
        let call = S3Call(request, pass: pass, bucketHosts: bucketHosts, requestID: requestID)
        try await write(try await s3.answer(call), to: request, requestID, writer)
    }

    /// Version 2 of the signature, which boto3 still puts into presigned URLs unless told otherwise.
    private static func isOldSignature(_ head: HTTPRequest) -> Bool {
        head.headerFields[.authorization]?.hasPrefix("AWS ") ?? head.path?.contains("AWSAccessKeyId=") ?? false
    }

    private static let oldSignature = S3Refusal(
        "InvalidRequest",
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.")

    private func answerSQS(
        _ request: Request, _ requestID: String, _ channel: any Channel
    ) async throws -> HTTPAnswer {
        var body: [UInt8] = []
        for try await buffer in request.body {
            body += buffer.readableBytesView
            guard body.count <= SQSRoutes.bodyLimitBytes else {
                let error = SQSError(
                    shape: "RequestEntityTooLarge", queryCode: "RequestEntityTooLarge",
                    message: "The body is longer than \(SQSRoutes.bodyLimitBytes) bytes.", isSenderFault: true,
                    status: 413)
                var answer = HTTPAnswer(
                    SQSWire.responseHead(refusing: error, requestID: requestID), .bytes(error.jsonBody))
                answer.closesConnection = true
                return answer
            }
        }
        return await sqs.answer(request.head, body: body, requestID: requestID) {
            await ConnectionWatch.of(channel)
        }
    }

    @concurrent
    private func write(
        _ answer: HTTPAnswer, to request: Request, _ requestID: String, _ writer: consuming ResponseWriter
    ) async throws {
        var head = answer.head
        head.headerFields[.date] = clock.now().httpDate
        if answer.closesConnection { head.headerFields[.connection] = "close" }
        logger.debug(
            "request answered",
            metadata: [
                LogKeys.requestID: "\(requestID)", LogKeys.status: "\(head.status.code)",
                LogKeys.operation: "\(request.head.method) \(request.head.path ?? "")",
            ])
        do {
            try await Self.write(head, answer.body, writer)
        } catch {
            try await answer.onLoss?()
            throw error
        }
        if answer.closesConnection { throw ConnectionOver() }
    }

    @concurrent
    private static func write(
        _ head: HTTPResponse, _ body: HTTPAnswer.Body, _ writer: consuming ResponseWriter
    ) async throws {
        var head = head
        switch body {
        case .none:
            if head.headerFields[.contentLength] == nil, head.status != .noContent, head.status != .notModified {
                head.headerFields[.contentLength] = "0"
            }
            try await writer.writeResponse(head)
        case .bytes(let bytes):
            head.headerFields[.contentLength] = String(bytes.count)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .file(let stream):
            head.headerFields[.contentLength] = String(stream.sizeBytes)
            var output = try await writer.writeHead(head)
            try await stream.forEachPiece { try await output.write(ByteBuffer(bytes: $0)) }
            try await output.finish(nil)
        }
    }
}
