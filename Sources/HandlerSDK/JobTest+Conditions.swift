extension JobTest {
    /// What surrounds a run.
    public struct Conditions: Sendable {
        /// When a run is told to stop.
        public enum Cancellation: Sendable, Hashable {
            /// Before it begins.
            case start
            /// Once it has read from its inputs this many times.
            case reads(Int)
            /// Once it has written to its outputs this many times.
            case writes(Int)
            /// Once it has saved this many checkpoints.
            case checkpoints(Int)
            /// Once it says that it is this far, 0...1.
            case progress(Double)
        }

        /// The job's identifier.
        public var jobID = "job-1"
        /// The attempt's number.
        public var attempt = 1
        /// The time until the deadline.
        public var timeLeft: Duration = .seconds(300)
        /// The wall time that the handler sees at first, since 1970-01-01T00:00:00Z.
        public var wallTime: Duration = .seconds(1_790_000_000)
        /// How far the clock goes on at each look at it; it stands still otherwise, and jumps when the handler waits.
        public var clockStep: Duration = .zero
        /// The seed of the random numbers.
        public var seed: UInt64 = 1
        /// When the run is told to stop; `nil` for never.
        public var cancellation: Cancellation?
        /// After how many reads of inputs the next one fails; `nil` for never.
        public var failingRead: Int?
        /// The most bytes that one read gives; small values find mistakes in block handling.
        public var bytesPerRead = Int.max
        /// The most bytes that all outputs together may have.
        public var outputLimit = Int.max
        /// What the attempt before saved; `nil` for a first attempt.
        public var checkpoint: [UInt8]?
        /// The most bytes of a checkpoint.
        public var checkpointLimit = Int.max
        /// The values that earlier runs have stored.
        public var values: [String: [UInt8]] = [:]

        /// Makes the usual conditions.
        public init() {}

        /// Makes the conditions of the next attempt at the job: its checkpoint and values, and no cancellation.
        ///
        /// - Parameters:
        ///   - report: what the attempt before did.
        ///   - conditions: what surrounded it.
        public init(after report: Report, _ conditions: Conditions = Conditions()) {
            self = conditions
            attempt += 1
            cancellation = nil
            failingRead = nil
            checkpoint = report.checkpoint
            values = report.values
        }
    }
}
