import AWSAdapters
import HandlerHosting
import JobCore
import JobRunner
import Logging
import PureJSON

/// A runner whose every dependency has been reached once: what `run`, `up` and `demo` start.
struct RunnerAssembly: Sendable {
    /// The runner, not yet running.
    let runner: Runner
    /// Its settings.
    let settings: RunnerSettings
    /// Its handlers.
    let catalog: any HandlerCatalog
    /// The queue it takes jobs from.
    let queue: SQSMessageQueue
    /// The queue for hopeless messages.
    let deadLetterQueue: SQSMessageQueue
    /// Its objects.
    let objects: S3ObjectStore
    /// Its database.
    let store: any JobStore
    /// What keeps the handlers up to date; `nil` when they stay as they are.
    let refresh: HandlersRefresh?
    /// What is wrong but does not keep it from starting.
    let warnings: [String]

    /// Reaches everything and puts a runner together.
    ///
    /// - Throws: the first thing that keeps jobs from running, with what to do.
    static func make(
        _ composition: Composition, allowsEveryBucket: Bool, logger: Logger
    ) async throws(CommandFailure) -> RunnerAssembly {
        let session = composition.session
        var warnings: [String] = []
        _ = try await composition.resolvedCredentials()
        let queue = try await composition.queue()
        let deadLetterQueue = try await composition.deadLetterQueue()
        let attributes: QueueAttributes
        let deadLetterAttributes: QueueAttributes
        do {
            attributes = try await queue.attributes()
            deadLetterAttributes = try await deadLetterQueue.attributes()
        } catch {
            throw CommandFailure(error)
        }
        let database = try await composition.store()
        let (catalog, faults) = try await composition.handlers(state: database, logger: logger)
        warnings += faults
        warnings += try await composition.isolation().filter { !$0.isOn }.map {
            "handlers run without \($0.name): \($0.why)"
        }
        if let ambiguity = catalog.ambiguities.first {
            throw CommandFailure(
                .configuration, ambiguity.description, next: "See who takes what with `headrace handler list`.")
        }
        guard !catalog.descriptions().isEmpty else {
            throw CommandFailure(
                .configuration,
                "no handler could be loaded from \(session.configuration.handlers.directories.joined(separator: ", "))",
                next: faults.first ?? "Set handlers.directories to folders with one folder per handler.")
        }
        let store = session.placed(database)
        let scratch = session.configuration.scratch.directory
        try LocalFile.makeDirectory(scratch, mode: 0o700)
        try LocalFile.checkWritable(scratch)
        let findings =
            QueueChecks.findings(
                attributes, settings: session.configuration,
                longestTimeout: catalog.descriptions().map(\.timeout).max(), isEmbedded: session.data != nil)
            + QueueChecks.deadLetterFindings(
                deadLetterAttributes, source: attributes, settings: session.configuration)
        warnings += findings.filter { $0.severity == .warning }.map { "\($0.found); \($0.fix ?? "")" }
        let settings = composition.runnerSettings(
            allowsEveryBucket: allowsEveryBucket, maximumBytes: attributes.maximumMessageSize)
        let objects = try await composition.objects()
        let ports = RunnerPorts(
            queue: queue, deadLetterQueue: deadLetterQueue, objects: objects, store: store,
            handlers: session.placed(catalog),
            clock: session.clock, random: session.random)
        return RunnerAssembly(
            runner: Runner(settings: settings, ports: ports, logger: logger), settings: settings, catalog: catalog,
            queue: queue, deadLetterQueue: deadLetterQueue, objects: objects, store: store,
            refresh: try composition.handlersRefresh(of: catalog, state: database, logger: logger), warnings: warnings)
    }

    /// What the runner is and where its things are, for the banner.
    func facts(_ session: Session) -> [(label: String, value: String)] {
        let configuration = session.configuration
        let handlers = catalog.descriptions().map { "\($0.name) \($0.version)" }.joined(separator: ", ")
        let buckets = settings.rules.allowedBuckets.map { $0.sorted().joined(separator: ", ") } ?? "all"
        return [
            ("runner", "\(settings.id), \(settings.concurrency) jobs at a time"),
            ("queue", "\(queue.queueURL)"), ("dead letters", deadLetterQueue.name), ("buckets", buckets),
            ("handlers", handlers), ("database", configuration.database.path),
            ("scratch", settings.scratchDirectory),
            ("configuration", configuration.file ?? "defaults and environment"),
        ]
    }
}
