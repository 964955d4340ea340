import Glibc
import HostProtocol
import JobCore
import Testing

@testable import HandlerHosting

@Suite("Layers of confinement", .timeLimit(.minutes(5)))
struct IsolationTests {
    @Test("A host process tells of every layer, in order")
    func probe() throws {
        let layers = try IsolationProbe.layers(hostExecutable: Zoo.productsDirectory + "/headrace-host")
        #expect(
            layers.map(\.name) == [
                "end-with-runner", "no-new-privileges", "resource-limits", "files", "system-calls", "capabilities",
            ])
        #expect(layers.allSatisfy { !$0.why.isEmpty })
    }

    @Test("A program that is no host process is told from one")
    func otherProgram() throws {
        // It ends before or after it could have been asked: one answer or the other, never a layer.
        let error = #expect(throws: HandlerHostingError.self) {
            try IsolationProbe.layers(hostExecutable: "/bin/true")
        }
        #expect(error?.description.contains("did not answer") ?? false)
        #expect(throws: HandlerHostingError.hostExecutable(path: "/nonexistent", errno: ENOENT)) {
            try IsolationProbe.layers(hostExecutable: "/nonexistent")
        }
    }

    @Test(
        "A missing layer says why and what to do",
        arguments: [
            (HostLayer.Kind.files, ENOSYS, "Linux 5.13"), (.files, EOPNOTSUPP, "lsm="),
            (.systemCalls, EINVAL, "seccomp"), (.capabilities, EPERM, "security profile"), (.limits, 0, "let through"),
        ])
    func reasons(_ kind: HostLayer.Kind, _ code: Int32, _ word: String) {
        let layer = IsolationLayer(HostLayer(kind: kind, isOn: false, errno: code))
        #expect(!layer.isOn)
        #expect(layer.why.contains(word))
    }

    @Test("What an ended runner left is removed, what is in use stays")
    func leftovers() throws {
        let root = try Zoo.freshDirectory("scratch")
        let inUse = try HostWorkspace(below: root)
        _ = try inUse.makeRun(1)
        let abandoned = root + "/headrace-host-1-1"
        try #require(system("mkdir -p '\(abandoned)/run-1/work/deep' && touch '\(abandoned)/run-1/out.csv'") == 0)
        try HostWorkspace.removeAbandoned(below: root)
        #expect(access(abandoned, F_OK) != 0)
        #expect(access(inUse.path + "/run-1/work", F_OK) == 0)
        #expect(inUse.remove() == 0)
        #expect(access(inUse.path, F_OK) != 0)
    }

    @Test("Removal follows no link")
    func linkedTree() throws {
        let root = try Zoo.freshDirectory("scratch")
        let other = try Zoo.freshDirectory("other")
        try Zoo.write("kept", to: other + "/file")
        let workspace = try HostWorkspace(below: root)
        let run = try workspace.makeRun(1)
        try #require(symlink(other, run.scratchPath + "/link") == 0)
        try #require(rename(run.outputPath, run.scratchPath + "/moved") == 0)
        try #require(symlink(other, run.outputPath) == 0)
        #expect(workspace.remove(run) == 0)
        #expect(workspace.remove() == 0)
        #expect(try Zoo.read(other + "/file") == Array("kept".utf8))
    }
}
