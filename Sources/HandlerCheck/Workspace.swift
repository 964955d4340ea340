import CHostProcess
import Glibc
import Synchronization

/// Why the checker cannot do its own work.
struct WorkspaceFault: Error, CustomStringConvertible {
    var path: String
    var errno: Int32

    var description: String { "the check's own file \(path) cannot be used (errno \(errno))" }
}

/// A folder for everything that runs leave behind; removed with its last user.
final class Workspace: Sendable {
    let folder: String
    private let count = Mutex(0)

    /// Small text that many formats can read: a header, and two rows.
    private static let madeUpText = "id,name,value\n1,first,10\n2,second,20\n"

    /// A file with that text, for handlers that bring no example.
    var madeUpPath: String { folder + "/made-up.csv" }

    /// Makes a folder below a directory for temporary files.
    init(below parent: String) throws(WorkspaceFault) {
        var template = Array((parent + "/headrace-check-XXXXXX").utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw WorkspaceFault(path: parent, errno: errno) }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try Self.write(Array(Self.madeUpText.utf8), to: madeUpPath)
    }

    deinit { Self.removeAll(folder) }

    /// Makes a folder that nobody else uses.
    func fresh() throws(WorkspaceFault) -> String {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let path = "\(folder)/\(number)"
        try make(path)
        return path
    }

    func make(_ path: String) throws(WorkspaceFault) {
        guard unsafe mkdir(path, 0o700) == 0 else { throw WorkspaceFault(path: path, errno: errno) }
    }

    /// Writes a file of the workspace; gives its path.
    func write(_ bytes: [UInt8], named name: String) throws(WorkspaceFault) -> String {
        let path = try fresh() + "/" + name
        try Self.write(bytes, to: path)
        return path
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(WorkspaceFault) {
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw WorkspaceFault(path: path, errno: errno) }
        defer { close(file) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw WorkspaceFault(path: path, errno: errno) }
            rest = rest.dropFirst(written)
        }
    }

    /// The bytes of a file; `nil` when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(file, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: block[..<count])
        }
    }

    private static func removeAll(_ folder: String) {
        // What cannot be removed is left to the system's clean-up.
        _ = unsafe host_remove_tree(AT_FDCWD, folder)
    }
}
