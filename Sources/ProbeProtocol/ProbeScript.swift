/// What a probe process does with one handler: which host it plays, and the runs that it starts.
///
/// Goes as one JSON text from the checker to `headrace-probe`.
package struct ProbeScript: Codable, Sendable, Hashable {
    /// Which function table the handler is offered.
    package enum Table: String, Codable, Sendable {
        /// As the production host's.
        case current
        /// The same members with an unreadable page behind the last one: a look past `size` is a crash.
        case exact
        /// A later minor version with more members at the end; a call of one of those is recorded.
        case future
    }

    /// How the runs follow each other.
    package enum Order: String, Codable, Sendable {
        case oneByOne
        /// All at once, each on a thread of its own.
        case together
    }

    /// The library's absolute path.
    package var libraryPath: String
    /// The function table on offer.
    package var table = Table.current
    /// What `create` gets, byte for byte; an object with `handlerDirectory` except where a case breaks it on purpose.
    package var config: String
    /// How many instances are made, all before the first run.
    package var instances = 1
    /// The runs.
    package var runs: [ProbeRun] = []
    /// How the runs follow each other.
    package var order = Order.oneByOne
    /// How many times the runs are done, each time from the start; only the last are reported one by one.
    package var repetitions = 1
    /// How long the probe listens, after a run, for calls that come too late, in milliseconds.
    package var lateCallMilliseconds = 0
    /// How the process is confined; `nil` under watch, where the checker answers for each system call.
    package var confinement: Confinement? = Confinement()

    /// The layers that a production host sets for itself before it loads a library.
    package struct Confinement: Codable, Sendable, Hashable {
        /// The most private writable memory, in bytes; 0 for no limit.
        package var dataLimitBytes: Int64 = 0
        /// The most descriptors; 0 for no limit.
        package var openFiles: UInt32 = 0
        /// Files and trees that may be read beside the system's own.
        package var readPaths: [String] = []
        /// Trees that may be written.
        package var writePaths: [String] = []
        /// Whether sockets are refused.
        package var deniesNetwork = true
        /// Whether starting processes is refused.
        package var deniesProcesses = true

        /// The strictest confinement without limits.
        package init() {}
    }

    /// Makes a script without runs.
    package init(libraryPath: String, config: String) {
        self.libraryPath = libraryPath
        self.config = config
    }
}

/// One run in a probe process.
package struct ProbeRun: Codable, Sendable, Hashable {
    /// An input of a run.
    package struct Input: Codable, Sendable, Hashable {
        /// The name in the manifest.
        package var name: String
        /// A file; its bytes are the input's, repeated up to ``sizeBytes``.
        package var path: String
        /// The input's size; `nil` for the file's own.
        package var sizeBytes: Int64?

        /// Makes an input.
        package init(name: String, path: String, sizeBytes: Int64? = nil) {
            self.name = name
            self.path = path
            self.sizeBytes = sizeBytes
        }
    }

    /// Which instance runs, from 0.
    package var instance = 0
    /// The job's identifier.
    package var jobID = "check-1"
    /// The attempt's number, from 1.
    package var attempt: Int64 = 1
    /// The parameters as JSON.
    package var payload: String
    /// The inputs that the job brings.
    package var inputs: [Input]
    /// Names of outputs that the run may make.
    package var outputs: [String]
    /// An existing directory for this run: `outputs/NAME`, `result.json`, `scratch/`.
    package var directory: String
    /// A directory that outlives runs: `checkpoint`, and one `kv-…` file for each key.
    package var stateDirectory: String
    /// Whether there is no checkpoint, as for a job that was done before; else an earlier attempt's may be there.
    package var startsAfresh = false
    /// What the host does to the run.
    package var conditions = ProbeConditions()

    /// Makes a run under fair conditions.
    package init(
        payload: String, inputs: [Input], outputs: [String], directory: String, stateDirectory: String
    ) {
        self.payload = payload
        self.inputs = inputs
        self.outputs = outputs
        self.directory = directory
        self.stateDirectory = stateDirectory
    }

    /// Where the outputs of this run are.
    package var outputDirectory: String { directory + "/outputs" }
    /// The handler's own directory.
    package var scratchDirectory: String { directory + "/scratch" }
    /// Where the result is, when the handler set one.
    package var resultPath: String { directory + "/result.json" }
}

/// What the host does to one run; everything here is within the rules of the C header.
package struct ProbeConditions: Codable, Sendable, Hashable {
    /// When something happens.
    package enum Moment: Codable, Sendable, Hashable {
        /// Before `run` is called.
        case beforeStart
        /// At the read that would go past this many bytes of all inputs together.
        case bytesRead(Int64)
        /// At the n-th host call, from 1.
        case call(Int64)
        /// At the call that sets the result.
        case result
    }

    /// A host function that fails from some moment on.
    package struct Fault: Codable, Sendable, Hashable {
        /// The kinds of calls that can fail.
        package enum Place: String, Codable, Sendable {
            case openInput, read, seek, openOutput, write, close, checkpoint, keyValue, random
        }

        /// Which function.
        package var place: Place
        /// What it returns: one of the header's `JH_E_` codes.
        package var code: Int32
        /// `read` and `write`: how many bytes pass before the first failure.
        package var afterBytes: Int64

        /// Makes a fault.
        package init(_ place: Place, code: Int32, afterBytes: Int64 = 0) {
            self.place = place
            self.code = code
            self.afterBytes = afterBytes
        }
    }

    /// The most bytes that one `read` gives; `nil` for all that was asked for.
    package var bytesPerRead: Int64?
    /// The most bytes that one `write` takes; `nil` for all that was given.
    package var bytesPerWrite: Int64?
    /// A function that fails.
    package var fault: Fault?
    /// When the run is told to stop.
    package var cancelAt: Moment?
    /// How many times the handler's `cancel` is called then.
    package var cancelCalls = 1
    /// When the process kills itself with SIGKILL.
    package var killAt: Moment?
    /// After which stored checkpoint, from 1, the process kills itself with SIGKILL.
    package var killAfterCheckpoint: Int64?
    /// The time until the deadline, in milliseconds; it stands still.
    package var timeLeftMilliseconds: Int64 = 300_000
    /// The wall time that the handler sees first, in nanoseconds since 1970.
    package var wallNanoseconds: Int64 = 1_790_000_000_000_000_000
    /// How far each look at the wall clock moves it, in nanoseconds; may be negative, as when a clock is set back.
    package var wallStepNanoseconds: Int64 = 1_000_000
    /// The longest checkpoint, in bytes.
    package var checkpointLimitBytes: Int64 = 1 << 20
    /// The longest value of a key, in bytes.
    package var keyValueLimitBytes: Int64 = 1 << 20
    /// The seed of the random bytes.
    package var seed: Int64 = 1

    /// Fair conditions.
    package init() {}
}
