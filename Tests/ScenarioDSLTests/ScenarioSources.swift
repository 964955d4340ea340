import Foundation

@testable import ScenarioDSL

/// The files that tests of this target read.
enum ScenarioSources {
    struct Failure: Error { let reason: String }

    /// The folder that holds Package.swift.
    static func root() throws -> URL {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) { return folder }
            folder = folder.deletingLastPathComponent()
        }
        throw Failure(reason: "no Package.swift above \(#filePath)")
    }

    /// The names of the files of a folder with an ending, sorted.
    static func names(in folder: String, ending: String) throws -> [String] {
        let place = try root().appending(path: folder).resolvingSymlinksInPath()
        return try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(ending) }.sorted()
    }

    /// The bytes of a file of the repository.
    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: root().appending(path: path))) }

    /// The text of a file of the repository.
    static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    /// A scenario with everything that must be there, and more lines.
    static func scenario(_ lines: String, setup: String = "{}") -> String {
        "lab: 1\nname: a test\nwhy: it is tested\nsetup: \(setup)\ninvariants: [no_lost_jobs]\n" + lines
    }

    /// What is wrong with a text.
    static func diagnostics(_ text: String) -> [Diagnostic] {
        ScenarioParser.parse(Array(text.utf8), path: "s.yml").diagnostics
    }
}
