package import HandlerHosting
package import JobCore
package import Logging

/// Every setting of one `headrace` process, checked.
///
/// ``load(file:environment:overrides:)`` makes one from `headrace.yml`, the environment and flags; `init()` holds
/// the built-in defaults, which are those of the system that this one replaces where it had a word for them.
/// Relative paths in the file are relative to the file's folder, all others to the working directory.
package struct HeadraceConfiguration: Sendable, Hashable {
    /// The queue that jobs come from.
    package var queue = Queue()
    /// The queue that hopeless messages go to.
    package var deadLetter = DeadLetter()
    /// What happens to a message that is not a valid job.
    package var malformed: MalformedPolicy = .deadLetter
    /// Where inputs may come from and outputs go.
    package var storage = Storage()
    /// The database of jobs.
    package var database = Database()
    /// This process.
    package var runner = Runner()
    /// Bounds on messages.
    package var message = Message()
    /// Where handlers are found.
    package var handlers = Handlers()
    /// Local files of running jobs.
    package var scratch = Scratch()
    /// How AWS is reached.
    package var aws = AWS()
    /// What is logged, and how.
    package var log = Log()
    /// Attempts and waits of handlers whose manifest does not say.
    package var retry = RetryPolicy()

    /// Where each value came from, in the order of the manual; what `doctor --print-config` shows.
    package var entries: [ConfigurationEntry] = []
    /// The file that was read; `nil` without one.
    package var file: String?
    /// `HEADRACE_*` variables that name no setting, with the nearest one that does, as sentences.
    ///
    /// They are not errors because container platforms put variables such as `HEADRACE_SERVICE_HOST` there.
    package var warnings: [String] = []

    /// The built-in defaults.
    package init() {}
}

extension HeadraceConfiguration {
    /// The queue that jobs come from.
    package struct Queue: Sendable, Hashable {
        /// Its name; the URL is looked up unless ``url`` is set.
        package var name = "headrace-jobs"
        /// Its URL, for accounts that may not look it up.
        package var url: String?
        /// How long a received message stays hidden, 1 s to 12 h; renewed while its job runs.
        package var visibility: Duration = .seconds(300)
        /// How long one poll waits for a message, 0 s to 20 s.
        package var wait: Duration = .seconds(20)
        /// Deliveries before the queue itself dead-letters a message, 1 to 1,000.
        package var maxReceives = 3
        /// How long the queue keeps a message, 1 min to 14 days; used when it is created and by `doctor`.
        package var retention: Duration = .seconds(4 * 86_400)

        /// The defaults.
        package init() {}
    }

    /// The queue that hopeless messages go to.
    package struct DeadLetter: Sendable, Hashable {
        /// Its name; the job queue's name with `-dlq` unless it is set.
        package var name = "headrace-jobs-dlq"
        /// How long it keeps a message, 1 min to 14 days; used when it is created and by `doctor`.
        package var retention: Duration = .seconds(14 * 86_400)

        /// The defaults.
        package init() {}
    }

    /// What happens to a message that is not a valid job.
    package enum MalformedPolicy: String, Sendable, Hashable, CaseIterable {
        /// It goes to the dead-letter queue at once, unchanged and with reason attributes.
        case deadLetter = "dead-letter"
        /// It is logged and deleted.
        case delete
        /// It is logged and left to the queue's own redrive policy.
        case leave
    }

    /// Where inputs may come from and outputs go.
    package struct Storage: Sendable, Hashable {
        /// Buckets that messages may name; none when empty.
        package var allowedBuckets: [String] = []
        /// The bucket of all outputs; the bucket of the job's first input when `nil`.
        package var outputBucket: String?
        /// The prefix of published outputs; ends in `/`.
        package var outputPrefix = "results/"
        /// The prefix of outputs that are not committed yet; ends in `/` and never lies below ``outputPrefix``.
        ///
        /// A prefix of its own, so that listings of results never show half-done work and one lifecycle rule can
        /// expire what a crash left behind.
        package var stagingPrefix = "staging/"

        /// The defaults.
        package init() {}
    }

