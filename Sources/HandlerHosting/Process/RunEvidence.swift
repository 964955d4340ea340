import CHandlerABI
import HostProtocol
import JobCore
import PureJSON

/// What is known when a run is over, and the outcome that follows from it.
struct RunEvidence: Sendable {
    /// How the run came to its end.
    enum Ending: Sendable {
        /// The host told the end.
        case finished(HostFinish)
        /// The process ended first.
        case exited(signal: Int32, code: Int32)
    }

    var ending: Ending
    var cause: RunWatch.Cause?
    /// Whether the runner itself sent the process a signal.
    var isPushed: Bool
    var timeout: Duration
    var peakResidentBytes: Int64
    var memoryLimit: Int64?
    var scratchLimit: Int64?
    var lastLogLine: String?
    var lastProgress: String?

    var outcome: HandlerOutcome {
        switch (ending, cause) {
        case (.finished(let finish), _) where finish.status == JH_OK: completed(finish)
        case (_, .memory(let resident)):
            .resourceExhausted(
                limit: "memory", message: "resident memory reached \(resident) bytes of \(memoryLimit ?? 0) allowed")
        case (_, .processorTime):
            .resourceExhausted(limit: "cpuSeconds", message: "the run used more processor time than allowed")
        case (_, .scratch):
            .resourceExhausted(
                limit: "scratch", message: "the run wrote more than the \(scratchLimit ?? 0) bytes that it may")
        case (_, .brokenProtocol(let text)):
            .crashed(signal: nil, exitCode: nil, message: described("the host process broke the protocol: \(text)"))
        case (.finished(let finish), let cause): stopped(finish, cause)
        case (.exited, .deadline) where isPushed: .timedOut(after: timeout)
        case (.exited, .silence) where isPushed:
            .crashed(signal: nil, exitCode: nil, message: described("the handler made no call for too long"))
        case (.exited, .cancelled) where isPushed: .cancelled
        case (.exited(let signal, let code), _): crashed(signal: signal, code: code)
        }
    }

    /// What the handler added to its error; `nil` where it added nothing.
    ///
    /// - Throws: what is wrong with it, as a line for the log.
    func details() throws(DetailsFault) -> JSONValue? {
        guard case .finished(let finish) = ending, !finish.details.isEmpty else { return nil }
        do {
            let value = try JSONValue(parsing: finish.details)
            guard value.objectValue != nil else { throw DetailsFault(reason: "are \(value.summary)") }
            return value
        } catch let fault as DetailsFault {
            throw fault
        } catch {
            throw DetailsFault(reason: "are no JSON: \(error)")
        }
    }

    private func completed(_ finish: HostFinish) -> HandlerOutcome {
        guard !finish.result.isEmpty else { return .completed(.null) }
        do {
            return .completed(try JSONValue(parsing: finish.result))
        } catch {
            return .failed(code: "result-not-json", message: "the handler's result is \(error)")
        }
    }

    /// The handler stopped by itself and said why.
    private func stopped(_ finish: HostFinish, _ cause: RunWatch.Cause?) -> HandlerOutcome {
        let code = finish.code.isEmpty ? "handler-gave-no-code" : finish.code
        let message = finish.message.isEmpty ? "the handler gave no message" : finish.message
        switch (finish.status, cause) {
        case (JH_RETRYABLE, _):
            let wait = finish.retryAfterMilliseconds
            return .retry(after: wait >= 0 ? .milliseconds(wait) : nil, code: code, message: message)
        case (JH_INVALID_INPUT, _): return .invalidInput(code: code, message: message)
        case (JH_RESOURCE, _): return .resourceExhausted(limit: code, message: message)
        case (JH_CANCELLED, .deadline): return .timedOut(after: timeout)
        case (JH_CANCELLED, .silence): return crashed(signal: 0, code: 0)
        case (JH_CANCELLED, .cancelled): return .cancelled
        case (JH_CANCELLED, _):
            return .failed(code: "cancelled-unasked", message: "the handler stopped though nobody told it to")
        case (JH_PERMANENT, _): return .failed(code: code, message: message)
        case (let status, _):
            return .failed(code: "unknown-status", message: "the handler returned \(status): \(message)")
        }
    }

    private func crashed(signal: Int32, code: Int32) -> HandlerOutcome {
        if let limit = memoryLimit, peakResidentBytes > limit {
            return .resourceExhausted(
                limit: "memory",
                message: "the process ended after its resident memory reached \(peakResidentBytes) bytes of \(limit)")
        }
        guard signal != 0 else {
            return .crashed(
                signal: nil, exitCode: code,
                message: described("the host process exited with code \(code) in the middle of a run"))
        }
        return .crashed(
            signal: signal, exitCode: nil,
            message: described("the host process was killed by \(SignalName.text(signal))"))
    }

    private func described(_ text: String) -> String {
        var message = text
        if let lastProgress { message += "; last progress \(lastProgress)" }
        if let lastLogLine { message += "; last line: \(lastLogLine)" }
        return message
    }
}

/// Details of an error that are no JSON object; they are not kept.
struct DetailsFault: Error {
    var reason: String

    var logLine: String { "warning the details of the handler's error \(reason); expected an object" }
}
