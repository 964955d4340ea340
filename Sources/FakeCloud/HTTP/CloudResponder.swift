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
    let laboratory: Laboratory
    private let door: LabRoutes
    private let bucketHosts: [String]
    private let clock: any RunnerClock
    private let logger: Logger
    private let ids: Mutex<IDSource>

    /// Puts the protocols on top of an open cloud.
    init(
        _ cloud: CloudState, _ laboratory: Laboratory, _ configuration: FakeCloudConfiguration, clock: CloudClock,
        logger: Logger
    ) {
        let gate = SignatureGate(configuration, clock: clock.base)
        sqs = SQSRoutes(queues: cloud.queues, gate: gate)
        s3 = S3Routes(
            objects: cloud.objects, queues: cloud.queues, gate: gate, region: configuration.region, logger: logger)
        self.laboratory = laboratory
        door = LabRoutes(laboratory: laboratory, configuration: configuration)
        bucketHosts = configuration.bucketHosts
        self.clock = clock.base
        self.logger = logger
        ids = Mutex(cloud.requestIDs)
    }

    /// What a request gets: an answer, and what faults make of its body.
    struct Reply: Sendable {
        let answer: HTTPAnswer
        var shape = BodyShape()
        let requestID: String
    }

    /// Answers one request; throwing ends the connection.
    @concurrent
    func respond(to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let gated = GatedCall(request.head, laboratory.gate)
        if let gated, !(await gated.gate.admit(gated.name)) { throw ConnectionOver() }
        do {
            let reply = try await GatedCall.$current.withValue(gated) {
                let made = try await self.reply(to: request, ClientLine(channel)) { @concurrent in
                    try await writer.writeInformationalHead(HTTPResponse(status: .continue))
                }
                return gated == nil ? made : await takingItsTime(made)
            }
            try await write(reply, to: request, writer)
        } catch {
            await gated?.gate.finished(gated?.name ?? "")
            if let over = error as? ConnectionOver, over.isReset { await ConnectionOver.reset(channel) }
            throw error
        }
        await gated?.gate.finished(gated?.name ?? "")
    }

    /// Waits at the gate for as long as a slow body would take, in the place of slowness.
    private func takingItsTime(_ reply: Reply) async -> Reply {
        guard let rate = reply.shape.bytesPerSecond else { return reply }
        var reply = reply
        reply.shape.bytesPerSecond = nil
        await laboratory.hold(for: .seconds(Double(reply.answer.sizeBytes) / Double(max(1, rate))), connection: nil)
        return reply
    }

    /// Finds out what a request gets, up to the writing; throwing ends the connection.
    ///
    /// `proceed` asks a client that waits with its body to send it.
    @concurrent
    func reply(
        to request: Request, _ line: ClientLine, proceed: @concurrent () async throws -> Void
    ) async throws -> Reply {
        let requestID = ids.withLock { $0.uuid() }
        let expectsContinue = request.head.headerFields[.expect]?.lowercased() == "100-continue"
        if door.accepts(request.head) {
            if expectsContinue { try await proceed() }
            return Reply(answer: try await door.answer(request, from: line), requestID: requestID)
        }
        let visit: Visit
        let answer: HTTPAnswer?
        if SQSRoutes.accepts(request.head) {
            if expectsContinue { try await proceed() }
            (visit, answer) = try await answerSQS(request, requestID, line)
        } else {
            visit = Visit(CloudCall(s3: request.head, bucketHosts: bucketHosts), head: request.head, in: laboratory)
            answer = try await answerS3(
                request, requestID, visit, line, expectsContinue: expectsContinue, proceed: proceed)
        }
        guard let answer else {
            visit.end(with: nil, in: laboratory)
            throw ConnectionOver(isReset: visit.plan?.endsBefore == true || visit.plan?.aftermath == .reset)
        }
        // Noted before it is written: who has the answer finds it in the journal.
        visit.end(with: answer, in: laboratory)
        return Reply(answer: answer, shape: visit.plan?.body ?? BodyShape(), requestID: requestID)
    }

    @concurrent
    private func answerS3(
        _ request: Request, _ requestID: String, _ visit: Visit, _ line: ClientLine,
        expectsContinue: Bool, proceed: @concurrent () async throws -> Void
    ) async throws -> HTTPAnswer? {
        let interruption = await before(visit, line) {
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
        let authenticated: S3Routes.Authenticated
        do throws(S3Refusal) {
            authenticated = try s3.authenticate(request.head, bucketHosts: bucketHosts)
        } catch {
            var answer = S3Call.answer(refusing: error, head: request.head, requestID: requestID)
            answer.closesConnection = expectsContinue
            return answer
        }
        if expectsContinue { try await proceed() }
        let call = S3Call(request, authenticated, bucketHosts: bucketHosts, requestID: requestID)
        let answer = try await s3.answer(call)
        return await after(visit, answer, line) {
            S3Call.answer(refusing: $0.s3, head: request.head, requestID: requestID)
        }
    }

    private func answerSQS(
        _ request: Request, _ requestID: String, _ line: ClientLine
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
                var answer = dialect.refusing(error, requestID: requestID)
                answer.closesConnection = true
                return (Visit(CloudCall(sqs: request.head, body: []), head: request.head, in: laboratory), answer)
            }
        }
        let visit = Visit(CloudCall(sqs: request.head, body: body), head: request.head, in: laboratory)
        switch await before(visit, line, { dialect.refusing($0.sqs, requestID: requestID) }) {
        case nil: break
        case .ending?: return (visit, nil)
        case .answer(let answer)?: return (visit, answer)
        }
        let routes = visit.plan?.drops == true ? sqs.answering(from: laboratory.rehearsal()) : sqs
        let answer = await routes.answer(request.head, body: body, requestID: requestID) { await line.watch() }
        if visit.plan?.duplicates == true { try await laboratory.queues.expose(answer.receiptHandles) }
        return (visit, await after(visit, answer, line) { dialect.refusing($0.sqs, requestID: requestID) })
    }

    @concurrent
    private func write(
        _ reply: Reply, to request: Request, _ writer: consuming ResponseWriter
    ) async throws {
        let (answer, shape) = (reply.answer, reply.shape)
        var head = answer.head
        head.headerFields[.date] = clock.now().httpDate
        if answer.closesConnection { head.headerFields[.connection] = "close" }
        logger.debug(
            "request answered",
            metadata: [
                LogKeys.requestID: "\(reply.requestID)", LogKeys.status: "\(head.status.code)",
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
