import Foundation
import Testing

@testable import LabCommand

@Suite("Commands about scenario files")
struct ScenarioCommandTests {
    /// A folder of its own for a test, and what is in it.
    private struct Folder: ~Copyable {
        let path: String

        init(_ files: [String: String]) throws {
            let place = FileManager.default.temporaryDirectory.appending(path: "lab-\(UUID().uuidString)")
            path = place.path
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (name, text) in files {
                let file = place.appending(path: name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
        }

        deinit {
            do {
                try FileManager.default.removeItem(atPath: path)
            } catch {
                Issue.record("\(path) cannot be removed: \(error)")
            }
        }
    }

    private static let valid = """
        lab: 1
        name: nothing gets lost
        why: it is what the runner is for
        matrix: {n: [1, 2]}
        setup: {queue: {name: jobs}, runners: {count: "${matrix.n}", handlers: [csv-validate]}}
        steps: [{send: {job: j1, handler: csv-validate}}]
        invariants: [no_lost_jobs]
        """
    private static let warned = valid.replacing("why: it is what the runner is for\n", with: "")
    private static let broken = valid.replacing("no_lost_jobs", with: "no_lost_job")

    private func run(_ arguments: String...) async -> Int32 { await LabProgram.run(arguments) }

    @Test("Valid files are exit code 0, files with warnings as well unless they are errors")
    func valid() async throws {
        let folder = try Folder(["a.yml": Self.valid, "b.yml": Self.warned])
        #expect(await run("validate", folder.path) == 0)
        #expect(await run("validate", "--strict", folder.path + "/a.yml") == 0)
        #expect(await run("validate", "--strict", folder.path) == 2)
    }

    @Test("One broken file is exit code 2 in every format", arguments: ["text", "json", "sarif", "github"])
    func broken(format: String) async throws {
        let folder = try Folder(["a.yml": Self.valid, "deep/b.yaml": Self.broken])
        #expect(await run("validate", "--format", format, folder.path) == 2)
        #expect(await run("validate", "--format", format, folder.path + "/a.yml") == 0)
        #expect(await run("list", folder.path) == 2)
    }

    @Test("What is not there, and folders without scenarios, are exit code 2")
    func missing() async throws {
        let folder = try Folder(["lab.yml": "defaults: 1", "notes.txt": "no scenario"])
        #expect(await run("validate", folder.path + "/nowhere.yml") == 2)
        #expect(await run("validate", folder.path) == 2)
        #expect(await run("list", folder.path) == 2)
    }

    @Test("Files of a folder come sorted, hidden folders and defaults left out")
    func paths() throws {
        let folder = try Folder(["b.yml": "", "a/c.yaml": "", ".lab/runs/x.yml": "", "lab.yml": "", "a.json": ""])
        let found = try ScenarioPaths([folder.path]).files
        #expect(found == ["\(folder.path)/a/c.yaml", "\(folder.path)/b.yml"])
    }

    @Test("A link to a folder is as good as the folder")
    func link() throws {
        let folder = try Folder(["real/a.yml": ""])
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: folder.path + "/real")
        #expect(try ScenarioPaths([folder.path + "/link"]).files == ["\(folder.path)/link/a.yml"])
    }

    @Test("The schema, the reference and explanations are there; what is unknown is a usage error")
    func language() async throws {
        let folder = try Folder(["a.yml": Self.valid])
        #expect(await run("schema") == 0)
        #expect(await run("schema", "--reference") == 0)
        #expect(await run("explain") == 0)
        #expect(await run("explain", "lab102") == 0)
        #expect(await run("explain", "effect_onc") == 6)
        #expect(await run("list", "--cells", folder.path) == 0)
        #expect(await run("list", "--json", "--tag", "nightly", folder.path) == 0)
        #expect(await run("validate", "--format", "xml", folder.path) == 6)
    }
}
