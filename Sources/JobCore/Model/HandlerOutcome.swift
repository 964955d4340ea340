package import PureJSON

/// How one run of a handler ended.
package enum HandlerOutcome: Sendable, Hashable {
    /// It finished; the value is its result.
    case completed(JSONValue)
    /// The caller's fault; never retried.
    case invalidInput(code: String, message: String)
    /// A passing fault; retried, not earlier than `after` where given.
    case retry(after: Duration?, code: String, message: String)
    /// A permanent fault of the handler or its configuration.
    case failed(code: String, message: String)
    /// It stopped because it was told to.
    case cancelled
    /// It ran into a limit.
    case resourceExhausted(limit: String, message: String)
    /// Its process died.
    case crashed(signal: Int32?, exitCode: Int32?, message: String)
    /// It did not finish by its deadline and was killed.
    case timedOut(after: Duration)
}

/// One file that a handler produced, still on this machine.
package struct ProducedOutput: Sendable, Hashable {
    /// The output's name in the manifest, such as `scores.csv`.
    package let name: String
    /// The file in the job's scratch directory.
    package let path: String
    /// The file's size.
    package let sizeBytes: Int64
    /// The media type to publish it with.
    package let contentType: String

    /// Makes a description of a file.
    package init(name: String, path: String, sizeBytes: Int64, contentType: String) {
        self.name = name
        self.path = path
        self.sizeBytes = sizeBytes
        self.contentType = contentType
    }
}

/// What is known about one run of a handler, however it ended.
package struct HandlerReport: Sendable, Hashable {
    /// How it ended.
    package var outcome: HandlerOutcome
    /// Files to publish; empty unless it completed.
    package var outputs: [ProducedOutput]
    /// The last log lines of the handler and its process, oldest first, at most 20.
    package var lastLogLines: [String]
    /// What the handler last said about its progress, such as `25 % (quarter)`.
    package var lastProgress: String?
    /// What the handler added to its error, an object.
    package var details: JSONValue?
    /// What the handler measured.
    package var metrics: HandlerMetrics
    /// The peak resident memory of its process; `nil` where it could not be read.
    package var peakMemoryBytes: Int64?
    /// How long the run took.
    package var duration: Duration
    /// The handler's version.
    package var handlerVersion: String

    /// Makes a report.
    package init(
        outcome: HandlerOutcome, outputs: [ProducedOutput] = [], lastLogLines: [String] = [],
        lastProgress: String? = nil, details: JSONValue? = nil, metrics: HandlerMetrics = HandlerMetrics(),
        peakMemoryBytes: Int64? = nil, duration: Duration = .zero, handlerVersion: String = ""
    ) {
        self.outcome = outcome
        self.outputs = outputs
        self.lastLogLines = lastLogLines
        self.lastProgress = lastProgress
        self.details = details
        self.metrics = metrics
        self.peakMemoryBytes = peakMemoryBytes
        self.duration = duration
        self.handlerVersion = handlerVersion
    }
}
