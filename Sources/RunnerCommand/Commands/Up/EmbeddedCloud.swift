import AWSWire
import FakeCloud
import JobCore
import Logging
import ServiceLifecycle

/// An S3 and SQS server in this process, with the buckets and queues that a runner needs.
struct EmbeddedCloud: Sendable {
    /// The folder that keeps everything.
    let data: DataDirectory
    /// Where it listens.
    let host: String
    /// The port; 0 takes a free one.
    let port: Int
    /// Names and attributes of queues; retention and receive limit are those of the settings.
    let configuration: HeadraceConfiguration
    /// The bucket that is made.
    var bucket = "headrace"
    /// The region of everything.
    var region = "us-east-1"

    /// Serves while `work` runs, then stops.
    ///
    /// - Returns: what `work` returns.
    /// - Throws: what `work` throws, or why the server cannot start.
    func serve<Value: Sendable>(
        clock: any RunnerClock, logger: Logger, _ work: @Sendable (DataDirectory.Endpoint) async throws -> Value
    ) async throws -> Value {
        try LocalFile.makeDirectory(data.path)
        let keys = try data.keysMadeOnce()
        let server = FakeCloudServer(
            configuration: FakeCloudConfiguration(
                host: host, port: port, dataDirectory: data.cloudDirectory,
                credentials: [
                    AWSCredentials(accessKeyID: keys.accessKeyID, secretAccessKey: keys.secretAccessKey)
                ],
                region: region),
            clock: clock, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: server)], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self, returning: Value.self) { tasks in
            tasks.addTask { try await group.run() }
            let endpoint = try await prepare(server)
            let outcome: Result<Value, any Error>
            do {
                outcome = .success(try await work(endpoint))
            } catch {
                outcome = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return try outcome.get()
        }
    }

    /// Waits until the server listens, makes what is missing, and lets other commands know.
    private func prepare(_ server: FakeCloudServer) async throws(CommandFailure) -> DataDirectory.Endpoint {
        let url: String
        let administration: FakeCloudAdministration
        do {
            url = try await server.endpoint()
            administration = try await server.administration()
        } catch {
            throw failure(error)
        }
        do {
            try await administration.createBucket(bucket)
        } catch {
            throw CommandFailure(.unreachable, "the bucket \(bucket) cannot be made: \(error)")
        }
        do {
            for (name, attributes) in QueuePlan(configuration).queues(region: region) {
                _ = try await administration.createQueue(name, attributes: attributes)
            }
        } catch {
            throw CommandFailure(.unreachable, "the queues cannot be made: \(error)")
        }
        let endpoint = DataDirectory.Endpoint(
            url: url, region: region, queue: configuration.queue.name,
            deadLetterQueue: configuration.deadLetter.name, bucket: bucket, processID: Composition.processID)
        try data.write(endpoint)
        return endpoint
    }

    private func failure(_ error: FakeCloudError) -> CommandFailure {
        let next: String? =
            switch error {
            case .portInUse(_, let port):
                "Find it with `ss -ltnp 'sport = :\(port)'`, or start with `--port 0` for a free port."
            case .dataDirectoryInUse(let path):
                "Stop the other `headrace up`, or give another folder than \(path) with --data."
            case .cannotListen, .dataDirectoryUnusable, .databaseUnusable, .notRunning: nil
            }
        return CommandFailure(.unreachable, error.description, next: next)
    }
}

/// The queues that a runner needs, with their attributes: the dead-letter queue first, for the other names it.
struct QueuePlan: Sendable {
    private let configuration: HeadraceConfiguration

    /// Plans the queues of a configuration.
    init(_ configuration: HeadraceConfiguration) { self.configuration = configuration }

    /// Names and attributes, in the order of their creation.
    ///
    /// - Parameters:
    ///   - region: the region of both queues.
    ///   - account: the account of both queues.
    /// - Returns: the dead-letter queue, then the job queue.
    func queues(region: String, account: String = "000000000000") -> [(name: String, attributes: [String: String])] {
        let deadLetters = configuration.deadLetter.name
        return [
            (deadLetters, deadLetterAttributes),
            (
                configuration.queue.name,
                jobAttributes(deadLetterARN: "arn:aws:sqs:\(region):\(account):\(deadLetters)")
            ),
        ]
    }

    /// The dead-letter queue's attributes by their API names.
    var deadLetterAttributes: [String: String] {
        var attributes = ["MessageRetentionPeriod": String(configuration.deadLetter.retention.secondsRoundedUp)]
        if configuration.deadLetter.name.hasSuffix(".fifo") { attributes["FifoQueue"] = "true" }
        return attributes
    }

    /// The job queue's attributes by their API names.
    func jobAttributes(deadLetterARN: String) -> [String: String] {
        let queue = configuration.queue
        let redrive =
            "{\"deadLetterTargetArn\":\"\(deadLetterARN)\",\"maxReceiveCount\":\"\(queue.maxReceives)\"}"
        var attributes = [
            "VisibilityTimeout": String(queue.visibility.secondsRoundedUp),
            "ReceiveMessageWaitTimeSeconds": String(queue.wait.secondsRoundedUp),
            "MessageRetentionPeriod": String(queue.retention.secondsRoundedUp), "RedrivePolicy": redrive,
        ]
        if queue.name.hasSuffix(".fifo") { attributes["FifoQueue"] = "true" }
        return attributes
    }
}
