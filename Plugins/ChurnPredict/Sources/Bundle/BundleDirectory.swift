import Glibc

/// The folder that holds model bundles, one folder per version, named `ID-VERSION`.
struct BundleDirectory: Sendable {
    /// The largest file that is read, in bytes.
    static let maximumFileBytes = 64 << 20

    let path: String

    /// The path of the bundle that `name` means: `telco-v1@1.0.0`, or `telco-v1` for its latest version.
    ///
    /// - Throws: `BundleDefect.notFound`, or `.unreadable` when the folder cannot be listed.
    func bundle(named name: String) throws(BundleDefect) -> String {
        let bundles = try list()
        let parts = name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let matches = bundles.filter { bundle in
            bundle.id == parts[0] && (parts.count == 1 || bundle.version.description == parts[1])
        }
        guard let best = matches.max(by: { $0.version < $1.version }) else {
            let names = bundles.map { "\($0.id)@\($0.version)" }
            throw .notFound(name: name, available: names.sorted())
        }
        return "\(path)/\(best.id)-\(best.version)"
    }

    private func list() throws(BundleDefect) -> [(id: String, version: BundleVersion)] {
        guard let directory = unsafe opendir(path) else {
            throw .unreadable(file: path, reason: unsafe String(cString: strerror(errno)))
        }
        defer { unsafe closedir(directory) }
        var result: [(id: String, version: BundleVersion)] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
                unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            guard let dash = name.lastIndex(of: "-"), let version = BundleVersion(name[name.index(after: dash)...])
            else {
                continue
            }
            result.append((String(name[..<dash]), version))
        }
        return result
    }

    /// The bytes of a file.
    static func read(_ path: String) throws(BundleDefect) -> [UInt8] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .unreadable(file: path, reason: unsafe String(cString: strerror(errno))) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 128 << 10)
        while true {
            let count = unsafe block.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(file: path, reason: unsafe String(cString: strerror(errno))) }
            guard count > 0 else { return bytes }
            bytes += block[..<count]
            guard bytes.count <= maximumFileBytes else {
                throw .unreadable(file: path, reason: "it is larger than \(maximumFileBytes) bytes")
            }
        }
    }
}

/// A bundle version, `major.minor.patch`.
struct BundleVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    let numbers: [Int]

    /// Reads three numbers between dots; nil for anything else.
    init?(_ text: Substring) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { part in
            part.allSatisfy { $0.isASCII && $0.isNumber } ? Int(part) : nil
        }
        guard numbers.count == 3, !numbers.contains(nil) else { return nil }
        self.numbers = numbers.compactMap { $0 }
    }

    var description: String { numbers.map(String.init).joined(separator: ".") }

    static func < (left: Self, right: Self) -> Bool { left.numbers.lexicographicallyPrecedes(right.numbers) }
}
