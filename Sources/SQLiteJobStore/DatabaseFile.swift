import Glibc
import JobCore

/// Looks at a path before SQLite does, because SQLite says only "unable to open database file".
enum DatabaseFile {
    /// Checks that the file can be read and written, and makes an empty one when there is none.
    static func prepare(_ path: String) throws(JobStoreError) {
        let directory = directory(of: path)
        guard isDirectory(directory) else {
            throw .unreachable(detail: "\(path): the folder \(directory) does not exist; create it")
        }
        try open(path, O_RDWR | O_CREAT)
        // The write-ahead log lies beside the file.
        guard access(directory, W_OK) == 0 else {
            throw .storage(detail: "\(path): the folder \(directory) may not be written (\(message(errno)))")
        }
    }

    /// Checks that the file exists and can be read.
    static func requireReadable(_ path: String) throws(JobStoreError) { try open(path, O_RDONLY) }

    /// The file's size; 0 when there is none.
    static func sizeBytes(_ path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    private static func open(_ path: String, _ flags: Int32) throws(JobStoreError) {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o644)
        guard descriptor < 0 else {
            close(descriptor)
            return
        }
        let code = errno
        let detail = "\(path): \(message(code))"
        switch code {
        case EACCES, EPERM, EROFS, ENOSPC, EDQUOT: throw .storage(detail: detail)
        default: throw .unreachable(detail: detail)
        }
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func message(_ code: Int32) -> String { String(cString: strerror(code)) }
}
