import Foundation
import HTTPTransport
import HTTPTypes
import Synchronization
import Testing

@Suite("The libcurl transport: files")
struct FileTransferTests {
    private func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appending(path: "headrace-transport-\(UUID())").path()
    }

    private func request(_ server: ScriptedServer, _ method: HTTPRequest.Method) -> TransportRequest {
        TransportRequest(
            head: HTTPRequest(method: method, scheme: "http", authority: "127.0.0.1:\(server.port)", path: "/f"),
            timeouts: TransportTimeouts(total: nil, stall: .seconds(10)))
    }

    @Test("A region of a file is sent, and only that")
    func uploadRegion() async throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0) }).write(to: URL(filePath: path))
        let server = try ScriptedServer { $0.echo() }
        var request = request(server, .put)
        request.body = .file(path: path, offset: 256, length: 256 * 1000)
        let transport = CurlTransport()
        let response = try await transport.send(request)
        await transport.shutdown()
        #expect(String(decoding: response.body, as: UTF8.self).hasSuffix("256000 bytes, sum \(1000 * 255 * 128)"))
    }

    @Test("A file that is shorter than announced ends the exchange")
    func shortFile() async throws {
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(count: 10).write(to: URL(filePath: path))
        let server = try ScriptedServer { $0.echo() }
        var request = request(server, .put)
        request.body = .file(path: path, offset: 0, length: 20)
        let transport = CurlTransport()
        await #expect(throws: TransportError.fileUnreadable(path: path, errno: 0)) { try await transport.send(request) }
        await transport.shutdown()
    }

    @Test("A file that is not there is named with errno")
    func missingFile() async throws {
        let server = try ScriptedServer { $0.echo() }
        var request = request(server, .put)
        request.body = .file(path: "/nonexistent/f", offset: 0, length: 1)
        let transport = CurlTransport()
        await #expect(throws: TransportError.fileUnreadable(path: "/nonexistent/f", errno: 2)) {
            try await transport.send(request)
        }
        await transport.shutdown()
    }

    @Test("A body goes to a file piece by piece, with its progress told and its bytes shown")
    func download() async throws {
        let megabytes = 64
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(megabytes << 20)\r\n\r\n")
            for number in 0..<megabytes {
                connection.write([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 1 << 20))
            }
        }
        let path = temporaryPath()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let counter = ByteCounter()
        let last = Mutex<Int64>(0)
        var request = request(server, .get)
        request.sink = .file(path: path)
        request.observer = counter
        request.progress = { _, received in last.withLock { $0 = max($0, received) } }
        let transport = CurlTransport()
        let response = try await transport.send(request)
        await transport.shutdown()
        #expect(response.body.isEmpty)
        #expect(response.bodyByteCount == Int64(megabytes << 20))
        #expect(counter.largestPiece.withLock { $0 } <= 1 << 20)
        #expect(counter.total.withLock { $0 } == megabytes << 20)
        #expect(last.withLock { $0 } > 0)
        let stored = try FileHandle(forReadingFrom: URL(filePath: path))
        defer { try? stored.close() }
        #expect(try stored.seekToEnd() == UInt64(megabytes << 20))
        try stored.seek(toOffset: UInt64(megabytes - 1) << 20)
        #expect(try stored.read(upToCount: 1) == Data([UInt8(megabytes - 1)]))
    }

    @Test("The body of an error goes to memory and leaves the file alone")
    func errorBody() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            connection.write("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone")
        }
        let path = temporaryPath()
        var request = request(server, .get)
        request.sink = .file(path: path)
        let transport = CurlTransport()
        let response = try await transport.send(request)
        await transport.shutdown()
        #expect(response.head.status == .notFound)
        #expect(String(decoding: response.body, as: UTF8.self) == "gone")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("A full disk is told with errno and the path")
    func fullDisk() async throws {
        let server = try ScriptedServer { $0.echo() }
        var request = request(server, .get)
        request.sink = .file(path: "/dev/full")
        let transport = CurlTransport()
        await #expect(throws: TransportError.fileUnwritable(path: "/dev/full", errno: 28)) {
            try await transport.send(request)
        }
        await transport.shutdown()
    }

    @Test("Neither descriptors nor threads are left behind")
    func noLeaks() async throws {
        let server = try ScriptedServer { $0.echo() }
        server.stop()
        let transportThreads = { () throws -> Int in
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").filter {
                (try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)) == "leak-check\n"
            }.count
        }
        for _ in 0..<3 {
            let transport = CurlTransport(threadName: "leak-check")
            let request = request(server, .get)
            await #expect(throws: TransportError.self) { try await transport.send(request) }
            #expect(try transportThreads() == 1)
            await transport.shutdown()
        }
        var patience = 1000
        while try transportThreads() > 0, patience > 0 {
            patience -= 1
            await Task.yield()
        }
        #expect(try transportThreads() == 0)
    }
}

private final class ByteCounter: ResponseBodyObserver {
    let total = Mutex(0)
    let largestPiece = Mutex(0)

    func received(_ bytes: UnsafeRawBufferPointer) {
        total.withLock { $0 += bytes.count }
        largestPiece.withLock { $0 = max($0, bytes.count) }
    }
}
