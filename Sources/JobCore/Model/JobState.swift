/// Where a job is in its life; `Design` of the manual draws the arrows.
package enum JobState: String, Sendable, Hashable, CaseIterable {
    /// Known, not started; or handed back without a burned attempt.
    case queued = "QUEUED"
    /// Owned by a runner through a lease.
    case running = "RUNNING"
    /// Failed in a way that another attempt may mend; waits for its delayed redelivery.
    case retrying = "RETRYING"
    /// Finished with outputs and a result.
    case completed = "COMPLETED"
    /// Finished without: a permanent failure, bad input, or no attempt left.
    case failed = "FAILED"
    /// Set aside because it was started more than once and never finished.
    case quarantined = "QUARANTINED"
    /// Stopped on request.
    case cancelled = "CANCELLED"

    /// Whether no transition leaves this state.
    package var isTerminal: Bool {
        switch self {
        case .completed, .failed, .quarantined, .cancelled: true
        case .queued, .running, .retrying: false
        }
    }
}

/// The class of an error, as operators see it.
package enum FailureClass: String, Sendable, Hashable, CaseIterable {
    case rejected
    case invalidInput = "invalid-input"
    case handlerFailed = "handler-failed"
    case handlerCrashed = "handler-crashed"
    case handlerTimeout = "handler-timeout"
    case resource
    case dependency
    case expired
    case cancelled
    case leaseLost = "lease-lost"

    /// What whoever is on call does next, in one sentence.
    package var nextStep: String {
        switch self {
        case .rejected: "Mend the message and send it again; the original is in the dead-letter queue."
        case .invalidInput: "Mend the input file or the parameters and submit a new job."
        case .handlerFailed:
            "Read the handler's log lines with `headrace jobs show`; mend the handler or its configuration."
        case .handlerCrashed: "The handler's process died; see the signal and last log lines with `headrace jobs show`."
        case .handlerTimeout: "Raise `timeout.run` in the handler's manifest or make the input smaller."
        case .resource: "Raise the limit named in the message or make the input smaller."
        case .dependency: "Check the named service with `headrace doctor`; the job is retried when it is back."
        case .expired: "Submit the job again with a later `not_after`."
        case .cancelled: "Submit the job again under a new id if it is still wanted."
        case .leaseLost: "Nothing: another runner has taken the job over."
        }
    }
}

/// Why an attempt or a job failed.
package struct JobFailure: Sendable, Hashable {
    /// The class that decides about retries.
    package var failureClass: FailureClass
    /// A stable, kebab-case code such as `file-empty`.
    package var code: String
    /// One sentence for a person.
    package var message: String

    /// Makes a failure.
    package init(_ failureClass: FailureClass, code: String, message: String) {
        self.failureClass = failureClass
        self.code = code
        self.message = message
    }
}

extension JobFailure: CustomStringConvertible {
    /// The code and the sentence.
    package var description: String { "\(code): \(message)" }
}
