import Foundation
import HandlerScaffold
import JobCore
import JobTestKit
import Synchronization
import Testing

@testable import RunnerCommand

@Suite("Projects of handlers on disk")
struct HandlerProjectCommandTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// A folder as `make release` puts it beside the executable.
    private func sdk() throws -> SDKFolder {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        let path = folder.path + "/bin/sdk"
        try LocalFile.makeDirectory(path + "/include")
        let links = [
            ("Plugins/Template", "templates"), ("Sources/CHandlerABI/include/handler_abi.h", "include/handler_abi.h"),
        ]
        for (source, target) in links {
            try FileManager.default.createSymbolicLink(
                atPath: path + "/" + target, withDestinationPath: root + "/" + source)
        }
        return try SDKFolder.beside(folder.path + "/bin")
    }

    private func project() throws -> HandlerProject {
        try sdk().project(try #require(HandlerProjectName("row-count")), .c, sdk: .folder("/opt/sdk"))
    }

    @Test("A project is written whole into a folder that did not exist or was empty")
    func written() throws {
        let project = try project()
        let empty = folder.path + "/empty"
        try LocalFile.makeDirectory(empty)
        for target in [folder.path + "/a/b/row-count", empty] {
            try ProjectWriter.write(project, to: target)
            #expect(try LocalFolder.entries(below: target).map(\.path) == project.files.map(\.path).sorted())
            #expect(try LocalFile.read(target + "/row_count.c")?.contains("\"row-count\"") == true)
        }
    }

    @Test("Nothing is overwritten")
    func refused() throws {
        let target = folder.path + "/full"
        try LocalFile.makeDirectory(target)
        try LocalFile.write("mine", to: target + "/notes.txt")
        let project = try project()
        let failure = #expect(throws: CommandFailure.self) { try ProjectWriter.write(project, to: target) }
        #expect(failure?.status == .usage)
        #expect(failure?.message == "\(target) is not empty, and nothing in it is overwritten")
        #expect(try LocalFolder.entries(below: target).map(\.path) == ["notes.txt"])
    }

    @Test("Without the SDK beside the executable the error says how to get it")
    func noSDK() {
        let failure = #expect(throws: CommandFailure.self) { try SDKFolder.beside("/nowhere") }
        #expect(failure?.status == .configuration)
        #expect(failure?.nextStep?.contains("make release") == true)
    }

    @Test("Words that a shell would take apart are quoted")
    func quoted() {
        #expect(ShellText.quoted("row-count") == "row-count")
        #expect(ShellText.quoted("../a b") == "'../a b'")
        #expect(ShellText.quoted("it's") == "'it'\\''s'")
        #expect(ShellText.quoted("") == "''")
    }
}

@Suite("Watching a project")
struct ProjectWatchTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test("Sources and inputs count, what builds and runs write does not")
    func state() throws {
        for path in ["main.c", "src/a.c", "lib/x.so", "out/head.csv", ".build/x"] {
            try LocalFile.makeDirectory(LocalFile.directory(of: folder.path + "/p/" + path))
            try LocalFile.write("x", to: folder.path + "/p/" + path)
        }
        try LocalFile.write("a", to: folder.path + "/input.csv")
        let watch = ProjectWatch(
            folder: folder.path + "/p", files: [folder.path + "/input.csv", folder.path + "/gone.csv"],
            ignored: ProjectWatch.built.union(["out"]), clock: ManualClock())
        #expect(try watch.state().map(\.path) == ["main.c", "src/a.c", folder.path + "/input.csv"])
    }

    @Test("What came, went or changed is named")
    func difference() {
        func entry(_ path: String, _ size: Int64) -> LocalFolder.Entry {
            LocalFolder.Entry(path: path, sizeBytes: size, modifiedNanoseconds: 1)
        }
        let before = [entry("a", 1), entry("b", 1), entry("c", 1)]
        let after = [entry("a", 1), entry("b", 2), entry("d", 1)]
        #expect(ProjectWatch.difference(before, after) == ["b", "c", "d"])
        #expect(ProjectWatch.difference(before, before) == [])
    }

    @Test("A change is one only when the project is the same at two looks in a row")
    func change() async throws {
        let path = folder.path + "/p"
        try LocalFile.makeDirectory(path)
        try LocalFile.write("1", to: path + "/main.c")
        let clock = SteppingClock([
            {}, { try LocalFile.write("12", to: path + "/main.c") },
            { try LocalFile.write("123", to: path + "/main.c") },
            {},
        ])
        let watch = ProjectWatch(folder: path, files: [], ignored: ProjectWatch.built, clock: clock)
        let before = try watch.state()
        let change = try await watch.change(from: before)
        #expect(change.paths == ["main.c"])
        #expect(change.state.map(\.sizeBytes) == [3])
        #expect(clock.left == 0)
    }

    @Test("A project without a Makefile is not built; a build that fails is the author's fault")
    func builds() throws {
        #expect(ProjectBuild(folder: folder.path) == nil)
        let good = folder.path + "/good"
        let bad = folder.path + "/bad"
        for (path, recipe) in [(good, "all:\n\t@touch made\n"), (bad, "all:\n\t@exit 3\n")] {
            try LocalFile.makeDirectory(path)
            try LocalFile.write(recipe, to: path + "/Makefile")
        }
        let environment = ProcessInfo.processInfo.environment
        try #require(ProjectBuild(folder: good)).run(environment: environment).get()
        #expect(LocalFile.isFile(good + "/made"))
        let build = try #require(ProjectBuild(folder: bad))
        let failure = #expect(throws: CommandFailure.self) { try build.run(environment: environment).get() }
        #expect(failure?.status == .jobFailed)
        #expect(failure?.message == "the build of \(bad) failed (make)")
    }
}

/// A clock whose waits do something instead of waiting.
private final class SteppingClock: RunnerClock {
    typealias Step = @Sendable () throws -> Void

    private let steps: Mutex<[Step]>

    init(_ steps: [Step]) { self.steps = Mutex(steps) }

    /// How many steps are still to come.
    var left: Int { steps.withLock { $0.count } }

    func now() -> Timestamp { Timestamp(seconds: 0) }
    func uptime() -> Duration { .zero }

    func sleep(for duration: Duration) async throws(CancellationError) {
        let step = steps.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let step, (try? step()) != nil else { throw CancellationError() }
    }
}
