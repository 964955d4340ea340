import AWSAdapters
import AWSWire
import HTTPTransport
import JobCore
import JobRunner
import LabLink
import Offloading
import SQLiteJobStore

/// The composition root: the only place that knows which concrete types stand behind the ports.
struct Composition: Sendable {
    /// What the types are made from.
    let session: Session
    private let transport: any HTTPTransport
    private let credentials: CredentialChain

    /// Prepares connections; nothing is opened yet.
    init(_ session: Session) {
        self.session = session
        let curl = CurlTransport()
        transport = session.world.map { LabTransport(curl, in: $0) } ?? curl
        credentials = CredentialChain(
            environment: Self.variables(of: session), transport: transport, clock: session.clock)
    }

    private var configuration: HeadraceConfiguration { session.configuration }

    /// The environment with the configured profile, which the file may name, in it.
    private static func variables(of session: Session) -> [String: String] {
        var variables = session.environment
        if let profile = session.configuration.aws.profile { variables["AWS_PROFILE"] = profile }
        return variables
    }

    /// Credentials that are good now.
    func resolvedCredentials() async throws(CommandFailure) -> AWSCredentials {
        do {
            return try await credentials.credentials()
        } catch {
            throw CommandFailure(
                error.isTransient ? .unreachable : .configuration, error.description,
                next: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; see `headrace doctor`.")
        }
    }

    /// The region of queues and buckets.
    func region() async throws(CommandFailure) -> String {
        if let region = configuration.aws.region { return region }
        do {
            let profile = try await SharedProfile.load(environment: Self.variables(of: session))
            if let region = profile.settings["region"], !region.isEmpty { return region }
        } catch {
            throw CommandFailure(.configuration, error.description)
        }
        // A server that is not AWS has no regions; signatures still name one.
        if configuration.aws.effectiveSQSEndpoint != nil { return "us-east-1" }
        throw CommandFailure(
            .configuration, "no AWS region is set", next: "Set aws.region in headrace.yml, or AWS_REGION.")
    }

    /// A client of SQS.
    func sqsClient() async throws(CommandFailure) -> AWSClient {
        try await client("sqs", endpoint: configuration.aws.effectiveSQSEndpoint)
    }

    private func client(_ service: String, endpoint: String?) async throws(CommandFailure) -> AWSClient {
        try session.checkEmbeddedCloud()
        let region = try await region()
        var place: AWSEndpoint?
        if let endpoint {
            do {
                place = try AWSEndpoint(url: endpoint)
            } catch {
                throw CommandFailure(.configuration, error.description, next: "Mend aws.endpoint_url.")
            }
        }
        return AWSClient(
            service: service, region: region, endpoint: place, credentials: credentials, transport: transport,
            clock: session.clock, randomness: session.random)
    }

    /// The calls about queues as such.
    func queueAdmin() async throws(CommandFailure) -> SQSAdmin { SQSAdmin(client: try await sqsClient()) }

    /// The queue that jobs come from.
    func queue() async throws(CommandFailure) -> SQSMessageQueue {
        let client = try await sqsClient()
        if let url = configuration.queue.url {
            return SQSMessageQueue(name: configuration.queue.name, queueURL: url, client: client)
        }
        return try await find(configuration.queue.name, client)
    }

    /// The queue that hopeless messages go to.
    func deadLetterQueue() async throws(CommandFailure) -> SQSMessageQueue {
        try await find(configuration.deadLetter.name, try await sqsClient())
    }

    private func find(_ name: String, _ client: AWSClient) async throws(CommandFailure) -> SQSMessageQueue {
        do {
            return try await SQSAdmin(client: client).queue(named: name)
        } catch {
            guard error.kind == .notFound else { throw CommandFailure(error) }
            throw CommandFailure(
                .configuration, "there is no queue \(name) at \(client.endpoint) in \(client.region)",
                next: "Create it with `headrace queue create`, or set queue.name to one that exists.")
        }
    }

    /// The store of inputs and outputs.
    func objects() async throws(CommandFailure) -> S3ObjectStore {
        S3ObjectStore(client: try await client("s3", endpoint: configuration.aws.effectiveS3Endpoint))
    }

    /// The job database; its file is made when it does not exist.
    func store() async throws(CommandFailure) -> SQLiteJobStore {
        let database = configuration.database
        try LocalFile.makeDirectory(LocalFile.directory(of: database.path))
        let opened: Result<SQLiteJobStore, JobStoreError> = await BlockingWork.run {
            do throws(JobStoreError) {
                return .success(try SQLiteJobStore.open(path: database.path, busyTimeout: database.busyTimeout))
            } catch {
                return .failure(error)
            }
        }
        switch opened {
        case .success(let store): return store
        case .failure(let error): throw CommandFailure(error)
        }
    }

    /// The job database, which must be there already.
    func existingStore() async throws(CommandFailure) -> SQLiteJobStore {
        guard LocalFile.isFile(configuration.database.path) else {
            throw CommandFailure(
                .configuration, "there is no job database at \(configuration.database.path)",
                next: "Start `headrace up` here, name its folder with --data, or set database.path.")
        }
        return try await store()
    }

    /// How a runner is to work.
    ///
    /// - Parameters:
    ///   - allowsEveryBucket: whether messages may name any bucket when none is configured, as in an embedded cloud,
    ///     where all of them are the user's own.
    ///   - maximumBytes: the most bytes that a message may have.
    /// - Returns: the settings.
    func runnerSettings(allowsEveryBucket: Bool, maximumBytes: Int) -> RunnerSettings {
        let runner = configuration.runner
        let storage = configuration.storage
        let buckets = storage.allowedBuckets
        let host = Session.hostName.prefix(64)
        let id = runner.id ?? "\(host)-\(Self.processID)-\(Self.startMark)"
        return RunnerSettings(
            id: RunnerID(id), concurrency: runner.concurrency, visibility: configuration.queue.visibility,
            wait: configuration.queue.wait, grace: runner.grace,
            malformed: MalformedPolicy(rawValue: configuration.malformed.rawValue) ?? .deadLetter,
            outputBucket: storage.outputBucket, outputPrefix: storage.outputPrefix,
            stagingPrefix: storage.stagingPrefix, scratchDirectory: configuration.scratch.directory,
            rules: MessageRules(
                allowedBuckets: buckets.isEmpty && allowsEveryBucket ? nil : Set(buckets),
                maxAge: configuration.message.maxAge, maxAhead: configuration.message.maxAhead,
                maximumBytes: maximumBytes))
    }
}
