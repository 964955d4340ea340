package import PureJSON

/// What is known about the end of one attempt beyond its outcome: what whoever mends the handler wants to see first.
package struct AttemptEvidence: Sendable, Hashable {
    /// The signal that ended the process, such as `SIGSEGV`.
    package var signal: String?
    /// The exit code of a process that ended in the middle of the run.
    package var exitCode: Int32?
    /// The limit that was reached, such as `memory`.
    package var limit: String?
    /// What the handler last said about its progress, such as `25 % (quarter)`.
    package var lastProgress: String?
    /// The peak resident memory of the process in bytes.
    package var peakMemoryBytes: Int64?
    /// What the handler itself added to its error, an object.
    package var details: JSONValue?

    /// Makes evidence; nothing is known unless given.
    package init(
        signal: String? = nil, exitCode: Int32? = nil, limit: String? = nil, lastProgress: String? = nil,
        peakMemoryBytes: Int64? = nil, details: JSONValue? = nil
    ) {
        self.signal = signal
        self.exitCode = exitCode
        self.limit = limit
        self.lastProgress = lastProgress
        self.peakMemoryBytes = peakMemoryBytes
        self.details = details
    }

    /// What a report tells.
    package init(_ report: HandlerReport) {
        self.init(
            lastProgress: report.lastProgress, peakMemoryBytes: report.peakMemoryBytes, details: report.details)
        switch report.outcome {
        case .crashed(let signal, let exitCode, _):
            self.signal = signal.map(SignalName.text)
            self.exitCode = exitCode
        case .resourceExhausted(let limit, _): self.limit = limit
        case .timedOut: limit = "timeout"
        case .completed, .invalidInput, .retry, .failed, .cancelled: break
        }
    }

    /// Reads what ``json`` wrote; members that are missing or of another type are left out.
    package init(json: JSONValue) {
        self.init(
            signal: json["signal"]?.stringValue,
            exitCode: json["exit_code"]?.integerValue.flatMap { Int32(exactly: $0) },
            limit: json["limit"]?.stringValue, lastProgress: json["last_progress"]?.stringValue,
            peakMemoryBytes: json["peak_memory_bytes"]?.integerValue, details: json["details"])
    }

    /// `{"signal", "exit_code", "limit", "last_progress", "peak_memory_bytes", "details"}`, without what is not known.
    package var json: JSONValue {
        var object = JSONObject()
        object["signal"] = signal.map { .string($0) }
        object["exit_code"] = exitCode.map { .integer(Int64($0)) }
        object["limit"] = limit.map { .string($0) }
        object["last_progress"] = lastProgress.map { .string($0) }
        object["peak_memory_bytes"] = peakMemoryBytes.map { .integer($0) }
        object["details"] = details
        return .object(object)
    }
}
