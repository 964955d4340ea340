internal import AWSWire
internal import ArgumentParser
internal import FakeCloud
internal import JobCore
internal import Logging
internal import PureJSON
internal import ServiceLifecycle
internal import SystemTime
internal import UnixSignals

/// `lab serve`: a fake S3 and SQS on this machine.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Start a fake S3 and SQS with a clock and faults of its own.",
        discussion: """
            Prints the variables that AWS tools need; paste them into a shell. The page at /_lab/ui shows queues, \
            messages, objects, requests and the clock; GET /_lab/ lists what scripts can do. Everything is in memory \
            unless --data names a directory. SIGTERM and SIGINT end it with exit code 0.

            A seed file is YAML:
              queues:
                - name: jobs-dlq
                - name: jobs
                  attributes: {VisibilityTimeout: 30}
                  dead_letter: {queue: jobs-dlq, max_receives: 3}
                  messages: ['{"job": 1}']
              buckets:
                - name: data
                  objects:
                    - {key: in/a.csv, text: "id,name"}
                    - {key: in/b.csv, file: b.csv}
            """)

    /// What becomes of signatures.
    enum Authentication: String, ExpressibleByArgument, CaseIterable {
        case verify
        case accept
    }

    @Option(help: ArgumentHelp("Port to listen on; 0 takes a free one.", valueName: "n"))
    var port = 9324

    @Option(help: ArgumentHelp("Address to listen on; 127.0.0.1 is this machine only.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(
        help: ArgumentHelp("Directory that keeps everything; without it all is in memory.", valueName: "dir"),
        completion: .directory)
    var data: String?

    // Unconditional, because an offset may start with a minus.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The cloud's time: real, frozen, or an offset such as +2h or -15m.", valueName: "clock"))
    var clock = "real"

    @Option(
        help: ArgumentHelp("Queues, messages, buckets and objects to start with.", valueName: "file"),
        completion: .file(extensions: ["yml", "yaml"]))
    var seedFile: String?

    @Option(help: "Whether requests must be signed with the printed keys.")
    var auth = Authentication.verify

    @Option(help: ArgumentHelp("The region of queues and buckets.", valueName: "region"))
    var region = "us-east-1"

    @Flag(help: "Write the address and the keys as one line of JSON.")
    var json = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535") }
        guard clockMode != nil else {
            throw ValidationError("--clock must be real, frozen or an offset such as +2h, -15m or +14d")
        }
    }

    func run() async throws {
        let plan = try seedFile.map { (path) throws(LabFailure) in try SeedPlan(path: path) }
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        var logger = Logger(label: "lab") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let server = FakeCloudServer(configuration: cloudConfiguration, clock: SystemClock(), logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: server)], logger: logger))
        let result = await withTaskGroup(of: Result<Void, any Error>?.self) { tasks in
            tasks.addTask {
                do { return .success(try await group.run()) } catch { return .failure(error) }
            }
            tasks.addTask {
                for await _ in signals { await group.triggerGracefulShutdown() }
                return nil
            }
            var outcome: Result<Void, any Error> = .success(())
            do {
                try await prepare(server, plan)
            } catch {
                outcome = .failure(error)
                await group.triggerGracefulShutdown()
            }
            while let ended = await tasks.next() {
                guard let ended else { continue }
                if case .success = outcome { outcome = ended }
                tasks.cancelAll()
            }
            return outcome
        }
        do { try result.get() } catch let error as FakeCloudError { throw failure(error) }
    }

    /// The clock that the option names; `nil` when it names none.
    private var clockMode: CloudClock.Mode? {
        switch clock {
        case "real": .real
        case "frozen": .frozen(at: SystemClock().now())
        default: LabDuration.read(clock).map { .offset($0) }
        }
    }

    private var cloudConfiguration: FakeCloudConfiguration {
        FakeCloudConfiguration(
            host: host, port: port, dataDirectory: data, authentication: auth == .verify ? .verify : .accept,
            region: region, clock: clockMode ?? .real)
    }

    /// Waits until the server listens, makes what the seed file names, and says where everything is.
    private func prepare(_ server: FakeCloudServer, _ plan: SeedPlan?) async throws {
        let endpoint = try await server.endpoint()
        let administration = try await server.administration()
        if let plan { try await plan.apply(to: administration, region: region) }
        administration.markStart()
        let keys = FakeCloudConfiguration.localCredentials
        if json {
            let document: JSONValue = [
                "endpoint_url": .string(endpoint), "access_key_id": .string(keys.accessKeyID),
                "secret_access_key": .string(keys.secretAccessKey), "region": .string(region),
                "page": .string(endpoint + "/_lab/ui"), "lab": .string(endpoint + "/_lab/"),
            ]
            return Output.line(document.serialized())
        }
        Output.line(
            "export AWS_ENDPOINT_URL=\(endpoint) AWS_ACCESS_KEY_ID=\(keys.accessKeyID) "
                + "AWS_SECRET_ACCESS_KEY=\(keys.secretAccessKey) AWS_REGION=\(region) AWS_DEFAULT_REGION=\(region)")
        Output.error("S3 and SQS are ready; paste the line above into a shell. Page: \(endpoint)/_lab/ui")
    }

    private func failure(_ error: FakeCloudError) -> LabFailure {
        let next: String? =
            switch error {
            case .portInUse(_, let port):
                "Find who has it with `ss -ltnp 'sport = :\(port)'`, or start with `--port 0` for a free port."
            case .dataDirectoryInUse: "Stop the other server, or give another directory with --data."
            case .cannotListen, .dataDirectoryUnusable, .databaseUnusable, .notRunning: nil
            }
        return LabFailure(status: .environment, message: error.description, nextStep: next)
    }
}
