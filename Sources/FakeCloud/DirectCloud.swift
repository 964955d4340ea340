package import HTTPTypes
internal import HummingbirdCore
package import JobCore
package import Logging
internal import NIOCore
internal import NIOPosix

/// A fake cloud without a socket: requests are values that go through the same routes, and answers come back as values.
///
/// For tests of what a server makes of requests, above the parsing of HTTP/1.1 itself. Nothing is kept on disk beyond
/// the life of the cloud.
package final class DirectCloud: Sendable {
    /// What a request got.
    package struct Answer: Sendable {
        /// Status and headers; without `Content-Length`.
        package let head: HTTPResponse
        /// The bytes of the body; those of an answer that never ends are left out.
        package let body: [UInt8]
    }

    private let responder: CloudResponder
    private let laboratory: Laboratory

    private init(responder: CloudResponder, laboratory: Laboratory) {
        self.responder = responder
        self.laboratory = laboratory
    }

    /// Runs a cloud as long as the body does.
    ///
    /// - Parameters:
    ///   - configuration: as of a server; host, port and data directory do not count.
    ///   - clock: the machine's clock, which long polls sleep on.
    ///   - logger: takes what the services log.
    ///   - body: what is done with the cloud.
    /// - Throws: ``FakeCloudError`` when the temporary directory cannot be made, or what the body throws.
    package static func run(
        _ configuration: FakeCloudConfiguration, clock: any RunnerClock, logger: Logger,
        _ body: (DirectCloud) async throws -> Void
    ) async throws {
        var configuration = configuration
        configuration.dataDirectory = nil
        let pool = NIOThreadPool.singleton
        let clock = CloudClock(base: clock, mode: configuration.clock)
        let cloud = try await pool.runIfActive { [configuration] in
            try CloudState(configuration, clock: clock, pool: pool, logger: logger)
        }
        let laboratory = Laboratory(clock: clock, cloud: cloud, isVolatile: true)
        let direct = DirectCloud(
            responder: CloudResponder(cloud, laboratory, configuration, clock: clock, logger: logger),
            laboratory: laboratory)
        var failure: (any Error)?
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await cloud.queues.run() }
            do { try await body(direct) } catch { failure = error }
            group.cancelAll()
        }
        laboratory.close()
        cloud.queues.close()
        try await cloud.close(on: pool)
        if let failure { throw failure }
    }

    /// Answers a request whose body comes in pieces; `nil` when the connection would have ended without an answer.
    package func answer(_ head: HTTPRequest, body pieces: [[UInt8]]) async throws -> Answer? {
        let body =
            pieces.count == 1
            ? RequestBody(buffer: ByteBuffer(bytes: pieces[0])) : RequestBody(asyncSequence: BodyPieces(pieces: pieces))
        let reply: CloudResponder.Reply
        do {
            reply = try await responder.reply(to: Request(head: head, body: body), ClientLine()) {}
        } catch is ConnectionOver {
            return nil
        }
        switch reply.answer.body {
        case .none, .lines: return Answer(head: reply.answer.head, body: [])
        case .bytes(let bytes): return Answer(head: reply.answer.head, body: bytes)
        case .file(let stream): return Answer(head: reply.answer.head, body: try await stream.collect())
        }
    }

    /// Makes the present what ``reset()`` brings back.
    package func markStart() { laboratory.markStart() }

    /// Brings queues, buckets and clock back, takes faults away and empties the journal.
    package func reset() throws(LabRefusal) { try laboratory.reset() }
}

/// The pieces of a body, all of them there from the beginning.
private struct BodyPieces: AsyncSequence, Sendable {
    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ArraySlice<[UInt8]>

        mutating func next() async -> ByteBuffer? { rest.popFirst().map { ByteBuffer(bytes: $0) } }
    }

    let pieces: [[UInt8]]

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: pieces[...]) }
}
