import Glibc
import HandlerHosting
import JobCore
import Logging
import PureJSON
import Synchronization
import Testing

/// Folders with handlers, compiled on the spot, and runs of them.
enum Zoo {
    /// A folder for one test run of this process.
    static let root: String = {
        var template = Array("/tmp/headrace-zoo-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return "/tmp" }
        atexit { _ = system("rm -rf '\(Zoo.root)'") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    private static let counter = Mutex(0)

    /// A path nobody else has.
    static func freshPath(_ name: String) -> String {
        let number = counter.withLock { number in
            number += 1
            return number
        }
        return "\(root)/\(number)-\(name)"
    }

    static func freshDirectory(_ name: String) throws -> String {
        let path = freshPath(name)
        try #require(mkdir(path, 0o700) == 0)
        return path
    }

    static func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        try #require(fputs(text, file) >= 0)
    }

    static func read(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        return bytes
    }

    /// The folder with `headrace-host`, which is also that of this test program.
    static var productsDirectory: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = max(readlink("/proc/self/exe", &buffer, buffer.count), 0)
        let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    }

    /// The package's folder.
    static var package: String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
    }

    static var headers: String { package + "/Sources/CHandlerABI/include" }

    /// Whether this machine has all layers of confinement; what a missing one is told as is for the tests of layers.
    static let isConfined: Bool = {
        do throws(HandlerHostingError) {
            return try IsolationProbe.layers(hostExecutable: productsDirectory + "/headrace-host").allSatisfy(\.isOn)
        } catch {
            return true
        }
    }()

    /// Whether frozen libraries for x86_64 run here.
    static var isX86: Bool {
        #if arch(x86_64)
            true
        #else
            false
        #endif
    }

    /// Compiles C into a shared library.
    static func compile(_ source: String, to library: String, with compiler: String = "cc -std=gnu11") throws {
        try write(source, to: library + ".c")
        let command =
            "\(compiler) -O1 -w -shared -fPIC -fvisibility=hidden -I'\(headers)' -o '\(library)' '\(library).c'"
        // No requirement: a failure that is kept for later tests must fail those as well.
        guard system(command) == 0 else { throw FixtureFault(command: command) }
    }

    /// A manifest for a library beside it.
    static func manifest(name: String = "zoo", more: String = "") -> String {
        """
        manifest: 1
        name: \(name)
        version: 1.0.0
        abi: { major: 1 }
        library:
          - { platform: linux-x86_64, path: libzoo.so, sha256: dev }
          - { platform: linux-aarch64, path: libzoo.so, sha256: dev }
        payload: { type: object, properties: { how: { type: string } } }
        inputs:
          csv: { from: /inputs/csv, required: false }
        outputs:
          copy.csv: { to: "{job}/copy.csv", required: false, contentType: text/plain }
        \(more)

        """
    }

    /// Makes a handler's folder; gives its path.
    static func handler(_ source: String, manifest: String) throws -> String {
        let folder = try freshDirectory("handler")
        try compile(source, to: folder + "/libzoo.so")
        try write(manifest, to: folder + "/handler.yml")
        return folder
    }

    /// An operator who takes unfinished handlers and grants what the tests ask for.
    static func policy(configurations: [String: JSONObject] = [:]) -> OperatorPolicy {
        var policy = OperatorPolicy()
        policy.allowsDevelopment = true
        let place = SourcePlace(file: "headrace.yml", line: 1, column: 1)
        let granted: [GrantKey: GrantValue] = [
            .network: .network(.host), .processes: .amount(64), .environment: .names(["ZOO_FOLDER", "ZOO_SETTING"]),
        ]
        for (key, value) in granted { policy.grants[key] = GrantTerms.Term(value: value, place: place) }
        for (name, config) in configurations { policy.settings[name, default: HandlerSettings()].config = config }
        return policy
    }

    static func loader(
        _ policy: OperatorPolicy = policy(), environment more: [String: String] = [:],
        hosting: HostingSettings = HostingSettings(), state: any HandlerStateStore = TransientHandlerState()
    ) -> HandlerCatalogLoader {
        var logger = Logger(label: "zoo")
        logger.logLevel = .critical
        return HandlerCatalogLoader(
            hostExecutable: productsDirectory + "/headrace-host", runnerVersion: "1.0.0", policy: policy,
            environment: ["ZOO_SETTING": "1", "AWS_SECRET_ACCESS_KEY": "secret", "HOME": "/root"]
                .merging(more) { _, given in given },
            hosting: hosting, state: state, logger: logger)
    }

    static func load(
        _ directories: [String], policy: OperatorPolicy = policy()
    ) -> (catalog: HostedHandlerCatalog, faults: [HandlerFault]) {
        loader(policy).load(directories: directories)
    }

    /// The library of ``ZooSource/zoo``, compiled once.
    private static let library: Result<String, any Error> = Result {
        let path = freshPath("zoo.so")
        try compile(ZooSource.zoo, to: path)
        return path
    }

    /// A catalogue with the zoo handler alone.
    static func catalog(
        _ more: String = "", hosting: HostingSettings = HostingSettings(),
        state: any HandlerStateStore = TransientHandlerState()
    ) throws -> HostedHandlerCatalog {
        let folder = try freshDirectory("handler")
        try #require(symlink(try library.get(), folder + "/libzoo.so") == 0)
        try write(manifest(more: more), to: folder + "/handler.yml")
        let (catalog, faults) = loader(hosting: hosting, state: state).load(directories: [folder])
        try #require(faults == [])
        return catalog
    }

    static func invocation(
        _ how: String, job: String = "job-1", attempt: Int = 1, inputs: [String: String] = [:],
        timeout: Duration = .seconds(240)
    ) throws -> HandlerInvocation {
        HandlerInvocation(
            handler: "zoo", jobID: try #require(JobID(job)), epoch: Epoch(attempt), attempt: attempt,
            params: ["how": .string(how)],
            inputs: inputs, scratchDirectory: try freshDirectory("scratch"), timeout: timeout)
    }
}

/// A fixture that cannot be made.
struct FixtureFault: Error {
    var command: String
}

extension HostedHandlerCatalog {
    /// Runs the zoo handler once.
    func run(
        _ how: String, inputs: [String: String] = [:], timeout: Duration = .seconds(240)
    ) async throws -> HandlerReport {
        await run(try Zoo.invocation(how, inputs: inputs, timeout: timeout)) { _ in }
    }
}
