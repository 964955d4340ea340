/// What a probe process tells, in the order in which it happens.
///
/// The last event before the end of a process says where it ended.
package enum ProbeEvent: Codable, Sendable, Hashable {
    /// What the process looks like before the library is loaded.
    case began(ProcessSurroundings)
    /// The library and its entry point are there.
    case loaded
    /// The library cannot be loaded.
    case notLoaded(reason: String)
    /// What the entry point returned; `nil` for NULL.
    case table(HandlerTable?)
    /// `create` returned.
    case created(instance: Int, status: Int32, error: ReportedError?)
    /// `run` is about to be called.
    case started(run: Int)
    /// `cancel` is about to be called.
    case cancelling(run: Int)
    /// `run` returned.
    case ended(RunFacts)
    /// What the process looks like after so many repetitions.
    case repeated(count: Int, ProcessSurroundings)
    /// Calls that came after their run had ended.
    case late([Misuse])
    /// `destroy` returned for all instances.
    case destroyed
    /// The script is done.
    case finished(ProcessSurroundings)
}

/// What a handler's table says.
package struct HandlerTable: Codable, Sendable, Hashable {
    /// Its `size` member.
    package var sizeBytes: Int
    /// The size that this version of the header has.
    package var neededBytes: Int
    /// Its `abi_major` member.
    package var abiMajor: UInt32
    /// Its `min_host_minor` member.
    package var minHostMinor: UInt32
    /// The handler's name; empty when the table is too short.
    package var name: String
    /// The handler's version; empty when the table is too short.
    package var version: String
    /// What it was built with; empty when the table is too short.
    package var sdk: String
    /// Whether `create` and `run` are there.
    package var hasFunctions: Bool

    /// Makes a description.
    package init(
        sizeBytes: Int, neededBytes: Int, abiMajor: UInt32 = 0, minHostMinor: UInt32 = 0, name: String = "",
        version: String = "", sdk: String = "", hasFunctions: Bool = false
    ) {
        self.sizeBytes = sizeBytes
        self.neededBytes = neededBytes
        self.abiMajor = abiMajor
        self.minHostMinor = minHostMinor
        self.name = name
        self.version = version
        self.sdk = sdk
        self.hasFunctions = hasFunctions
    }
}

/// What a handler passed to `set_error`.
package struct ReportedError: Codable, Sendable, Hashable {
    /// The stable name.
    package var code: String
    /// The sentence.
    package var message: String

    /// Makes a report.
    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// A call that breaks the contract, and how often it came.
package struct Misuse: Codable, Sendable, Hashable {
    /// What was wrong with it, such as `log: the level is 7`.
    package var what: String
    /// How often.
    package var count: Int

    /// Makes a note.
    package init(what: String, count: Int) {
        self.what = what
        self.count = count
    }
}

/// What is known of a run that has returned.
package struct RunFacts: Codable, Sendable, Hashable {
    /// The run's place in the script, from 0.
    package var run: Int
    /// What `run` returned.
    package var status: Int32
    /// What the handler said about it.
    package var error: ReportedError?
    /// Whether the handler set a result.
    package var hasResult = false
    /// Names of the outputs that were opened, in order.
    package var outputs: [String] = []
    /// How many host calls were made.
    package var calls: Int64 = 0
    /// Bytes that reads of all inputs gave.
    package var bytesRead: Int64 = 0
    /// Bytes that writes of all outputs took.
    package var bytesWritten: Int64 = 0
    /// Checkpoints that were stored.
    package var checkpoints: Int64 = 0
    /// How often the fault of the conditions was met.
    package var faultsMet: Int64 = 0
    /// The time from telling the run to stop to its return, in milliseconds; `nil` when it was not told.
    package var stopMilliseconds: Int64?
    /// How long `run` took, in milliseconds.
    package var durationMilliseconds: Int64 = 0
    /// The process's largest resident memory so far, in bytes.
    package var peakMemoryBytes: Int64 = 0
    /// Calls that break the contract, made while the run was under way.
    package var misuses: [Misuse] = []

    /// Makes the facts of a run that did nothing.
    package init(run: Int, status: Int32) {
        self.run = run
        self.status = status
    }
}

/// What a handler shares with everything else in its process, and must leave as it is.
package struct ProcessSurroundings: Codable, Sendable, Hashable {
    /// Resident memory in bytes.
    package var residentBytes: Int64 = 0
    /// Open descriptors.
    package var descriptors: Int = 0
    /// Threads.
    package var threads: Int = 0
    /// The current directory.
    package var directory = ""
    /// The file mode creation mask.
    package var umask: UInt32 = 0
    /// The locale of all categories.
    package var locale = ""
    /// The signals whose disposition is not the default one.
    package var handledSignals: [Int32] = []
    /// The signals that are blocked.
    package var blockedSignals: [Int32] = []
    /// A digest of the environment's names and values.
    package var environmentDigest: Int64 = 0

    /// Surroundings to be filled in.
    package init() {}
}
