import Foundation
import HTTPTransport
import HTTPTypes
import Testing

@Suite("The libcurl transport")
struct CurlTransportTests {
    private func request(_ server: ScriptedServer, _ method: HTTPRequest.Method = .get, path: String = "/")
        -> TransportRequest
    {
        TransportRequest(
            head: HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:\(server.port)", path: path))
    }

    private func withTransport<Result>(_ body: (CurlTransport) async throws -> Result) async throws -> Result {
        let transport = CurlTransport()
        let result: Result
        do { result = try await body(transport) } catch {
            await transport.shutdown()
            throw error
        }
        await transport.shutdown()
        return result
    }

    private func failure(_ request: TransportRequest) async throws -> TransportError? {
        try await withTransport { transport in
            do throws(TransportError) {
                _ = try await transport.send(request)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test("Method, path, headers and body arrive as they were given")
    func requestOnTheWire() async throws {
        let server = try ScriptedServer { $0.echo() }
        var request = request(server, .post, path: "/a/../b%2Fc?x=1&y")
        request.head.headerFields[.contentType] = "text/x"
        request.head.headerFields[.accept] = ""
        request.body = .bytes(Array("hello".utf8))
        let response = try await withTransport { try await $0.send(request) }
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.hasPrefix("POST /a/../b%2Fc?x=1&y HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(text.contains("Content-Type: text/x\r\n"))
        #expect(text.contains("Content-Length: 5"))
        #expect(!text.contains("Expect"))
        #expect(text.hasSuffix("5 bytes, sum 532"))
        #expect(response.head.status == .ok)
        let twice = try #require(HTTPField.Name("X-Twice"))
        #expect(response.head.headerFields[values: twice] == ["a", "b"])
    }

    @Test(
        "A body-less method announces the body it has",
        arguments: [("POST", true), ("PUT", true), ("GET", false), ("DELETE", false)])
    func emptyBodies(_ method: String, _ hasLength: Bool) async throws {
        let server = try ScriptedServer { $0.echo() }
        let request = request(server, try #require(HTTPRequest.Method(method)))
        let response = try await withTransport { try await $0.send(request) }
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.hasPrefix(method + " / "))
        #expect(text.lowercased().contains("content-length: 0") == hasLength)
        #expect(!text.lowercased().contains("transfer-encoding"))
    }

    @Test("HEAD gives the head of the answer and no body")
    func headMethod() async throws {
        let server = try ScriptedServer { $0.echo() }
        let request = request(server, .head)
        let response = try await withTransport { try await $0.send(request) }
        #expect(response.body.isEmpty)
        #expect(Int(response.head.headerFields[.contentLength] ?? "0") ?? 0 > 20)
    }

    @Test("Requests that follow each other share one connection")
    func reuse() async throws {
        let server = try ScriptedServer { $0.echo() }
        let request = request(server)
        try await withTransport { transport in
            for _ in 0..<20 { _ = try await transport.send(request) }
        }
        #expect(server.connectionCount == 1)
    }

    @Test("Many requests at once all get their own answers")
    func concurrent() async throws {
        let server = try ScriptedServer { $0.echo() }
        let answered = try await withTransport { transport in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    let request = request(server, path: "/\(number)")
                    group.addTask {
                        let response = try await transport.send(request)
                        return String(decoding: response.body, as: UTF8.self).hasPrefix("GET /\(number) ")
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        #expect(answered == 200)
    }

    @Test("A refused port is named")
    func refused() async throws {
        let server = try ScriptedServer { $0.echo() }
        server.stop()
        let found = try await failure(request(server))
        #expect(found == .connectionRefused(host: "127.0.0.1:\(server.port)"))
    }

    @Test("A proxy of the environment is not asked for this machine")
    func proxy() async {
        // A process of its own: the environment cannot be changed while other threads read it.
        await #expect(processExitsWith: .success) {
            setenv("http_proxy", "http://127.0.0.1:1", 1)
            let server = try ScriptedServer { $0.echo() }
            let transport = CurlTransport()
            let head = HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:\(server.port)", path: "/")
            let response = try await transport.send(TransportRequest(head: head))
            await transport.shutdown()
            guard response.head.status == .ok else { throw TransportError.shutDown }
        }
    }

    @Test("A name without an address is named")
    func unknownHost() async throws {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "nobody.invalid", path: "/")
        #expect(try await failure(TransportRequest(head: head)) == .hostNotFound(host: "nobody.invalid"))
    }

    @Test("A reset before the answer is a lost connection")
    func reset() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            connection.reset()
        }
        guard case .connectionLost(let host, _) = try await failure(request(server)) else {
            Issue.record("not a lost connection")
            return
        }
        #expect(host == "127.0.0.1:\(server.port)")
    }

    @Test("An answer that stops in the middle is truncated")
    func truncated() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
        }
        let expected = TransportError.truncated(host: "127.0.0.1:\(server.port)", receivedBytes: 10)
        #expect(try await failure(request(server)) == expected)
    }

    @Test("A reset in the middle of the answer is told with the bytes that came")
    func resetInTheMiddle() async throws {
        let hasReceived = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")
            hasReceived.wait()
            connection.reset()
        }
        var request = request(server)
        request.progress = { _, received in if received == 10 { hasReceived.signal() } }
        let expected = TransportError.truncated(host: "127.0.0.1:\(server.port)", receivedBytes: 10)
        #expect(try await failure(request) == expected)
    }

