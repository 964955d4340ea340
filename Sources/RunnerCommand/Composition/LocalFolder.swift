import Glibc

/// Folders of this machine and all that is below them.
enum LocalFolder {
    /// A file below a folder, and what tells whether it has changed.
    struct Entry: Hashable, Sendable {
        /// The path below the folder.
        var path: String
        var sizeBytes: Int64
        /// Since 1970.
        var modifiedNanoseconds: Int64
    }

    /// How deep folders may be nested; deeper ones, and loops of links, are an error.
    private static let deepest = 32

    /// All plain files below a folder, sorted by path.
    ///
    /// - Parameters:
    ///   - folder: the folder.
    ///   - skipped: names of folders that are not looked into.
    /// - Returns: the files.
    /// - Throws: ``CommandFailure`` when a folder cannot be read.
    static func entries(
        below folder: String, skipping skipped: Set<String> = []
    ) throws(CommandFailure) -> [Entry] {
        var found: [Entry] = []
        try collect(folder, below: "", skipped, depth: 0, into: &found)
        return found.sorted { $0.path < $1.path }
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) throws(CommandFailure) -> [String] {
        guard let directory = opendir(folder) else {
            throw CommandFailure(
                .unreachable, "cannot read the folder \(folder): \(String(cString: strerror(errno)))",
                next: "Check the path and its permissions.")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// One file by its path; `nil` when there is none.
    static func entry(_ path: String) -> Entry? {
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG else { return nil }
        return entry(path, info)
    }

    /// Removes a file, a link, or a folder with all that is in it; nothing happens when there is none.
    static func remove(_ path: String) throws(CommandFailure) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return }
        let isFolder = info.st_mode & S_IFMT == S_IFDIR
        if isFolder {
            for name in try names(in: path) { try remove(path + "/" + name) }
        }
        guard (isFolder ? rmdir(path) : unlink(path)) == 0 || errno == ENOENT else {
            throw CommandFailure(
                .unreachable, "cannot remove \(path): \(String(cString: strerror(errno)))",
                next: "Check its permissions.")
        }
    }

    private static func entry(_ path: String, _ info: stat) -> Entry {
        let modified = Int64(info.st_mtim.tv_sec) * 1_000_000_000 + Int64(info.st_mtim.tv_nsec)
        return Entry(path: path, sizeBytes: Int64(info.st_size), modifiedNanoseconds: modified)
    }

    private static func collect(
        _ folder: String, below prefix: String, _ skipped: Set<String>, depth: Int,
        into found: inout [Entry]
    ) throws(CommandFailure) {
        guard depth < deepest else {
            throw CommandFailure(.unreachable, "\(folder) is nested more than \(deepest) folders deep")
        }
        for name in try names(in: folder) {
            let path = folder + "/" + name
            var info = stat()
            // A file that has gone since the folder was listed is no file of it any more.
            guard stat(path, &info) == 0 else { continue }
            switch info.st_mode & S_IFMT {
            case S_IFDIR where !skipped.contains(name):
                try collect(path, below: prefix + name + "/", skipped, depth: depth + 1, into: &found)
            case S_IFREG: found.append(entry(prefix + name, info))
            default: break
            }
        }
    }
}
