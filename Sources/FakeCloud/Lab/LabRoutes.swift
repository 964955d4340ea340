internal import AWSWire
internal import HTTPTypes
internal import HummingbirdCore
internal import JobCore
internal import NIOCore
internal import PureJSON

/// The lab's door: the laboratory over HTTP, in JSON, for clients of this machine.
///
/// Nothing is signed here, and nothing that happens here is in the journal or changes what S3 and SQS answer unless
/// it says so.
struct LabRoutes: Sendable {
    let laboratory: Laboratory
    let configuration: FakeCloudConfiguration

    /// The largest body.
    static let bodyLimitBytes = 1 << 20

    /// A request as far as the routes need it.
    struct Visitor: Sendable {
        let method: HTTPRequest.Method
        /// The decoded words of the path behind `/_lab/`.
        let path: [String]
        let query: QueryItems
        let head: HTTPRequest
        let body: [UInt8]
        let connection: @Sendable () async -> ConnectionWatch?

        /// The body as a document; an empty body is the empty object.
        func document() throws(LabRefusal) -> JSONValue {
            guard !body.isEmpty else { return [:] }
            do throws(JSONParseError) {
                return try JSONValue(parsing: body)
            } catch {
                throw .malformed("the body is \(error.description)")
            }
        }

        /// A whole number of the query.
        func integer(_ name: String, in range: ClosedRange<Int>) throws(LabRefusal) -> Int? {
            guard let text = query[name] else { return nil }
            guard let number = Int(text), range.contains(number) else {
                throw .malformed("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
    }

    /// Whether a request is for the door; keys of buckets that the host names are not.
    func accepts(_ head: HTTPRequest) -> Bool {
        guard let path = head.path, path.hasPrefix("/_") else { return false }
        let target = RequestTarget(head)
        let address = S3Address(authority: head.authority, path: target.path, baseHosts: configuration.bucketHosts)
        return address.bucket == "_lab" || (address.bucket == "_aws" && address.key?.hasPrefix("sqs/messages") == true)
    }

    /// Answers a request; clients of other machines, and pages of other sites, are sent away.
    func answer(
        _ request: Request, from line: ClientLine
    ) async throws -> HTTPAnswer {
        do throws(LabRefusal) {
            try Self.checkOrigin(request.head, line.address)
        } catch {
            var answer = Self.answer(error)
            answer.closesConnection = true
            return answer
        }
        var body: [UInt8] = []
        for try await buffer in request.body {
            body += buffer.readableBytesView
            guard body.count <= Self.bodyLimitBytes else {
                var answer = Self.answer(LabRefusal(413, "a body may have \(Self.bodyLimitBytes) bytes"))
                answer.closesConnection = true
                return answer
            }
        }
        let target = RequestTarget(request.head)
        let words = target.path.split(separator: "/").map { PercentEncoding.decode($0) }
        let visitor = Visitor(
            method: request.head.method, path: Array(words.dropFirst()), query: QueryItems(parsing: target.query),
            head: request.head, body: body, connection: line.watch)
        do throws(LabRefusal) {
            return words.first == "_aws" ? try answerAlias(visitor) : try await answer(visitor)
        } catch {
            return Self.answer(error)
        }
    }

    /// Refuses who is not of this machine, and web pages that are not of this server.
    static func checkOrigin(_ head: HTTPRequest, _ client: SocketAddress?) throws(LabRefusal) {
        guard let client, isLoopback(client) else {
            throw LabRefusal(403, "the lab's door is open to clients of the server's own machine only")
        }
        if let origin = head.headerFields[.origin], origin != "http://" + (head.authority ?? "") {
            throw LabRefusal(403, "the lab's door is closed to pages of other sites")
        }
    }

    /// Whether an address is of this machine: 127.0.0.0/8, ::1, or the first in the form of the second.
    static func isLoopback(_ address: SocketAddress) -> Bool {
        switch address {
        case .v4: return address.ipAddress?.hasPrefix("127.") ?? false
        case .v6:
            let text = address.ipAddress ?? ""
            return text == "::1" || text.hasPrefix("::ffff:127.")
        case .unixDomainSocket: return true
        }
    }

    private func answer(_ visitor: Visitor) async throws(LabRefusal) -> HTTPAnswer {
        switch (visitor.method, visitor.path.first, visitor.path.count) {
        case (.get, nil, 0): return Self.answer(LabManual.document)
        case (.get, "ui", 1...2): return try Self.page(visitor)
        case (.get, "connection", 1): return answerConnection()
        case (_, "clock", _): return try await answerClock(visitor)
        case (.get, "queues", 1): return answerQueues()
        case (.get, "queues", 3) where visitor.path[2] == "messages": return try answerMessages(visitor)
        case (.get, "objects", 1): return try answerObjects(visitor)
        case (.get, "objects", 2) where visitor.path[1] == "preview": return try await answerPreview(visitor)
        case (.get, "journal", 1): return try await answerJournal(visitor)
        case (_, "faults", _): return try answerFaults(visitor)
        case (.post, "reset", 1):
            try laboratory.reset()
            return Self.answer(["reset": true, "now": .string(laboratory.clock.now().rfc3339)])
        case (_, "snapshots", _): return try answerSnapshots(visitor)
        default:
            throw LabRefusal(
                404,
                "the lab has no \(visitor.method) /_lab/\(visitor.path.joined(separator: "/")); "
                    + "GET /_lab/ lists what it has")
        }
    }

    static func answer(_ document: JSONValue, status: HTTPResponse.Status = .ok) -> HTTPAnswer {
        var head = HTTPResponse(status: status)
        head.headerFields[.contentType] = "application/json"
        head.headerFields[.cacheControl] = "no-store"
        return HTTPAnswer(head, .bytes(Array((document.serialized(.pretty) + "\n").utf8)))
    }

    static func answer(_ refusal: LabRefusal) -> HTTPAnswer {
        answer(["error": .string(refusal.description)], status: .init(code: refusal.status))
    }
}
