import CHostProcess
import Glibc

/// Why a file cannot be read; completes a sentence that begins with its path.
package struct FileFault: Error, Hashable {
    package var reason: String

    /// Gives the reason.
    package init(reason: String) { self.reason = reason }
}

/// Reads whole files of bounded size.
enum FileReader {
    static func read(path: String, limit: Int) throws(FileFault) -> [UInt8] {
        // Without O_NONBLOCK a pipe under the name would block for ever.
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw FileFault(reason: "cannot be opened (errno \(errno))") }
        defer { DescriptorCloser.close(file) }
        return try read(file, limit: limit)
    }

    static func read(_ file: Int32, limit: Int) throws(FileFault) -> [UInt8] {
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw FileFault(reason: "cannot be examined (errno \(errno))") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileFault(reason: "is not a regular file") }
        guard status.st_size <= limit else {
            throw FileFault(reason: "has \(status.st_size) bytes, more than \(limit)")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(file, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done, off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileFault(reason: "cannot be read (errno \(errno))") }
            guard count > 0 else { break }
            done += count
        }
        return Array(bytes[..<done])
    }
}
