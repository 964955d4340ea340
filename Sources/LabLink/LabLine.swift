internal import Glibc
internal import LabProtocol

/// Why this process cannot take part in the lab's world.
package struct LabLinkError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected and what was found.
    package let description: String

    init(_ description: String) { self.description = description }
}

/// The line to the lab: blocking reads and writes of text lines on a Unix-domain socket of this machine.
///
/// Used by one thread at a time.
// SAFETY: the thread that joins hands it to the world's thread before that starts; nobody else has it.
final class LabLine: @unchecked Sendable {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects to a socket.
    init(path: String) throws(LabLinkError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.hasPrefix("/"), bytes.count < room else {
            throw LabLinkError(
                "\(LabWire.variable) must hold the absolute path of a Unix-domain socket of less than \(room) bytes, "
                    + "found \"\(path)\"")
        }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw LabLinkError("no socket for the lab (errno \(errno))") }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, length)
            }
        }
        guard status == 0 else {
            let reason = errno
            close(descriptor)
            throw LabLinkError("nobody answers at \(path), which \(LabWire.variable) names (errno \(reason))")
        }
    }

    deinit { close(descriptor) }

    /// Sends a line.
    func send(_ line: String) throws(LabLinkError) {
        let bytes = Array((line + "\n").utf8)
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress?.advanced(by: start), bytes.count - start, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                start += count
            } else if errno != EINTR {
                throw LabLinkError("the lab is gone (errno \(errno))")
            }
        }
    }

    /// Waits for a line.
    func receive() throws(LabLinkError) -> String {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeFirst(end + 1) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            guard received.count <= LabWire.lineLimitBytes else { throw LabLinkError("a line of the lab is too long") }
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            if count > 0 {
                received += buffer[..<count]
            } else if count == 0 || errno != EINTR {
                throw LabLinkError("the lab is gone")
            }
        }
    }
}
