internal import Glibc

/// Reads small files whole.
enum SmallFile {
    struct Failure: Error, Hashable {
        let errno: Int32
    }

    /// The bytes of a file; a longer one fails with `EFBIG`.
    static func read(_ path: String, limitBytes: Int) -> Result<[UInt8], Failure> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(Failure(errno: errno)) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .failure(Failure(errno: errno)) }
            guard count > 0 else { return .success(bytes) }
            bytes += buffer[..<count]
            guard bytes.count <= limitBytes else { return .failure(Failure(errno: EFBIG)) }
        }
    }
}
