import JobCore
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A fresh directory for one run: `in/` for inputs, `out/` for what the handler writes.
struct ScratchDirectory {
    /// The directory.
    let path: String

    var outputPath: String { path + "/out" }

    func inputPath(_ name: String) -> String { path + "/in/" + name.fileNameSafe }

    /// Makes the directory; one that a vanished run left under the same name is emptied first.
    init(below parent: String, name: String) throws(DependencyError) {
        path = "\(parent)/\(name)-\(getpid())-\(Self.next())"
        for directory in [path, path + "/in", outputPath] where mkdir(directory, 0o700) != 0 {
            throw Self.error("mkdir \(directory)")
        }
    }

    /// Removes the directory and everything in it.
    ///
    /// - Returns: what went wrong, or `nil`.
    func remove() -> String? { Self.removeTree(path) }

    private static let counter = Atomic<Int>(0)

    private static func next() -> Int { counter.add(1, ordering: .relaxed).newValue }

    private static func error(_ operation: String) -> DependencyError {
        let code = errno
        return DependencyError(
            .localStorage, operation: operation, code: code == ENOSPC ? "disk-full" : "errno-\(code)",
            message: "\(String(cString: strerror(code))); free space or point scratch.directory elsewhere")
    }

    private static func removeTree(_ path: String) -> String? {
        guard let directory = opendir(path) else { return errno == ENOENT ? nil : failure(path) }
        defer { closedir(directory) }
        var fault: String?
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            let child = path + "/" + name
            let isDirectory = entry.pointee.d_type == UInt8(DT_DIR)
            if isDirectory { fault = removeTree(child) ?? fault } else if unlink(child) != 0 { fault = failure(child) }
        }
        return rmdir(path) == 0 ? fault : failure(path)
    }

    private static func failure(_ path: String) -> String { "\(path): \(String(cString: strerror(errno)))" }
}

extension String {
    /// The text with everything but letters, digits, `.`, `_` and `-` replaced, and never a dot alone.
    var fileNameSafe: String {
        let safe = map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }
        return safe.allSatisfy { $0 == "." } ? "_" : String(safe)
    }
}
