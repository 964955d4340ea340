internal import AWSWire
internal import Glibc
internal import JobCore
internal import Offloading

/// The digests of a part of a file, computed on a thread that may block.
struct FileRegion: Sendable, Hashable {
    let md5: [UInt8]
    let sha256: [UInt8]

    /// The size of a regular file in bytes.
    static func size(of path: String) async throws(DependencyError) -> Int64 {
        let result: Result<Int64, DependencyError> = await BlockingWork.run {
            var status = stat()
            guard stat(path, &status) == 0 else { return .failure(unreadable(path, errno)) }
            guard status.st_mode & S_IFMT == S_IFREG else {
                return .failure(
                    DependencyError(
                        .localStorage, operation: "read \(path)", code: "NotAFile",
                        message: "\(path) is not a regular file"))
            }
            return .success(Int64(status.st_size))
        }
        return try result.get()
    }

    /// Reads `length` bytes from `offset` on, in pieces.
    static func digest(_ path: String, offset: Int64, length: Int64) async throws(DependencyError) -> FileRegion {
        let result: Result<FileRegion, DependencyError> = await BlockingWork.run {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return .failure(unreadable(path, errno)) }
            defer { close(descriptor) }
            var md5 = StreamingDigest(.md5)
            var sha256 = StreamingDigest(.sha256)
            var buffer = [UInt8](repeating: 0, count: 256 << 10)
            var done: Int64 = 0
            while done < length {
                let wanted = Int(min(Int64(buffer.count), length - done))
                let count = pread(descriptor, &buffer, wanted, Int(offset + done))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return .failure(unreadable(path, count < 0 ? errno : EIO)) }
                md5.update(buffer[..<count])
                sha256.update(buffer[..<count])
                done += Int64(count)
            }
            return .success(FileRegion(md5: md5.finalize(), sha256: sha256.finalize()))
        }
        return try result.get()
    }

    private static func unreadable(_ path: String, _ number: Int32) -> DependencyError {
        DependencyError(
            .localStorage, operation: "read \(path)", code: "FileUnreadable",
            message: "\(path) cannot be read (errno \(number)); check that it is there and its rights")
    }
}
