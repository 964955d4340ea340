import Glibc

/// The files below a folder.
package enum FolderListing {
    /// One file.
    package struct Entry: Sendable, Hashable {
        /// Relative to the folder.
        package var path: String
        package var sizeBytes: Int64
        /// What changes whenever the file does: inode, and the times of content and of inode in nanoseconds.
        package var inode: UInt64
        package var modified: Int64
        package var changed: Int64
        /// Whether it is a link, which a package may not hold.
        package var isLink: Bool
    }

    /// The most files of a handler.
    package static let fileLimit = 20_000
    private static let depthLimit = 32

    /// Names in a directory, without `.` and `..`, sorted by bytes.
    package static func names(_ path: String) throws(FileFault) -> [String] {
        guard let directory = unsafe opendir(path) else { throw FileFault(reason: "cannot be read (errno \(errno))") }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// All files below a folder, sorted by path; links stand for what they lead to.
    package static func entries(of folder: String) throws(FileFault) -> [Entry] {
        var found: [Entry] = []
        try collect(folder, prefix: "", depth: 0, into: &found)
        return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// The folders directly below a folder; none where it cannot be read.
    static func subfolders(of folder: String) -> [String] {
        let names: [String]
        do throws(FileFault) {
            names = try Self.names(folder)
        } catch {
            return []
        }
        return names.map { folder + "/" + $0 }.filter { path in
            var status = stat()
            return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }
    }

    private static func collect(
        _ folder: String, prefix: String, depth: Int, into found: inout [Entry]
    ) throws(FileFault) {
        guard depth < depthLimit else { throw FileFault(reason: "is nested deeper than \(depthLimit) folders") }
        for name in try names(folder) {
            let path = folder + "/" + name
            var (status, target) = (stat(), stat())
            guard unsafe lstat(path, &status) == 0 else {
                // A file that went away while the folder was read is not there.
                if errno == ENOENT { continue }
                throw FileFault(reason: "holds \(prefix)\(name), which cannot be examined (errno \(errno))")
            }
            let isLink = status.st_mode & S_IFMT == S_IFLNK
            target = status
            if isLink, unsafe stat(path, &target) != 0 { continue }
            switch target.st_mode & S_IFMT {
            case S_IFDIR:
                try collect(path, prefix: prefix + name + "/", depth: depth + 1, into: &found)
            case S_IFREG:
                guard found.count < fileLimit else { throw FileFault(reason: "holds more than \(fileLimit) files") }
                found.append(
                    Entry(
                        path: prefix + name, sizeBytes: Int64(target.st_size), inode: UInt64(target.st_ino),
                        modified: nanoseconds(target.st_mtim), changed: nanoseconds(target.st_ctim), isLink: isLink))
            default: throw FileFault(reason: "holds \(prefix)\(name), which is neither file nor folder")
            }
        }
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
