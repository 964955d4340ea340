/// The files of a handler with their SHA-256, as `sha256sum` writes and checks them: the text that is signed.
///
/// UTF-8, one line per file, `DIGEST  PATH`, sorted by the bytes of the path.
package struct DigestList: Sendable, Hashable {
    /// The list's name in a handler's folder.
    package static let fileName = "handler.sha256"

    /// Path below the handler's folder to digest.
    package private(set) var digests: [String: String] = [:]

    /// Takes digests by path.
    package init(_ digests: [String: String]) { self.digests = digests }

    /// Reads a list.
    ///
    /// - Throws: the number of the line that is not as it should be, and why.
    package init(parsing bytes: [UInt8]) throws(FileFault) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw FileFault(reason: "is not UTF-8") }
        for (number, line) in text.split(separator: "\n").enumerated() {
            let digest = String(line.prefix(64))
            let path = String(line.dropFirst(66))
            guard TextForms.isSHA256(digest), line.dropFirst(64).hasPrefix("  "), TextForms.isRelativePath(path) else {
                throw FileFault(reason: "has a line \(number + 1) that is not a digest, two spaces and a path")
            }
            guard digests.updateValue(digest, forKey: path) == nil else {
                throw FileFault(reason: "names \(path) twice")
            }
        }
    }

    /// The list's text.
    package var text: [UInt8] {
        let paths = digests.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return paths.flatMap { path in Array("\(digests[path] ?? "")  \(path)\n".utf8) }
    }

    /// How a folder's files differ from the list, in words; `nil` when they do not.
    func difference(from found: [String: String]) -> String? {
        let paths = Set(digests.keys).union(found.keys).sorted()
        for path in paths {
            switch (digests[path], found[path]) {
            case (let listed?, let actual?) where listed != actual:
                return "\(path) was altered after the handler was signed: its SHA-256 is \(actual), "
                    + "the list says \(listed)"
            case (_?, nil): return "\(path) was removed after the handler was signed"
            case (nil, _?): return "\(path) was added after the handler was signed"
            default: continue
            }
        }
        return nil
    }
}
