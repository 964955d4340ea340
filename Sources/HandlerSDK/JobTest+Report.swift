public import PureJSON

extension JobTest {
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
        /// The measurements in order.
        public let metrics: [Metric]
        /// The last checkpoint; `nil` when there is none.
        public let checkpoint: [UInt8]?
        /// The stored values.
        public let values: [String: [UInt8]]

        /// The result, when the run completed.
        public var result: JSONValue? { try? outcome.get() }

        /// The error, when it did not.
        public var error: HandlerError? {
            guard case .failure(let error) = outcome else { return nil }
            return error
        }

        /// The outputs that a runner would keep: all of them when the run completed, else none.
        public var keptOutputs: [String: [UInt8]] { error == nil ? outputs : [:] }

        /// An output as text; `nil` when there is none of that name.
        ///
        /// - Parameter name: the output's name.
        /// - Returns: its bytes decoded as UTF-8.
        public func text(_ name: String) -> String? {
            outputs[name].map { String(decoding: $0, as: UTF8.self) }
        }
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

    /// One measurement of the handler.
    public struct Metric: Sendable, Hashable {
        /// What becomes of the value.
        public let kind: JobMetricKind
        /// The name.
        public let name: String
        /// The value.
        public let value: Double
        /// The labels.
        public let labels: [String: String]

        /// Makes a measurement to compare with.
        ///
        /// - Parameters:
        ///   - kind: what becomes of the value.
        ///   - name: the name.
        ///   - value: the value.
        ///   - labels: the labels.
        public init(
            _ kind: JobMetricKind, _ name: String, _ value: Double, labels: [String: String] = [:]
        ) {
            self.kind = kind
            self.name = name
            self.value = value
            self.labels = labels
        }
    }
}
