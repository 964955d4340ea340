/// One message between the runner and a host process.
package enum HostFrame: Sendable, Hashable {
    /// Runner to host, once: what to load and how to confine itself; may come with the library's descriptor.
    case hello(HostHello)
    /// Runner to host, once, instead of hello: confine yourself, try it, and say how it went.
    case probe
    /// Host to runner: the layers as they were found; the host exits next.
    case probed([HostLayer])
    /// Host to runner, once: the handler is loaded and made.
    case ready(HostReady)
    /// Host to runner, once, instead of ready: the handler cannot be used; the host exits next.
    case refused(HostRefusal)
    /// Runner to host: do one job; comes with one descriptor per input, in order.
    case run(HostRun)
    /// Runner to host: the run must stop soon.
    case cancel(run: UInt64)
    /// Host to runner: a log line of the handler; run 0 is its making.
    case log(HostLog)
    /// Host to runner: how far the run is.
    case progress(run: UInt64, fraction: Double, note: String)
    /// Host to runner, about once a second: the handler still calls the host.
    case alive(run: UInt64)
    /// Host to runner: the handler reads or writes what the runner keeps for it; one at a time.
    case stateRequest(HostStateRequest)
    /// Runner to host: what came of a state request.
    case stateReply(HostStateReply)
    /// Host to runner: a measurement of the handler.
    case metric(HostMetric)
    /// Host to runner: the run is over.
    case finished(HostFinish)
    /// Runner to host: no run follows; destroy the handler and exit.
    case bye
}

/// What a host process loads, and the limits that it sets for itself before it does.
package struct HostHello: Sendable, Hashable {
    /// The protocol's version; both sides come from one build, a difference is an installation fault.
    package static let protocolVersion: UInt32 = 2

    /// The runner's version, for handlers to log.
    package var runnerVersion: String
    /// The library's absolute path; for messages only where a descriptor comes with the frame.
    package var libraryPath: String
    /// Whether the library is the descriptor that comes with the frame.
    package var libraryIsDescriptor: Bool
    /// The name that the handler must have.
    package var handlerName: String
    /// The version that the handler must have.
    package var handlerVersion: String
    /// The configuration as JSON.
    package var config: [UInt8]
    /// The most private writable memory, in bytes; 0 for no limit.
    ///
    /// A backstop behind the runner's own watch.
    package var dataLimitBytes: UInt64
    /// The largest file that may be written, in bytes; 0 for no limit.
    package var fileLimitBytes: UInt64
    /// The most descriptors.
    package var openFiles: UInt32
    /// Whether sockets are refused.
    package var denyNetwork: Bool
    /// Whether starting processes is refused.
    package var denyProcesses: Bool
    /// Files and trees that may be read beside the system's libraries.
    package var readPaths: [String]
    /// Trees that may be written.
    package var writePaths: [String]
    /// Whether the handler is not loaded when a layer of confinement cannot be switched on.
    package var requiresConfinement: Bool
    /// The longest checkpoint of a job, in bytes.
    package var checkpointLimitBytes: UInt64
    /// The most bytes of all keys and values of the handler.
    package var keyValueLimitBytes: UInt64

    /// Makes a frame's content.
    package init(
        runnerVersion: String, libraryPath: String, libraryIsDescriptor: Bool, handlerName: String,
        handlerVersion: String, config: [UInt8], dataLimitBytes: UInt64, fileLimitBytes: UInt64, openFiles: UInt32,
        denyNetwork: Bool, denyProcesses: Bool, readPaths: [String], writePaths: [String],
        requiresConfinement: Bool, checkpointLimitBytes: UInt64, keyValueLimitBytes: UInt64
    ) {
        self.runnerVersion = runnerVersion
        self.libraryPath = libraryPath
        self.libraryIsDescriptor = libraryIsDescriptor
        self.handlerName = handlerName
        self.handlerVersion = handlerVersion
        self.config = config
        self.dataLimitBytes = dataLimitBytes
        self.fileLimitBytes = fileLimitBytes
        self.openFiles = openFiles
        self.denyNetwork = denyNetwork
        self.denyProcesses = denyProcesses
        self.readPaths = readPaths
        self.writePaths = writePaths
        self.requiresConfinement = requiresConfinement
        self.checkpointLimitBytes = checkpointLimitBytes
        self.keyValueLimitBytes = keyValueLimitBytes
    }
}

/// A host process that can run jobs.
package struct HostReady: Sendable, Hashable {
    /// The handler's major ABI version.
    package var abiMajor: UInt32
    /// The oldest host minor version that the handler can live with.
    package var minHostMinor: UInt32
    /// What the handler was built with.
    package var sdk: String
    /// The host's process identifier.
    package var pid: Int32
    /// The layers of its confinement.
    package var layers: [HostLayer]

    /// Makes a frame's content.
    package init(abiMajor: UInt32, minHostMinor: UInt32, sdk: String, pid: Int32, layers: [HostLayer]) {
        self.abiMajor = abiMajor
        self.minHostMinor = minHostMinor
        self.sdk = sdk
        self.pid = pid
        self.layers = layers
    }
}

