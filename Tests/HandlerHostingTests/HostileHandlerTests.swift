import Glibc
import HandlerHosting
import JobCore
import PureJSON
import Testing

/// Something that a handler tries, and what must come of it.
struct HostileCase: Sendable, CustomTestStringConvertible {
    var how: String
    var expected: HandlerOutcome

    var testDescription: String { "\(how) -> \(expected)" }

    private static func refused(_ how: String, with code: Int32 = EPERM) -> HostileCase {
        HostileCase(how: how, expected: .completed(["errno": .integer(Int64(code))]))
    }

    private static func allowed(_ how: String) -> HostileCase { refused(how, with: 0) }

    private static func found(_ how: String, _ count: Int64) -> HostileCase {
        HostileCase(how: how, expected: .completed(["found": .integer(count)]))
    }

    static let files: [HostileCase] = [
        refused("read_passwd", with: EACCES), refused("read_hosts", with: EACCES), refused("read_root", with: EACCES),
        refused("read_home", with: EACCES),
        refused("write_tmp", with: EACCES), refused("write_shm", with: EACCES),
        refused("write_library", with: EACCES), allowed("read_handler"), refused("write_handler", with: EACCES),
        allowed("write_scratch"), refused("scratch_parent", with: EACCES), allowed("read_zone"),
        HostileCase(how: "surroundings", expected: .completed(["fixed": 1])),
    ]

    static let processes: [HostileCase] = [
        refused("metadata"), refused("socket_udp"), refused("socket_unix"), refused("socket_netlink"),
        allowed("socket_pair"), refused("io_uring"), found("fork_bomb", 0), refused("exec"),
        refused("new_namespace"), refused("mount"), refused("chroot"), refused("keyring"), refused("bpf"),
        refused("clock"), refused("leave_group"), refused("leave_session"), refused("signal_all"),
        refused("signal_runner"), refused("limit_runner"), refused("renice_runner"), refused("raise_limit"),
        found("capabilities", 0), found("no_new_privileges", 1),
    ]

    static let memory: [HostileCase] = [
        refused("trace_runner"), refused("read_runner"), refused("open_runner_memory", with: EACCES),
        refused("runner_descriptors", with: EACCES), refused("memory_file"), refused("shared_memory"),
    ]

    static let search: [HostileCase] = [
        found("keys_in_environment", 0), found("keys_in_processes", 0), found("keys_in_files", 0),
    ]
}

/// Handlers that try to get at what is not theirs; the same as a user and as root.
@Suite("Hostile handlers", .enabled(if: Zoo.isConfined), .timeLimit(.minutes(5)))
struct HostileHandlerTests {
    @Test(
        "What a handler tries comes to nothing, and its process goes on",
        arguments: HostileCase.files + HostileCase.processes + HostileCase.memory)
    func refused(_ hostile: HostileCase) async throws {
        let catalog = try Self.catalog()
        let report = try await catalog.run(hostile.how)
        #expect(report.outcome == hostile.expected, "\(report.lastLogLines)")
        await catalog.shutdown()
    }

    @Test("No key is found in the environment, in other processes or in files", arguments: HostileCase.search)
    func keys(_ hostile: HostileCase) async throws {
        let owner = try KeyOwner()
        defer { owner.end() }
        let catalog = try Self.catalog()
        let report = try await catalog.run(hostile.how)
        #expect(report.outcome == hostile.expected)
        await catalog.shutdown()
    }

    @Test(
        "With the network granted sockets and the files that name hosts can be reached, and no others",
        arguments: [("socket_udp", 0), ("read_hosts", 0), ("read_passwd", EACCES), ("exec", EPERM)])
    func network(_ how: String, _ code: Int32) async throws {
        let catalog = try Self.catalog("isolation: { network: host }")
        #expect(try await catalog.run(how).outcome == .completed(["errno": .integer(Int64(code))]))
        await catalog.shutdown()
    }

    @Test("An output that is a link to another file is not taken")
    func linkedOutput() async throws {
        let catalog = try Self.catalog()
        let report = try await catalog.run("output_link")
        #expect(report.outcome.code == "output-not-a-file", "\(report.outcome)")
        #expect(report.outputs == [])
        await catalog.shutdown()
    }

    @Test("Outputs are taken from where they were made, whatever is in that place by now")
    func linkedOutputDirectory() async throws {
        let catalog = try Self.catalog()
        let report = try await catalog.run("output_directory_link")
        let output = try #require(report.outputs.first)
        #expect(try Zoo.read(output.path) == Array("mine".utf8))
        #expect(access("/etc/passwd", F_OK) == 0)
        await catalog.shutdown()
    }

    @Test("A handler that fills the disk is ended at its limit, and its files go")
    func fullDisk() async throws {
        let catalog = try Self.catalog("isolation: { filesystem: { scratch: 4MiB } }")
        let report = try await catalog.run("fill")
        #expect(report.outcome.limit == "scratch", "\(report.outcome)")
        await catalog.shutdown()
    }

    /// The handler's library, compiled once.
    private static let library: Result<String, any Error> = Result {
        let path = Zoo.freshPath("hostile.so")
        try Zoo.compile(HostileSource.handler, to: path)
        return path
    }

    private static func catalog(_ more: String = "env: [ZOO_FOLDER]") throws -> HostedHandlerCatalog {
        let folder = try Zoo.freshDirectory("hostile")
        try #require(symlink(try library.get(), folder + "/libzoo.so") == 0)
        try Zoo.write(Zoo.manifest(more: more), to: folder + "/handler.yml")
        let (catalog, faults) = Zoo.loader(environment: ["ZOO_FOLDER": folder]).load(directories: [folder])
        try #require(faults == [])
        return catalog
    }
}

/// A process of this user with a key in its environment.
private struct KeyOwner {
    private let pid: pid_t

    init() throws {
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("AWS_SECRET_ACCESS_KEY=zoo-secret-key"), nil]
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("100"), nil]
        defer { for text in environment + arguments { free(text) } }
        var pid: pid_t = 0
        try #require(posix_spawn(&pid, "/bin/sleep", nil, nil, &arguments, &environment) == 0)
        self.pid = pid
    }

    func end() {
        var status: Int32 = 0
        kill(pid, SIGKILL)
        waitpid(pid, &status, 0)
    }
}
