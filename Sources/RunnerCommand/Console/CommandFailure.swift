import JobCore

/// What the process's exit code tells a script.
enum ExitStatus: Int32, Sendable, Hashable, CaseIterable {
    /// Done.
    case ok = 0
    /// The job failed, was cancelled or has no result.
    case jobFailed = 1
    /// The command line is wrong.
    case usage = 2
    /// The configuration, the credentials or the set-up is wrong.
    case configuration = 3
    /// A dependency (S3, SQS, the database, a port, the disk) cannot be reached or used.
    case unreachable = 4
    /// Interrupted from the keyboard.
    case interrupted = 130
    /// Told to terminate a second time, before the drain was done.
    case terminated = 143
}

/// Why a command gives up: one sentence, what to do next, and the exit code.
struct CommandFailure: Error, Sendable, Hashable {
    /// The exit code.
    var status: ExitStatus
    /// What is wrong, in one sentence.
    var message: String
    /// What to do next.
    var nextStep: String?

    /// Makes a failure.
    init(_ status: ExitStatus, _ message: String, next nextStep: String? = nil) {
        self.status = status
        self.message = message
        self.nextStep = nextStep
    }
}

extension CommandFailure {
    /// A service or the local disk said no.
    init(_ error: DependencyError) {
        switch error.kind {
        case .unavailable:
            self.init(
                .unreachable, error.description,
                next: "Check that the service runs and the endpoint is right with `headrace doctor`.")
        case .denied:
            self.init(
                .configuration, error.description,
                next: "Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the rights behind them.")
        case .notFound:
            self.init(
                .configuration, error.description,
                next: "Check the name, or create queues and buckets with `headrace queue create`.")
        case .stale, .invalid: self.init(.configuration, error.description)
        case .localStorage:
            self.init(.unreachable, error.description, next: "Free disk space or choose another directory.")
        case .cancelled: self.init(.interrupted, "interrupted")
        }
    }

    /// The job database said no.
    init(_ error: JobStoreError) {
        switch error {
        case .busy: self.init(.unreachable, error.description, next: "Try again in a moment.")
        case .unreachable: self.init(.unreachable, error.description, next: "Check the path with `headrace doctor`.")
        case .storage, .corrupt: self.init(.unreachable, error.description)
        case .schema: self.init(.configuration, error.description, next: "Run `headrace db migrate`.")
        case .cancelled: self.init(.interrupted, "interrupted")
        }
    }
}