/// Why a handler cannot be used.
package struct HostRefusal: Sendable, Hashable {
    /// A stable name.
    package var code: String
    /// One sentence.
    package var message: String
    /// Whether a later try may succeed.
    package var isPassing: Bool

    /// Makes a frame's content.
    package init(code: String, message: String, isPassing: Bool) {
        self.code = code
        self.message = message
        self.isPassing = isPassing
    }
}

/// One run for a host process.
package struct HostRun: Sendable, Hashable {
    /// An output that the run may make.
    package struct Output: Sendable, Hashable {
        /// The name in the manifest.
        package var name: String
        /// The media type where the handler gives none.
        package var contentType: String

        /// Makes an output's description.
        package init(name: String, contentType: String) {
            self.name = name
            self.contentType = contentType
        }
    }

    /// The run's number, unique in this process, from 1.
    package var run: UInt64
    /// The job's identifier.
    package var jobID: String
    /// The attempt's number, from 1.
    package var attempt: Int64
    /// The parameters as JSON.
    package var payload: [UInt8]
    /// Names of inputs, in the order of their descriptors.
    package var inputs: [String]
    /// Outputs that the run may make.
    package var outputs: [Output]
    /// Where outputs are made, one file each, named as the output.
    package var outputDirectory: String
    /// The handler's own directory.
    package var scratchDirectory: String
    /// The deadline on the machine's monotonic clock, in nanoseconds.
    package var deadlineNanoseconds: Int64
    /// The most bytes of all outputs together.
    package var outputLimitBytes: UInt64

    /// Makes a frame's content.
    package init(
        run: UInt64, jobID: String, attempt: Int64, payload: [UInt8], inputs: [String], outputs: [Output],
        outputDirectory: String, scratchDirectory: String, deadlineNanoseconds: Int64, outputLimitBytes: UInt64
    ) {
        self.run = run
        self.jobID = jobID
        self.attempt = attempt
        self.payload = payload
        self.inputs = inputs
        self.outputs = outputs
        self.outputDirectory = outputDirectory
        self.scratchDirectory = scratchDirectory
        self.deadlineNanoseconds = deadlineNanoseconds
        self.outputLimitBytes = outputLimitBytes
    }
}

/// A log line of a handler.
package struct HostLog: Sendable, Hashable {
    /// The run; 0 while the handler is made.
    package var run: UInt64
    /// 0 debug, 1 info, 2 warning, 3 error.
    package var level: Int32
    /// The text.
    package var message: String
    /// Keys and values, in order.
    package var fields: [Field]

    /// One key and value.
    package struct Field: Sendable, Hashable {
        /// The key.
        package var key: String
        /// The value.
        package var value: String

        /// Makes a field.
        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// Makes a frame's content.
    package init(run: UInt64, level: Int32, message: String, fields: [Field]) {
        self.run = run
        self.level = level
        self.message = message
        self.fields = fields
    }
}

/// How a run ended in its host process.
package struct HostFinish: Sendable, Hashable {
    /// A file that the run made.
    package struct Output: Sendable, Hashable {
        /// The name in the manifest; also the file's name.
        package var name: String
        /// The file's size.
        package var sizeBytes: UInt64
        /// The media type.
        package var contentType: String

        /// Makes an output's description.
        package init(name: String, sizeBytes: UInt64, contentType: String) {
            self.name = name
            self.sizeBytes = sizeBytes
            self.contentType = contentType
        }
    }

    /// The run's number.
    package var run: UInt64
    /// What the handler returned; one of the ABI's status constants.
    package var status: Int32
    /// The handler's error code; empty where it gave none.
    package var code: String
    /// The handler's error message.
    package var message: String
    /// More about the error as a JSON object; empty where the handler gave none.
    package var details: [UInt8]
    /// The wait before the next attempt in milliseconds; -1 when open.
    package var retryAfterMilliseconds: Int64
    /// The result as JSON; empty where the handler gave none.
    package var result: [UInt8]
    /// Files, complete and closed, in the order in which they were opened.
    package var outputs: [Output]
    /// The peak resident memory during the run, in bytes; 0 when unknown.
    package var peakMemoryBytes: UInt64
    /// Log lines that were over the rate and are not kept.
    package var droppedLogLines: UInt64

    /// Makes a frame's content.
    package init(
        run: UInt64, status: Int32, code: String = "", message: String = "", details: [UInt8] = [],
        retryAfterMilliseconds: Int64 = -1, result: [UInt8] = [], outputs: [Output] = [], peakMemoryBytes: UInt64 = 0,
        droppedLogLines: UInt64 = 0
    ) {
        self.run = run
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.result = result
        self.outputs = outputs
        self.peakMemoryBytes = peakMemoryBytes
        self.droppedLogLines = droppedLogLines
    }
}
