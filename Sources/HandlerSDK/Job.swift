/// One run: its inputs, outputs, and what it may tell and ask the runner.
///
/// Usable from any thread until `run` returns; later calls do nothing or fail with code `stale-handle`.
public struct Job: Sendable {
    private let backend: any JobBackend

    init(backend: any JobBackend) { self.backend = backend }

    /// The job's identifier: 1 to 128 of `A-Z a-z 0-9 . _ : -`.
    public var jobID: String { backend.jobID }

    /// The attempt's number, from 1.
    public var attempt: Int { backend.attempt }

    /// Writes log lines.
    public var log: JobLog { JobLog(backend: backend) }

    /// Reports measurements.
    public var metrics: JobMetrics { JobMetrics(backend: backend) }

    /// What the attempt before left behind, and what this one leaves.
    public var checkpoint: JobCheckpoint { JobCheckpoint(backend: backend) }

    /// Small values that outlive this job.
    public var store: JobStore { JobStore(backend: backend) }

    /// Opens an input at its start; each call gives a reader of its own.
    ///
    /// - Parameter name: the name in the manifest.
    /// - Returns: a reader.
    /// - Throws: ``HandlerError/invalidInput(code:message:row:column:hint:details:)`` with code `input-missing` when
    ///   the job has no such input.
    public func input(_ name: String) throws(HandlerError) -> JobInput {
        guard let input = try inputIfPresent(name) else {
            throw .invalidInput(code: "input-missing", message: "the job has no input named \(name)")
        }
        return input
    }

    /// Opens an input that a job need not have.
    ///
    /// - Parameter name: the name in the manifest.
    /// - Returns: a reader; `nil` when the job has no such input.
    /// - Throws: ``HandlerError`` when it cannot be opened.
    public func inputIfPresent(_ name: String) throws(HandlerError) -> JobInput? {
        try backend.openInput(name).map { JobInput(name: name, source: $0, backend: backend) }
    }

    /// Starts an output; each name once in a run.
    ///
    /// - Parameters:
    ///   - name: the name in the manifest, such as `report.json`.
    ///   - contentType: the media type to publish it with; empty for the manifest's.
    /// - Returns: a writer; closed when `run` returns, if not before.
    /// - Throws: ``HandlerError`` when the name is not allowed or the file cannot be made.
    public func output(_ name: String, contentType: String = "") throws(HandlerError) -> JobOutput {
        JobOutput(name: name, sink: try backend.openOutput(name, contentType: contentType))
    }

    /// Tells how far the run is; cheap enough for every block, the runner keeps the newest.
    ///
    /// - Parameters:
    ///   - fraction: 0...1; clamped.
    ///   - note: a few words for people.
    public func progress(_ fraction: Double, _ note: String = "") {
        backend.progress(fraction.isNaN ? 0 : min(max(fraction, 0), 1), note: note)
    }

    /// Whether the run must stop soon.
    public var isCancelled: Bool { Task.isCancelled || backend.isCancelled }

    /// Stops the run when it was told to; to be called once a block.
    ///
    /// - Throws: ``HandlerError/cancelled``.
    public func checkCancelled() throws(HandlerError) {
        if isCancelled { throw .cancelled }
    }

    /// The time until the deadline; zero when it has passed.
    public var timeLeft: Duration { backend.timeLeft }

    /// The wall time, as the time since 1970-01-01T00:00:00Z.
    ///
    /// The only source of time that a handler may put into its outputs.
    public var wallTime: Duration { backend.wallTime }

    /// Time since an arbitrary start that never goes back.
    public var uptime: Duration { backend.uptime }

    /// A clock to measure and to wait with.
    public var clock: JobClock { JobClock(backend: backend) }

    /// Random numbers of this run.
    public var random: JobRandom { JobRandom(backend: backend) }

    /// The absolute path of an empty directory for this run alone.
    ///
    /// - Returns: the path.
    /// - Throws: ``HandlerError`` when there is none.
    public func scratchDirectory() throws(HandlerError) -> String { try backend.scratchDirectory() }
}

/// Writes the log lines of one run.
public struct JobLog: Sendable {
    let backend: any JobBackend

    /// Writes a line that only a developer wants.
    ///
    /// - Parameters:
    ///   - message: fixed text; no cell of the input.
    ///   - fields: what varies.
    public func debug(_ message: String, _ fields: [String: String] = [:]) {
        write(.debug, message, fields)
    }

    /// Writes a line about the normal course.
    ///
    /// - Parameters:
    ///   - message: fixed text; no cell of the input.
    ///   - fields: what varies.
    public func info(_ message: String, _ fields: [String: String] = [:]) {
        write(.info, message, fields)
    }

    /// Writes a line that the operator may act on.
    ///
    /// - Parameters:
    ///   - message: fixed text; no cell of the input.
    ///   - fields: what varies.
    public func warning(_ message: String, _ fields: [String: String] = [:]) {
        write(.warning, message, fields)
    }

    /// Writes a line that the operator must act on.
    ///
    /// - Parameters:
    ///   - message: fixed text; no cell of the input.
    ///   - fields: what varies.
    public func error(_ message: String, _ fields: [String: String] = [:]) {
        write(.error, message, fields)
    }

    private func write(_ level: JobLogLevel, _ message: String, _ fields: [String: String]) {
        backend.log(level, message, fields: fields)
    }
}

/// How much a log line matters.
public enum JobLogLevel: Int32, Sendable, Hashable, CaseIterable {
    /// For developers.
    case debug = 0
    /// The normal course.
    case info = 1
    /// The operator may act.
    case warning = 2
    /// The operator must act.
    case error = 3
}

/// The random numbers of one run: from the system in production, from a seed in tests.
public struct JobRandom: RandomNumberGenerator, Sendable {
    let backend: any JobBackend

    /// The next 64 random bits.
    ///
    /// - Returns: the bits.
    public mutating func next() -> UInt64 { backend.randomWord() }
}
