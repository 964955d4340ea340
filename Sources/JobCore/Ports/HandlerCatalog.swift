package import PureJSON

/// What the runner must know of a handler before it runs one of its jobs.
package struct HandlerDescription: Sendable, Hashable {
    /// The name that messages use.
    package var name: String
    /// The version in the manifest.
    package var version: String
    /// A sentence for people.
    package var title: String
    /// Names of inputs that a job must have.
    package var requiredInputs: [String]
    /// Names of inputs that a job may have.
    package var optionalInputs: [String]
    /// Names of outputs that a run may produce; the first is the main one.
    package var outputs: [String]
    /// How long one run may take.
    package var timeout: Duration
    /// Attempts and the waits between them.
    package var retry: RetryPolicy
    /// Where inputs may come from; `nil` for wherever jobs may.
    package var reads: [ObjectPrefix]?
    /// Where outputs may go; `nil` for wherever the runner publishes.
    package var writes: [ObjectPrefix]?

    /// Makes a description.
    package init(
        name: String, version: String, title: String = "", requiredInputs: [String] = [],
        optionalInputs: [String] = [], outputs: [String] = [], timeout: Duration = .seconds(300),
        retry: RetryPolicy = RetryPolicy(), reads: [ObjectPrefix]? = nil, writes: [ObjectPrefix]? = nil
    ) {
        self.name = name
        self.version = version
        self.title = title
        self.requiredInputs = requiredInputs
        self.optionalInputs = optionalInputs
        self.outputs = outputs
        self.timeout = timeout
        self.retry = retry
        self.reads = reads
        self.writes = writes
    }
}

/// One run of a handler, ready to start.
package struct HandlerInvocation: Sendable, Hashable {
    /// The handler's name.
    package var handler: String
    /// The job.
    package var jobID: JobID
    /// The attempt's fencing token.
    package var epoch: Epoch
    /// The attempt's number, from 1.
    package var attempt: Int
    /// The job's parameters.
    package var params: JSONValue
    /// Input name to a local file.
    package var inputs: [String: String]
    /// An empty directory for this run alone; outputs are written below it.
    package var scratchDirectory: String
    /// How long the run may take.
    package var timeout: Duration

    /// Makes an invocation.
    package init(
        handler: String, jobID: JobID, epoch: Epoch, attempt: Int, params: JSONValue, inputs: [String: String],
        scratchDirectory: String, timeout: Duration
    ) {
        self.handler = handler
        self.jobID = jobID
        self.epoch = epoch
        self.attempt = attempt
        self.params = params
        self.inputs = inputs
        self.scratchDirectory = scratchDirectory
        self.timeout = timeout
    }
}

/// Something that a handler said while it ran.
package enum HandlerSignal: Sendable, Hashable {
    /// How far it is, 0...1, and a note for people.
    case progress(fraction: Double, note: String)
    /// A log line with fields.
    case log(level: String, message: String, fields: [String: String])
}

/// The handlers that this runner can run.
package protocol HandlerCatalog: Sendable {
    /// All handlers, sorted by name.
    func descriptions() -> [HandlerDescription]

    /// One handler; `nil` when the catalogue does not have it.
    func description(of name: String) -> HandlerDescription?

    /// Why a handler that is installed cannot be used; `nil` when it can, or when nothing of that name is installed.
    func loadFault(of name: String) -> String?

    /// Checks a job's parameters against the handler's schema.
    ///
    /// - Returns: `nil` when they fit, else the JSON Pointer below `params` and what was expected and found.
    func faultInParams(_ params: JSONValue, for handler: String) -> (pointer: String, reason: String)?

    /// Runs a handler to its end and reports, whatever happens to it.
    ///
    /// Cancelling the task asks the handler to stop and, after its grace period, kills it; the report still comes.
    func run(
        _ invocation: HandlerInvocation, onSignal: @escaping @Sendable (HandlerSignal) -> Void
    ) async -> HandlerReport

    /// Stops all host processes; to be called once, when no run is under way.
    func shutdown() async
}
