import Foundation
import Glibc
import Synchronization

/// A server on 127.0.0.1 that treats each connection as its script says, on a thread of its own.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let accepted = Mutex(0)

    /// How many connections have come in.
    var connectionCount: Int { accepted.withLock { $0 } }

    init(_ script: @escaping @Sendable (Connection) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                accepted.withLock { $0 += 1 }
                var isOn: Int32 = 1
                setsockopt(
                    descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
                Thread.detachNewThread {
                    script(Connection(descriptor: descriptor))
                    close(descriptor)
                }
            }
        }
    }

    /// Stops to listen; the port then refuses connections.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }
}

/// One connection, as a script sees it.
struct Connection: Sendable {
    let descriptor: Int32

    /// The request's head as text, with the first bytes of the body; `nil` at the end of the connection.
    func readHead() -> (head: String, rest: [UInt8])? {
        var received: [UInt8] = []
        while true {
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                return (
                    String(decoding: received[..<end.lowerBound], as: UTF8.self), Array(received[end.upperBound...])
                )
            }
            guard let more = read() else { return nil }
            received += more
        }
    }

    /// Whatever has come; `nil` at the end of the connection.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            done += count
        }
    }

    /// Ends the connection with a reset instead of a farewell.
    func reset() {
        var setting = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &setting, socklen_t(MemoryLayout<linger>.size))
    }

    /// Answers each request of the connection with its own head and the number of body bytes, as text.
    func echo() {
        while let (head, rest) = readHead() {
            let lengthLine = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            let length = lengthLine.flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) } ?? 0
            var received = rest.count
            var sum = rest.reduce(0) { $0 &+ Int($1) }
            while received < length, let more = read() {
                received += more.count
                sum = more.reduce(sum) { $0 &+ Int($1) }
            }
            let answer = head + "\n\(received) bytes, sum \(sum)"
            let isHead = head.hasPrefix("HEAD")
            write("HTTP/1.1 200 OK\r\nContent-Length: \(answer.utf8.count)\r\nX-Twice: a\r\nX-Twice: b\r\n\r\n")
            if !isHead { write(answer) }
        }
    }
}
