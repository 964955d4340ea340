/// What is there at the start of a run.
package struct Setup: Sendable, Hashable {
    /// The queues, dead-letter queues not included; the first is meant where none is named.
    package var queues: [QueueSetup] = []
    /// The runners that are started before the first step.
    package var runners: [RunnerSetup] = []
    /// Where jobs are kept.
    package var database = DatabaseSetup()
    /// The inputs.
    package var data: [DataSetup] = []
    /// How runners come by credentials.
    package var credentials = CredentialSetup()
    /// Variables in the environment of all runners, in the order of the file.
    package var environment: [EnvironmentVariable] = []
}

/// A variable in the environment of runners.
package struct EnvironmentVariable: Sendable, Hashable {
    package var name: String
    package var value: String
}

/// A queue and its dead-letter queue.
package struct QueueSetup: Sendable, Hashable {
    package var name: String
    package var visibility = Duration.seconds(30)
    package var maximumReceives = 3
    /// The name of the dead-letter queue; `nil` for none.
    package var deadLetterQueue: String?
    package var retention = Duration.seconds(4 * 86_400)
    package var deadLetterRetention = Duration.seconds(14 * 86_400)
    /// Where it stands.
    package var place: SourcePlace
}

/// One runner.
package struct RunnerSetup: Sendable, Hashable {
    /// A handler in a version.
    package struct Handler: Sendable, Hashable {
        package var name: String
        package var version = HandlerVersionWord.current
    }

    /// What a job may use; `nil` for no limit of the scenario's.
    package struct Limits: Sendable, Hashable {
        package var memoryBytes: Int64?
        package var wallTime: Duration?
        package var scratchBytes: Int64?
    }

    package var id: String
    package var concurrency = 1
    package var handlers: [Handler] = []
    /// How long it may drain.
    package var grace = Duration.seconds(20)
    /// Where handlers run; `nil` for the runner's own choice.
    package var isolation: IsolationWord?
    package var limits = Limits()
    /// How much later it is started again when it exits; `nil` for never.
    package var restartAfter: Duration?
    /// How far its clock is ahead.
    package var clockSkew = Duration.zero
    /// How fast its clock goes.
    package var clockDrift = 1.0
    package var binary = BinaryWord.current
    /// Where it stands.
    package var place: SourcePlace
}

/// Where jobs are kept.
package struct DatabaseSetup: Sendable, Hashable {
    package var kind = DatabaseKind.sqlite
    /// Whether all runners use one.
    package var isShared = true
}

/// One input.
package struct DataSetup: Sendable, Hashable {
    /// What it is made of.
    package enum Source: Sendable, Hashable {
        /// So many made-up rows.
        case rows(SampleTable, count: Computed<Int64>, seed: UInt64)
        /// Made-up rows up to so many bytes.
        case bytes(SampleTable, count: Int64, seed: UInt64)
        /// A text.
        case text(String)
        /// A file, from the scenario's folder.
        case file(String)
    }

    /// The name that `${data.NAME}` uses.
    package var name: String
    package var source: Source
    /// Where it stands.
    package var place: SourcePlace
}

/// How runners come by credentials.
package struct CredentialSetup: Sendable, Hashable {
    /// What is wrong with the first refreshes.
    package struct RefreshFault: Sendable, Hashable {
        package var error: ServiceError
        package var times = 1
    }

    package var source = CredentialSource.static
    /// How long they are good; `nil` for ever.
    package var lifetime: Duration?
    package var refreshFault: RefreshFault?
}
