import Glibc

/// Small files and directories of this machine, with errors that a command can show.
enum LocalFile {
    /// Makes a directory and those above it; one that exists is fine.
    static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws(CommandFailure) {
        guard !path.isEmpty, path != "/", path != "." else { return }
        if isDirectory(path) { return }
        let parent = directory(of: path)
        if parent != path { try makeDirectory(parent, mode: mode) }
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure("make the directory \(path)") }
        guard isDirectory(path) else {
            throw CommandFailure(.unreachable, "\(path) is not a directory", next: "Choose another directory.")
        }
    }

    /// Whether there is a directory.
    static func isDirectory(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether there is a file.
    static func isFile(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }

    /// Whether there is a file that may be executed.
    static func isExecutable(_ path: String) -> Bool { isFile(path) && access(path, X_OK) == 0 }

    /// The size of a file; `nil` when there is none.
    static func size(_ path: String) -> Int64? {
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(info.st_size)
    }

    /// The bytes that are free for this user where the path is; `nil` when that cannot be told.
    static func freeBytes(_ path: String) -> Int64? {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { return nil }
        return Int64(clamping: UInt64(info.f_bavail) * UInt64(info.f_frsize))
    }

    /// The path without its last component.
    static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last component of the path.
    static func name(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }

    /// The path from the root, seen from the working directory.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let working = getcwd(nil, 0) else { return path }
        defer { free(working) }
        let base = String(cString: working)
        if path == "." { return base }
        let tail = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return base == "/" ? "/" + tail : base + "/" + tail
    }

    /// The name when it is a plain file name that stays in its directory.
    static func safeName(_ name: String) -> String? {
        let isPlain = !name.isEmpty && name != "." && name != ".." && !name.contains("/") && !name.contains("\0")
        return isPlain ? name : nil
    }

    /// Reads a text of at most `limit` bytes; `nil` when there is no file.
    static func read(_ path: String, limit: Int = 1_048_576) throws(CommandFailure) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read \(path)")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = block.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("read \(path)") }
            guard count > 0 else { break }
            bytes += block[..<count]
            guard bytes.count <= limit else {
                throw CommandFailure(.configuration, "\(path) has more than \(limit) bytes")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Writes a text so that readers see the old or the new one, never a part.
    static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(CommandFailure) {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    /// Writes bytes so that readers see the old or the new ones, never a part.
    static func write(_ content: [UInt8], to path: String, mode: mode_t = 0o644) throws(CommandFailure) {
        let partial = "\(path).\(getpid()).partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("write \(path)") }
        var bytes = content[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let reason = failure("write \(path)")
                close(descriptor)
                unlink(partial)
                throw reason
            }
            bytes = bytes.dropFirst(count)
        }
        close(descriptor)
        try rename(partial, to: path)
    }

    /// Gives a file another name in the same file system.
    static func rename(_ path: String, to newPath: String) throws(CommandFailure) {
        guard Glibc.rename(path, newPath) == 0 else { throw failure("rename \(path) to \(newPath)") }
    }

    /// Throws unless files can be made in the directory.
    static func checkWritable(_ directory: String) throws(CommandFailure) {
        let probe = "\(directory)/.headrace-probe-\(getpid())"
        try write("", to: probe, mode: 0o600)
        unlink(probe)
    }

    private static func failure(_ attempt: String) -> CommandFailure {
        let reason = String(cString: strerror(errno))
        return CommandFailure(
            .unreachable, "cannot \(attempt): \(reason)", next: "Check the path, its permissions and the disk space.")
    }
}