    @Test("A server that does not answer runs into the limit of the whole exchange")
    func totalTimeout() async throws {
        let server = try ScriptedServer { connection in while connection.read() != nil {} }
        var request = request(server)
        request.timeouts.total = .milliseconds(150)
        #expect(try await failure(request) == .timedOut(host: "127.0.0.1:\(server.port)", phase: .total))
    }

    @Test("A body that stands still runs into the limit of stalling")
    func stall() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123")
            while connection.read() != nil {}
        }
        var request = request(server)
        request.timeouts = TransportTimeouts(total: nil, stall: .seconds(1))
        #expect(try await failure(request) == .timedOut(host: "127.0.0.1:\(server.port)", phase: .stall))
    }

    @Test("What is not HTTP is called so")
    func notHTTP() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            connection.write("220 mail.example ESMTP\r\n")
        }
        guard case .notHTTP = try await failure(request(server)) else {
            Issue.record("taken for HTTP")
            return
        }
    }

    @Test("An answer longer than the limit is refused before it fills memory")
    func tooLarge() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            connection.write([UInt8](repeating: 0, count: 1_000_000))
        }
        var request = request(server)
        request.sink = .memory(limitBytes: 1000)
        #expect(
            try await failure(request) == .responseTooLarge(host: "127.0.0.1:\(server.port)", limitBytes: 1000))
    }

    @Test("A cancelled task ends its exchange at once")
    func cancelled() async throws {
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            arrival.yield()
            while connection.read() != nil {}
        }
        let request = request(server)
        let transport = CurlTransport()
        let task = Task { () -> TransportError? in
            do throws(TransportError) {
                _ = try await transport.send(request)
                return nil
            } catch { return error }
        }
        for await _ in arrived { break }
        task.cancel()
        #expect(await task.value == .cancelled(host: "127.0.0.1:\(server.port)"))
        await transport.shutdown()
    }

    @Test("Shutting down ends what runs and refuses what comes")
    func shutdown() async throws {
        let (arrived, arrival) = AsyncStream.makeStream(of: Void.self)
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            arrival.yield()
            while connection.read() != nil {}
        }
        let request = request(server)
        let transport = CurlTransport()
        async let running = Result { () async throws(TransportError) in try await transport.send(request) }
        for await _ in arrived { break }
        await transport.shutdown()
        await transport.shutdown()
        let outcome = await running
        #expect(throws: TransportError.shutDown) { try outcome.get() }
        await #expect(throws: TransportError.shutDown) { try await transport.send(request) }
    }

    @Test("A request that cannot be sent is refused with the reason", arguments: ["/ä", "/a b", "a"])
    func invalid(_ path: String) async throws {
        let head = HTTPRequest(method: .get, scheme: "http", authority: "127.0.0.1:1", path: path)
        guard case .invalidRequest = try await failure(TransportRequest(head: head)) else {
            Issue.record("sent")
            return
        }
    }
}

extension Result where Success: Sendable {
    /// Catches what an asynchronous call throws.
    init(_ body: () async throws(Failure) -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
