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
    let laboratory: Laboratory
    private let door: LabRoutes
    private let bucketHosts: [String]
    private let clock: any RunnerClock
    private let logger: Logger
    private let ids: Mutex<IDSource>

    init(
        sqs: SQSRoutes, s3: S3Routes, gate: SignatureGate, laboratory: Laboratory, door: LabRoutes,
        bucketHosts: [String], clock: any RunnerClock, ids: IDSource, logger: Logger
    ) {
        self.sqs = sqs
        self.s3 = s3
        self.gate = gate
        self.laboratory = laboratory
        self.door = door
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
        if door.accepts(request.head) {
            if expectsContinue { try await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
            let answer = try await door.answer(request, from: channel.remoteAddress) {
                await ConnectionWatch.of(channel)
            }
            return try await write(answer, to: request, requestID, BodyShape(), writer)
        }
        let visit: Visit
        let answer: HTTPAnswer?
        if SQSRoutes.accepts(request.head) {
            if expectsContinue { try await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
            (visit, answer) = try await answerSQS(request, requestID, channel)
        } else {
            visit = Visit(CloudCall(s3: request.head, bucketHosts: bucketHosts), head: request.head, in: laboratory)
            answer = try await answerS3(request, requestID, visit, expectsContinue, channel, writer)
        }
        guard let answer else {
            visit.end(with: nil, in: laboratory)
            throw ConnectionOver()
        }
        // Noted before it is written: who has the answer finds it in the journal.
        visit.end(with: answer, in: laboratory)
        try await write(answer, to: request, requestID, visit.plan?.body ?? BodyShape(), writer)
    }

    @concurrent
    private func answerS3(
        _ request: Request, _ requestID: String, _ visit: Visit, _ expectsContinue: Bool, _ channel: any Channel,
        _ writer: borrowing ResponseWriter
    ) async throws -> HTTPAnswer? {
        let interruption = await before(visit, channel) {
            var answer = S3Call.answer(refusing: $0.s3, head: request.head, requestID: requestID)
            answer.closesConnection = true
            return answer
        }
        switch interruption {
        case nil: break
        case .ending?: return nil
        case .answer(let answer)?: return answer
        }
        if request.head.method == .options {
            // A browser asks without a signature whether it may ask.
            return s3.preflight(request.head, bucketHosts: bucketHosts, requestID: requestID)
        }
        let pass: SignatureGate.Pass
        do throws(SigV4Rejection) {
            pass = try gate.check(request.head, payload: nil)
        } catch {
            let refusal = Self.isOldSignature(request.head) ? Self.oldSignature : S3Refusal(error)
            var answer = S3Call.answer(refusing: refusal, head: request.head, requestID: requestID)
            answer.closesConnection = expectsContinue
            return answer
        }
        if expectsContinue { try await writer.writeInformationalHead(HTTPResponse(status: .continue)) }
        let call = S3Call(request, pass: pass, bucketHosts: bucketHosts, requestID: requestID)
        let answer = try await s3.answer(call)
        return await after(visit, answer, channel) {
            S3Call.answer(refusing: $0.s3, head: request.head, requestID: requestID)
        }
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
    ) async throws -> (Visit, HTTPAnswer?) {
        let dialect = SQSDialect.of(request.head) ?? .json
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
                return (Visit(CloudCall(sqs: request.head, body: []), head: request.head, in: laboratory), answer)
            }
        }
        let visit = Visit(CloudCall(sqs: request.head, body: body), head: request.head, in: laboratory)
        switch await before(visit, channel, { dialect.refusing($0.sqs, requestID: requestID) }) {
        case nil: break
        case .ending?: return (visit, nil)
        case .answer(let answer)?: return (visit, answer)
        }
        let routes = visit.plan?.drops == true ? sqs.answering(from: laboratory.rehearsal()) : sqs
        let answer = await routes.answer(request.head, body: body, requestID: requestID) {
            await ConnectionWatch.of(channel)
        }
        if visit.plan?.duplicates == true { try await laboratory.queues.expose(answer.receiptHandles) }
        return (visit, await after(visit, answer, channel) { dialect.refusing($0.sqs, requestID: requestID) })
    }

    @concurrent
    private func write(
        _ answer: HTTPAnswer, to request: Request, _ requestID: String, _ shape: BodyShape,
        _ writer: consuming ResponseWriter
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
            if shape.isPlain {
                try await Self.write(head, answer.body, writer)
            } else {
                try await write(head, answer.body, shaped: shape, writer)
            }
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
        case .lines(let produce):
            var output = try await writer.writeHead(head)
            try await produce { try await output.write(ByteBuffer(string: $0)) }
            try await output.finish(nil)
        }
    }
}
