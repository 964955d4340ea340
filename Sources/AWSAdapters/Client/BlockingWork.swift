internal import Dispatch
internal import Glibc

/// Runs work that blocks on threads of its own, so that it never holds one of the few cooperative threads.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "aws-adapters.blocking", attributes: .concurrent)

    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}

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
