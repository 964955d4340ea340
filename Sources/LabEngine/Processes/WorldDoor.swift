internal import CLabProcess
internal import Glibc
internal import LabProtocol
internal import Synchronization

/// Where the processes of a world come in: a Unix-domain socket that only this user can open.
final class WorldDoor: Sendable {
    /// The socket's path.
    let path: String
    private let descriptor: Int32

    /// Opens the door.
    ///
    /// - Parameters:
    ///   - path: where; short enough for a socket's address, in a folder that exists.
    ///   - listener: told of everything that comes in, on threads of the door.
    /// - Throws: `LabFailure` when the socket cannot be made.
    init(path: String, listener: any ProcessLine.Listener) throws(LabFailure) {
        self.path = path
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw LabFailure("the path of the lab's socket is too long: \(path)", next: "Set TMPDIR to a short path.")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard descriptor >= 0, status == 0, chmod(path, 0o600) == 0, listen(descriptor, 64) == 0 else {
            let reason = errno
            if descriptor >= 0 { Glibc.close(descriptor) }
            throw LabFailure("the lab's socket \(path) cannot be opened (errno \(reason))")
        }
        let failed = LabThread.start {
            while true {
                let connection = lab_accept(descriptor)
                guard connection >= 0 else { return }
                let line = ProcessLine(descriptor: connection)
                if LabThread.start({ line.listen(listener) }) != 0 { return }
            }
        }
        guard failed == 0 else { throw LabFailure("no thread for the lab's socket (errno \(failed))") }
    }

    /// Lets nobody in any more.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
        unlink(path)
    }
}

/// Why the lab itself cannot go on; never the fault of what it tests.
package struct LabFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence.
    package let message: String
    /// What to do.
    package let next: String?

    /// Makes a failure.
    package init(_ message: String, next: String? = nil) {
        self.message = message
        self.next = next
    }

    /// The sentence and what to do.
    package var description: String { next.map { "\(message); \($0)" } ?? message }
}
