import AWSWire
import Glibc
import HTTPTypes
import JobCore
import NIOPosix
import PureJSON

/// One HTTP/1.1 connection that sends what a test writes and shows what comes back, byte for byte.
///
/// The calls block a thread of the tests' own pool.
final class RawClient: Sendable {
    struct Reply: Sendable {
        /// Statuses of interim answers, such as 100.
        var interim: [Int] = []
        var status = 0
        var fields: [String: String] = [:]
        var body: [UInt8] = []

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    enum Failure: Error { case system(Int32), closed, malformed(String) }

    static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 8)
        pool.start()
        return pool
    }()

    private let descriptor: Int32

    init(endpoint: String) throws {
        let port = UInt16(endpoint.split(separator: ":").last ?? "") ?? 0
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.system(errno) }
    }

    deinit { close(descriptor) }

    /// Ends the connection from this side, as a client that dies does.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let rest = Array(bytes[sent...])
            let count = send(descriptor, rest, rest.count, Int32(truncatingIfNeeded: MSG_NOSIGNAL))
            guard count > 0 else { throw Failure.system(errno) }
            sent += count
        }
    }

    /// Reads one final answer, and interim ones before it; stops at the first interim one when asked to.
    func read(stopAtInterim: Bool = false, isHead: Bool = false) throws -> Reply {
        var reply = Reply()
        while true {
            try readHead(&reply)
            guard (100..<200).contains(reply.status) else { break }
            reply.interim.append(reply.status)
            if stopAtInterim { return reply }
        }
        let count = isHead || [204, 304].contains(reply.status) ? 0 : Int(reply.fields["content-length"] ?? "0") ?? 0
        while reply.body.count < count { reply.body += try take(count - reply.body.count) }
        return reply
    }

    /// Whether the server has ended the connection.
    func isClosed() -> Bool { (try? take(1)) == nil }

    /// All that comes until the server ends the connection, and the system's error if that was no orderly end.
    func readToEnd() -> (text: String, error: Int32?) {
        var bytes: [UInt8] = []
        while true {
            do {
                bytes += try take(65_536)
            } catch Failure.system(let error) {
                return (String(decoding: bytes, as: UTF8.self), error)
            } catch {
                return (String(decoding: bytes, as: UTF8.self), nil)
            }
        }
    }

    private func readHead(_ reply: inout Reply) throws {
        var bytes: [UInt8] = []
        while !bytes.suffix(4).elementsEqual("\r\n\r\n".utf8) { bytes += try take(1) }
        let lines = String(decoding: bytes.dropLast(4), as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure.malformed(String(lines.first ?? ""))
        }
        reply.status = status
        reply.fields = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { throw Failure.malformed(String(line)) }
            reply.fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = recv(descriptor, &bytes, count, 0)
        guard got != 0 else { throw Failure.closed }
        guard got > 0 else { throw Failure.system(errno) }
        return Array(bytes.prefix(got))
    }
}
