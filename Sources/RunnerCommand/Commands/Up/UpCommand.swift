import ArgumentParser
import JobCore
import JobRunner
import Logging
import PureJSON
import SystemTime

/// `headrace up`: everything on one machine.
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Start an embedded S3 and SQS with a runner on this machine.",
        discussion: """
            Buckets, queues, keys and the job database are made in the data directory on the first start and kept \
            there: a restart loses no message and no object. AWS tools work against it with the printed variables; \
            other headrace commands find it by the data directory.

            The first SIGTERM or SIGINT drains and exits 0; a second one exits at once with 130 or 143.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var runner: RunnerOptions

    @Option(help: ArgumentHelp("Port of S3 and SQS; 0 takes a free one.", valueName: "n"))
    var port = 9324

    @Option(help: ArgumentHelp("Address to listen on; 127.0.0.1 is this machine only.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("The queue that jobs come from.", valueName: "name"))
    var queue: String?

    @Option(help: ArgumentHelp("The bucket that is made for uploads and results.", valueName: "name"))
    var bucket = "headrace"

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535") }
        guard ObjectLocation.isBucketName(bucket) else {
            throw ValidationError("--bucket must be 3 to 63 of a-z 0-9 . -, a letter or digit at both ends")
        }
    }

    func run() async throws {
        let environment = HeadraceProgram.environment
        let console = Console.standard(writesJSON: global.json, environment: environment)
        let data = DataDirectory(global.data ?? DataDirectory.defaultPath)
        let flags = runner.overrides + (queue.map { [.init("queue.name", $0, flag: "--queue")] } ?? [])
        let plan = try Session.load(global.config, environment, flags)
        for warning in plan.warnings { console.warning(warning) }
        LogBootstrap.install(plan.log, clock: SystemClock(), environment: environment)
        let logger = Logger(label: "headrace")
        let cloud = EmbeddedCloud(data: data, host: host, port: port, configuration: plan, bucket: bucket)
        let summary = try await cloud.serve(clock: SystemClock(), logger: logger) { endpoint in
            let session = try Session.embedded(
                data, endpoint, config: global.config, flags: flags, environment: environment, console: console)
            let assembly = try await RunnerAssembly.make(
                Composition(session), allowsEveryBucket: true, logger: logger)
            Banner.show(assembly, session, title: "headrace \(HeadraceVersion.text): S3 and SQS at \(endpoint.url)")
            try Self.announce(endpoint, data, console)
            return await ShutdownSignals.run(
                assembly.runner, refresh: assembly.refresh, until: await ShutdownSignals.trap(), console: console)
        }
        if console.writesJSON {
            console.jsonLine(summary.json)
        } else {
            console.note("stopped: \(summary.sentence)")
        }
    }

    /// Writes what AWS tools need to reach the embedded cloud.
    private static func announce(
        _ endpoint: DataDirectory.Endpoint, _ data: DataDirectory, _ console: Console
    ) throws(CommandFailure) {
        guard let keys = try data.keys() else { return }
        if console.writesJSON {
            return console.jsonLine([
                "endpoint_url": .string(endpoint.url), "region": .string(endpoint.region),
                "access_key_id": .string(keys.accessKeyID),
                "credentials_file": .string(LocalFile.absolute(data.credentialsFile)),
                "queue": .string(endpoint.queue), "dead_letter_queue": .string(endpoint.deadLetterQueue),
                "bucket": .string(endpoint.bucket), "pid": .integer(Int64(endpoint.processID)),
            ])
        }
        console.out.line("export AWS_ENDPOINT_URL=\(endpoint.url)")
        console.out.line("export AWS_ACCESS_KEY_ID=\(keys.accessKeyID)")
        console.out.line("export AWS_SECRET_ACCESS_KEY=\(keys.secretAccessKey)")
        console.out.line("export AWS_REGION=\(endpoint.region)")
        // boto3 and version 1 of the AWS CLI know the region by this name only.
        console.out.line("export AWS_DEFAULT_REGION=\(endpoint.region)")
        let hint = data.path == DataDirectory.defaultPath ? "" : " --data \(data.path)"
        console.note(
            "bucket \(endpoint.bucket), queue \(endpoint.queue); "
                + "try `headrace submit csv-validate FILE --wait\(hint)` in another terminal")
    }
}

extension Session {
    /// The session of a process that embeds its own cloud.
    static func embedded(
        _ data: DataDirectory, _ endpoint: DataDirectory.Endpoint, config: String?, flags: [ConfigurationOverride],
        environment: [String: String], console: Console
    ) throws(CommandFailure) -> Session {
        guard let keys = try data.keys() else {
            throw CommandFailure(.configuration, "\(data.credentialsFile) is missing")
        }
        let variables = Self.environment(environment, for: endpoint, keys: keys)
        var layers = overrides(for: data, endpoint: endpoint)
        let own = try load(config, variables, flags)
        // Polls of a server in the same process cost nothing, and a shorter one makes the drain shorter.
        if own.origin(of: "queue.wait") == .builtIn {
            layers.append(.init("queue.wait", "1s", flag: "--data \(data.path)"))
        }
        // The folder is kept with the data unless somebody chose one.
        if own.origin(of: "scratch.directory") != .builtIn {
            layers.removeAll { $0.key == "scratch.directory" }
        }
        return Session(
            configuration: try load(config, variables, layers + flags), environment: variables, console: console,
            clock: SystemClock(), data: data, endpoint: endpoint)
    }
}

extension HeadraceConfiguration {
    /// Where the value of a key came from.
    func origin(of key: String) -> ConfigurationOrigin {
        entries.first { $0.key == key }?.origin ?? .builtIn
    }
}
