package import FakeCloud
internal import AWSWire
internal import Glibc
internal import JobCore
internal import LabProtocol
package import Logging
internal import PureJSON
internal import ServiceLifecycle
internal import Synchronization
internal import SystemTime

/// Everything that one run has for itself: a cloud, a clock, a folder, and the processes under test.
package final class LabEnvironment: Sendable {
    /// What a run is made of.
    package struct Settings: Sendable {
        /// The path of the `headrace` executable.
        package var runner: String
        /// A folder for logs, databases and scratch files; it exists and is empty.
        package var folder: String
        /// Decides every choice of the run.
        package var seed: UInt64
        /// The virtual time of the start, in seconds since the Unix epoch.
        package var startsAt: Int64

        /// Makes settings.
        package init(runner: String, folder: String, seed: UInt64, startsAt: Int64 = 1_767_225_600) {
            self.runner = runner
            self.folder = folder
            self.seed = seed
            self.startsAt = startsAt
        }
    }

    /// What the run is made of.
    package let settings: Settings
    /// What happens.
    package let history: History
    /// The cloud without HTTP.
    package let cloud: FakeCloudAdministration
    /// The cloud's address.
    package let endpoint: String
    let world: World
    private let door: WorldDoor
    private let server: Task<Void, any Error>
    private let children = Mutex<[String: ChildProcess]>([:])

    /// Starts a cloud whose time stands still, and opens the door of its world.
    package static func open(_ settings: Settings, logger: Logger) async throws(LabFailure) -> LabEnvironment {
        let start = Timestamp(seconds: settings.startsAt)
        let configuration = FakeCloudConfiguration(
            authentication: .accept, enforcesCooldowns: false, clock: .frozen(at: start), seed: settings.seed)
        let server = FakeCloudServer(configuration: configuration, clock: SystemClock(), logger: logger)
        let serving = Task { try await server.run() }
        let (cloud, endpoint): (FakeCloudAdministration, String)
        do {
            (cloud, endpoint) = (try await server.administration(), try await server.endpoint())
        } catch {
            throw LabFailure("the fake cloud cannot start: \(error)")
        }
        let history = History(startedAt: Int64(clamping: start.nanoseconds))
        let world = World(cloud: cloud, history: history, seed: settings.seed)
        await world.open()
        let door = try WorldDoor(path: settings.folder + "/world", listener: WorldListener(world: world))
        return LabEnvironment(
            settings: settings, history: history, cloud: cloud, endpoint: endpoint, world: world, door: door,
            server: serving)
    }

    private init(
        settings: Settings, history: History, cloud: FakeCloudAdministration, endpoint: String, world: World,
        door: WorldDoor, server: Task<Void, any Error>
    ) {
        self.settings = settings
        self.history = history
        self.cloud = cloud
        self.endpoint = endpoint
        self.world = world
        self.door = door
        self.server = server
    }

    /// Starts a runner; it takes part in the world from its first standstill on.
    ///
    /// - Parameters:
    ///   - name: its name in the history.
    ///   - variables: what its environment has beside what the lab sets.
    /// - Throws: `LabFailure` when the program cannot be started.
    package func startRunner(_ name: String, variables: [String: String]) async throws(LabFailure) {
        var environment = variables
        environment["PATH"] = "/usr/bin:/bin"
        environment[LabWire.variable] = "\(door.path)#\(name)"
        environment["AWS_ENDPOINT_URL"] = endpoint
        environment["AWS_REGION"] = "us-east-1"
        environment["AWS_ACCESS_KEY_ID"] = FakeCloudConfiguration.localCredentials.accessKeyID
        environment["AWS_SECRET_ACCESS_KEY"] = FakeCloudConfiguration.localCredentials.secretAccessKey
        environment["SWIFT_DETERMINISTIC_HASHING"] = "1"
        environment["HEADRACE_RUNNER_ID"] = name
        await world.starts(name)
        let child = try ChildProcess.start(
            [settings.runner, "run"], environment: environment, logPath: "\(settings.folder)/\(name).log"
        ) { [world] ending in
            Task { await world.left(name, status: ending.description) }
        }
        children.withLock { $0[name] = child }
    }

    /// Sends a signal to a runner that stands still; SIGKILL ends its handlers with it.
    package func signal(_ number: Int32, to name: String) async {
        guard let child = children.withLock({ $0[name] }) else { return }
        await world.note("signal.sent", subject: name, data: ["signal": .integer(Int64(number))])
        if number == SIGKILL {
            await world.kills(name)
        } else {
            await world.announces(signal: number, to: name)
        }
        child.send(number)
    }

    /// Lets the world go on until an event matches, a virtual time has come, or nothing can happen any more.
    package func run(
        until deadline: Duration?, matches: @escaping @Sendable (HistoryEvent) -> Bool = { _ in false }
    ) async -> WorldStop {
        let start = Int64(clamping: Timestamp(seconds: settings.startsAt).nanoseconds)
        return await world.run(until: deadline.map { start + Int64(clamping: $0.wholeNanoseconds) }, matches: matches)
    }

    /// Ends all processes and the cloud.
    package func close() async {
        for child in children.withLock(\.values) { child.send(SIGKILL) }
        door.close()
        server.cancel()
        _ = await server.result
    }
}

/// Brings what comes in at the door into the world.
private struct WorldListener: ProcessLine.Listener {
    let world: World

    func greeted(_ name: String, processID: Int32, by line: ProcessLine) {
        Task { await world.greeted(name, by: line) }
    }

    func reported(_ name: String, _ report: StandstillReport) { Task { await world.reported(name, report) } }

    func broke(_ name: String, _ reason: String) { Task { await world.breaks(name, reason) } }
}
