import Foundation

/// One text file of the repository.
struct SourceFile: Sendable {
    /// The path from the repository's root, such as `Sources/JobCore/Model/Timestamp.swift`.
    let path: String
    /// The bytes as they are.
    let text: [UInt8]
    /// The bytes with comments and string literals blanked out, line for line; the text itself where it is no Swift.
    let code: [UInt8]

    /// Takes a file's text.
    init(path: String, text: String) {
        self.path = path
        self.text = Array(text.utf8)
        code = path.hasSuffix(".swift") ? SwiftBlanker(self.text).code : self.text
    }

    /// The lines as they are.
    var lines: [String] { Self.lines(text) }
    /// The lines of ``code``.
    var codeLines: [String] { Self.lines(code) }

    /// Whether a word stands in the text or the code at all; far quicker than to look at each line.
    static func contains(_ word: String, in bytes: [UInt8]) -> Bool {
        Data(bytes).range(of: Data(word.utf8)) != nil
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }
}

/// The files of this repository.
enum SourceTree {
    struct Failure: Error { let reason: String }

    /// The folders whose Swift files are checked.
    static let swiftFolders = ["Sources", "Plugins", "Tests"]

    /// Every Swift file, sorted by path; read once.
    static func swiftFiles() throws -> [SourceFile] { try allSwiftFiles.get() }

    private static let allSwiftFiles = Result { try files(in: swiftFolders) { $0.hasSuffix(".swift") } }

    /// Every text file that names things of this project, sorted by path.
    static func textFiles() throws -> [SourceFile] {
        let endings = [".swift", ".c", ".h", ".md", ".yml", ".py", ".json", ".modulemap"]
        let folders = swiftFolders + ["Scenarios", "Fixtures", ".ci"]
        let inFolders = try files(in: folders) { path in
            endings.contains { path.hasSuffix($0) } || path == ".ci/run"
        }
        let atTop = try ["Package.swift", "Makefile", "README.md", "CHANGELOG.md", ".gitignore"].map { try read($0) }
        return atTop + inFolders
    }

    /// The folder that holds Package.swift.
    static func root() throws -> URL {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) { return folder }
            folder = folder.deletingLastPathComponent()
        }
        throw Failure(reason: "no Package.swift above \(#filePath)")
    }

    private static func files(in folders: [String], where isWanted: (String) -> Bool) throws -> [SourceFile] {
        let root = try root()
        var paths: [String] = []
        for folder in folders {
            let place = root.appending(path: folder).resolvingSymlinksInPath().path
            guard FileManager.default.fileExists(atPath: place) else { continue }
            let names = try FileManager.default.subpathsOfDirectory(atPath: place)
            paths += names.map { "\(folder)/\($0)" }.filter { isWanted($0) && !$0.contains("/.build/") }
        }
        return try paths.sorted().map { try read($0) }
    }

    /// Reads a file; bytes that are no UTF-8, as an example of a broken file has, are replaced.
    private static func read(_ path: String) throws -> SourceFile {
        let bytes = try Data(contentsOf: root().appending(path: path))
        return SourceFile(path: path, text: String(decoding: bytes, as: UTF8.self))
    }
}
