#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The directory in which one server keeps everything; locked as long as the value lives.
///
/// ```
/// lock            held by the server with flock
/// cloud.sqlite    queues, messages, buckets, objects' records
/// blobs/xx/…      objects' bytes
/// incoming/…      bytes of requests that are not over; emptied at the start
/// ```
final class DataDirectory: Sendable {
    /// The directory.
    let path: String
    /// Whether the directory goes with the server.
    let isTemporary: Bool
    private let lockDescriptor: Int32

    /// Makes the directory when it is not there, and locks it.
    init(path: String, isTemporary: Bool = false) throws(FakeCloudError) {
        self.path = path
        self.isTemporary = isTemporary
        for name in ["", "/blobs", "/incoming"] { try Self.makeDirectory(path + name, root: path) }
        let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .dataDirectoryUnusable(path: path, reason: Self.reason(errno)) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EWOULDBLOCK
                ? .dataDirectoryInUse(path: path) : .dataDirectoryUnusable(path: path, reason: Self.reason(code))
        }
        lockDescriptor = descriptor
    }

    deinit { close(lockDescriptor) }

    private static let temporaryPrefix = "headrace-cloud-"

    /// Makes a directory below the system's temporary one that nobody else uses.
    ///
    /// Those of servers that were killed are removed first.
    static func temporary() throws(FakeCloudError) -> DataDirectory {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        try removeAbandoned(in: base)
        var template = Array((base + "/" + temporaryPrefix + "XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .dataDirectoryUnusable(path: base, reason: Self.reason(errno))
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return try DataDirectory(path: path, isTemporary: true)
    }

    /// A directory is abandoned when nobody holds its lock, which was made more than a minute ago.
    private static func removeAbandoned(in base: String) throws(FakeCloudError) {
        for name in try names(in: base) where name.hasPrefix(temporaryPrefix) {
            let path = base + "/" + name
            let descriptor = open(path + "/lock", O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var facts = stat()
            guard fstat(descriptor, &facts) == 0, facts.st_uid == geteuid(),
                time(nil) - facts.modifiedAtSeconds > 60, flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            // Another server may be removing it too; what stays is tried again at the next start.
            do throws(FakeCloudError) { try removeTree(path) } catch { continue }
        }
    }

    /// Makes one directory; one that is there already is no error.
    static func makeDirectory(_ path: String, root: String) throws(FakeCloudError) {
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw .dataDirectoryUnusable(path: root, reason: reason(errno))
        }
        try makeDirectory(String(path[..<slash]), root: root)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .dataDirectoryUnusable(path: root, reason: reason(errno))
        }
    }

    /// The names in a directory, without `.` and `..`.
    static func names(in path: String) throws(FakeCloudError) -> [String] {
        guard let stream = opendir(path) else { throw .dataDirectoryUnusable(path: path, reason: reason(errno)) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a temporary directory with all that is in it; any other is left alone.
    func removeIfTemporary() throws(FakeCloudError) {
        guard isTemporary else { return }
        try Self.removeTree(path)
    }

    private static func removeTree(_ path: String) throws(FakeCloudError) {
        for name in try names(in: path) {
            let child = path + "/" + name
            if unlink(child) != 0 {
                guard errno == EISDIR || errno == EPERM else {
                    throw .dataDirectoryUnusable(path: child, reason: reason(errno))
                }
                try removeTree(child)
            }
        }
        guard rmdir(path) == 0 else { throw .dataDirectoryUnusable(path: path, reason: reason(errno)) }
    }

    /// The system's sentence for an error number.
    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}

extension stat {
    fileprivate var modifiedAtSeconds: Int {
        #if canImport(Darwin)
            st_mtimespec.tv_sec
        #else
            st_mtim.tv_sec
        #endif
    }
}
