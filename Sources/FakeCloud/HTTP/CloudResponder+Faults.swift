internal import AWSWire
internal import Glibc
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore

/// An error that a fault answers with.
struct InjectedError: Sendable {
    let status: Int
    let code: String
    let message: String

    /// As S3 says it.
    var s3: S3Refusal {
        var refusal = S3Refusal(code, message)
        refusal.status = status
        return refusal
    }

    /// As SQS says it.
    var sqs: SQSError {
        let known = SQSError(code, message)
        return SQSError(
            shape: code, queryCode: known.queryCode, message: message, isSenderFault: status < 500, status: status)
    }
}

/// The end of a connection after its last answer, or instead of one.
struct ConnectionOver: Error {
    /// Whether the client sees a TCP reset instead of an orderly end.
    var isReset = false

    /// Ends a connection with a TCP reset; what was written before is sent before.
    static func reset(_ channel: any Channel) async {
        do {
            try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            // Closed here: whoever runs the connection would close its sending side first, in an orderly way.
            try await channel.close(mode: .all)
        } catch {
            // A socket that refuses is gone already.
            return
        }
    }
}

extension CloudResponder {
    /// What comes in the place of a call.
    enum Interruption: Sendable {
        case answer(HTTPAnswer)
        case ending
    }

    /// What comes of a call before anything is done: an answer, the end of the connection, or `nil` to go on.
    func before(
        _ visit: Visit, _ line: ClientLine, _ refusing: (InjectedError) -> HTTPAnswer
    ) async -> Interruption? {
        guard let plan = visit.plan else { return nil }
        if plan.latency > .zero {
            await laboratory.hold(for: plan.latency, connection: await line.watch())
        }
        if plan.endsBefore { return .ending }
        guard let error = plan.error else { return nil }
        return .answer(refusing(InjectedError(status: error.status, code: error.code, message: error.message)))
    }

    /// What the client gets of a call that was done; `nil` for the end of the connection.
    func after(
        _ visit: Visit, _ answer: HTTPAnswer, _ line: ClientLine, _ refusing: (InjectedError) -> HTTPAnswer
    ) async -> HTTPAnswer? {
        guard let plan = visit.plan else { return answer }
        if plan.stall > .zero {
            await laboratory.hold(for: plan.stall, connection: await line.watch())
        }
        switch plan.aftermath {
        case nil: return answer
        case .reset?: return nil
        case .timeout?:
            await laboratory.hold(for: Laboratory.patience, connection: await line.watch())
            return nil
        case .error?:
            return refusing(
                InjectedError(status: 500, code: "InternalError", message: "The call was done; a fault of the lab."))
        }
    }

    /// Writes an answer whose body faults change.
    @concurrent
    func write(
        _ head: HTTPResponse, _ body: HTTPAnswer.Body, shaped shape: BodyShape, _ writer: consuming ResponseWriter
    ) async throws {
        var head = head
        let size: Int
        switch body {
        case .none, .lines: size = 0
        case .bytes(let bytes): size = bytes.count
        case .file(let stream): size = Int(stream.sizeBytes)
        }
        if head.headerFields[.contentLength] == nil, head.status != .noContent, head.status != .notModified {
            head.headerFields[.contentLength] = String(size)
        }
        var output = try await writer.writeHead(head)
        if shape.endsAfterBytes == 0 { throw ConnectionOver(isReset: shape.isReset) }
        var start = 0
        switch body {
        case .none, .lines: break
        case .bytes(let bytes): try await write(bytes, at: &start, of: size, shape, &output)
        case .file(let stream):
            try await stream.forEachPiece { try await write($0, at: &start, of: size, shape, &output) }
        }
        try await output.finish(nil)
    }

    @concurrent
    private func write(
        _ piece: [UInt8], at start: inout Int, of size: Int, _ shape: BodyShape,
        _ output: inout some ResponseBodyWriter
    ) async throws {
        for portion in shape.portions(of: piece, at: start, ofBodyOf: size) {
            if shape.bytesPerSecond != nil { await laboratory.hold(for: .milliseconds(100), connection: nil) }
            try await output.write(ByteBuffer(bytes: portion))
        }
        start += piece.count
        if let end = shape.endsAfterBytes, start >= end { throw ConnectionOver() }
    }
}