    /// The database of jobs.
    package struct Database: Sendable, Hashable {
        /// The SQLite file; made when it does not exist.
        package var path = "headrace.db"
        /// How long a call waits for another process's lock, 0 s to 5 min.
        package var busyTimeout: Duration = .seconds(5)

        /// The defaults.
        package init() {}
    }

    /// This process.
    package struct Runner: Sendable, Hashable {
        /// Jobs at a time, 1 to 256.
        package var concurrency = ConfigurationDefaults.processorCount
        /// How long running jobs may go on after SIGTERM, 0 s to 1 h.
        package var grace: Duration = .seconds(30)
        /// The name in leases and logs; made from host name and process when `nil`.
        package var id: String?

        /// The defaults.
        package init() {}
    }

    /// Bounds on messages.
    package struct Message: Sendable, Hashable {
        /// The oldest `submitted_at` that is accepted, 1 s to 14 days.
        package var maxAge: Duration = .seconds(86_400)
        /// How far `submitted_at` may lie in the future, 0 s to 1 day.
        package var maxAhead: Duration = .seconds(3_600)

        /// The defaults.
        package init() {}
    }

    /// Where handlers are found.
    package struct Handlers: Sendable, Hashable {
        /// Folders with one folder per handler; the first that has a name wins.
        ///
        /// The default is `handlers` beside this executable.
        package var directories = [ConfigurationDefaults.handlersDirectory]
        /// The `headrace-host` executable; the one beside this executable when `nil`.
        package var host: String?
        /// What happens where this machine lacks a layer of the handlers' confinement.
        package var isolation = IsolationPolicy.bestEffort
        /// Whether handlers that change while the runner runs take over; a SIGHUP looks at once.
        package var watch = true
        /// How often the folders are looked at beside what the system says of them, 100 ms to 1 h.
        package var rescan: Duration = .seconds(10)
        /// Signatures, grants, configurations and secrets.
        package var policy = OperatorPolicy()

        /// The defaults.
        package init() {}
    }

    /// What happens where handlers cannot be confined as they should.
    package enum IsolationPolicy: String, Sendable, Hashable, CaseIterable {
        /// They run with the layers that there are, and a warning tells of the others.
        case bestEffort = "best-effort"
        /// The runner does not start.
        case required
    }

    /// Local files of running jobs.
    package struct Scratch: Sendable, Hashable {
        /// The folder that holds one folder per running attempt; made when it does not exist.
        package var directory = "/tmp/headrace"

        /// The defaults.
        package init() {}
    }

    /// How AWS is reached; what is `nil` is left to the usual AWS files.
    package struct AWS: Sendable, Hashable {
        /// The region.
        package var region: String?
        /// The endpoint of all services, for servers other than AWS.
        package var endpointURL: String?
        /// The endpoint of SQS alone.
        package var sqsEndpointURL: String?
        /// The endpoint of S3 alone.
        package var s3EndpointURL: String?
        /// The profile in the shared AWS files.
        package var profile: String?

        /// The defaults.
        package init() {}

        /// The endpoint to use for SQS; `nil` for AWS's own.
        package var effectiveSQSEndpoint: String? { sqsEndpointURL ?? endpointURL }
        /// The endpoint to use for S3; `nil` for AWS's own.
        package var effectiveS3Endpoint: String? { s3EndpointURL ?? endpointURL }
    }

    /// How log lines are laid out.
    package enum LogFormat: String, Sendable, Hashable, CaseIterable {
        /// `pretty` on a terminal, else `json`.
        case auto
        /// One JSON object a line.
        case json
        /// Aligned text for people.
        case pretty
    }

    /// What is logged, and how.
    package struct Log: Sendable, Hashable {
        /// The least severe level that is written.
        package var level: Logger.Level = .info
        /// The layout.
        package var format: LogFormat = .auto

        /// The defaults.
        package init() {}
    }
}
