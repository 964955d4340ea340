public import PureJSON

/// Runs a handler in memory, for unit tests: no runner, no host process, no files.
public enum JobTest {
    /// What one run did.
    public struct Report: Sendable {
        /// The result, or how the run ended without one.
        public let outcome: Swift.Result<JSONValue, HandlerError>
        /// Output name to its bytes; also those of a run that failed.
        public let outputs: [String: [UInt8]]
        /// Output name to the media type that it was opened with.
        public let contentTypes: [String: String]
        /// The log lines in order.
        public let logs: [LogLine]
        /// The progress notes in order.
        public let progress: [Progress]

        /// The result, when the run completed.
        public var result: JSONValue? { try? outcome.get() }

        /// The error, when it did not.
        public var error: HandlerError? {
            guard case .failure(let error) = outcome else { return nil }
            return error
        }

        /// An output as text; `nil` when there is none of that name.
        ///
        /// - Parameter name: the output's name.
        /// - Returns: its bytes decoded as UTF-8.
        public func text(_ name: String) -> String? { outputs[name].map { String(decoding: $0, as: UTF8.self) } }
    }

    /// One line that the handler wrote.
    public struct LogLine: Sendable, Hashable {
        /// How much it matters.
        public let level: JobLogLevel
        /// The text.
        public let message: String
        /// Its fields.
        public let fields: [String: String]

        /// Makes a line to compare with.
        ///
        /// - Parameters:
        ///   - level: how much it matters.
        ///   - message: the text.
        ///   - fields: its fields.
        public init(level: JobLogLevel, message: String, fields: [String: String] = [:]) {
            self.level = level
            self.message = message
            self.fields = fields
        }
    }

    /// One progress note of the handler.
    public struct Progress: Sendable, Hashable {
        /// How far, 0...1.
        public let fraction: Double
        /// The words with it.
        public let note: String

        /// Makes a note to compare with.
        ///
        /// - Parameters:
        ///   - fraction: how far, 0...1.
        ///   - note: the words with it.
        public init(fraction: Double, note: String = "") {
            self.fraction = fraction
            self.note = note
        }
    }

    /// What surrounds a run.
    public struct Conditions: Sendable {
        /// The job's identifier.
        public var jobID = "job-1"
        /// The attempt's number.
        public var attempt = 1
        /// The time until the deadline.
        public var timeLeft: Duration = .seconds(300)
        /// The wall time that the handler sees, since 1970-01-01T00:00:00Z; it stands still.
        public var wallTime: Duration = .seconds(1_790_000_000)
        /// The seed of the random numbers.
        public var seed: UInt64 = 1
        /// After how many reads of inputs the run is told to stop; `nil` for never, 0 for from the start.
        public var cancelAfterReads: Int?
        /// The most bytes that one read gives; small values find mistakes in block handling.
        public var bytesPerRead = Int.max
        /// The most bytes that all outputs together may have.
        public var outputLimit = Int.max

        /// Makes the usual conditions.
        public init() {}
    }

    /// Runs a handler to its end.
    ///
    /// - Parameters:
    ///   - handler: the handler.
    ///   - payload: the job's parameters.
    ///   - inputs: input name to its bytes.
    ///   - conditions: what surrounds the run.
    /// - Returns: what it did.
    public static func run<H: JobHandler>(
        _ handler: H, _ payload: JSONValue = [:], inputs: [String: [UInt8]] = [:],
        conditions: Conditions = Conditions()
    ) async -> Report {
        let backend = MemoryBackend(inputs: inputs, conditions: conditions)
        let outcome = await HandlerRun.execute(
            handler, payload: Array(payload.serialized().utf8), job: Job(backend: backend))
        return backend.report(outcome)
    }
}
