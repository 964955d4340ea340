package import PureJSON

/// A change that the owner of a running attempt asks for.
package enum JobTransition: Sendable, Hashable {
    /// RUNNING -> COMPLETED: names the winning epoch's outputs.
    case complete(outputs: [JobOutput], result: JSONValue)
    /// RUNNING -> FAILED.
    case fail(JobFailure, countsAttempt: Bool)
    /// RUNNING -> RETRYING, not to be started again before that much time has passed.
    case retry(JobFailure, after: Duration, countsAttempt: Bool)
    /// RUNNING -> QUEUED: interrupted, no attempt burned.
    case handBack(reason: String)
    /// RUNNING -> CANCELLED.
    case cancel(by: String)
}

/// What became of a transition.
package enum TransitionVerdict: Sendable, Hashable {
    /// It is stored; the record is as it is now.
    case stored(JobRecord)
    /// Somebody else owns the job by now, or it is final: nothing was written.
    case refused(state: JobState, epoch: Epoch)
}

/// Who asks for a transition, and for which claim.
package struct JobClaim: Sendable, Hashable {
    /// The job.
    package var jobID: JobID
    /// The claim's fencing token.
    package var epoch: Epoch
    /// The claim's owner.
    package var runner: RunnerID

    /// Makes a claim.
    package init(jobID: JobID, epoch: Epoch, runner: RunnerID) {
        self.jobID = jobID
        self.epoch = epoch
        self.runner = runner
    }

    /// What is kept of an attempt beside its transition.
    package struct Evidence: Sendable, Hashable {
        /// The handler's version, once it ran.
        package var handlerVersion: String?
        /// Timings and memory.
        package var metrics: JSONValue?
        /// The handler's last log lines.
        package var lastLogLines: [String]
        /// What is known about the end of the run.
        package var ending: AttemptEvidence?

        /// Makes evidence.
        package init(
            handlerVersion: String? = nil, metrics: JSONValue? = nil, lastLogLines: [String] = [],
            ending: AttemptEvidence? = nil
        ) {
            self.handlerVersion = handlerVersion
            self.metrics = metrics
            self.lastLogLines = lastLogLines
            self.ending = ending
        }
    }

    private func owns(_ record: JobRecord?) -> Bool {
        guard let record else { return false }
        return record.state == .running && record.epoch == epoch
    }

    private func refusal<T: Sendable>(
        _ record: JobRecord?, _ make: (JobState, Epoch) -> T
    ) -> JobChange<T> {
        JobChange(make(record?.state ?? .queued, record?.epoch ?? 0))
    }

    /// Applies a transition if the claim still holds; pure, to be run inside the store's transaction.
    package func apply(
        _ transition: JobTransition, evidence: Evidence, now: Timestamp, to existing: JobRecord?
    ) -> JobChange<TransitionVerdict> {
        guard var record = existing, owns(existing) else {
            return refusal(existing) { .refused(state: $0, epoch: $1) }
        }
        record.leaseOwner = nil
        record.leaseUntil = nil
        record.handlerVersion = evidence.handlerVersion ?? record.handlerVersion
        record.metrics = evidence.metrics ?? record.metrics
        let detail = Self.write(transition, into: &record, now: now)
        let event = JobEvent(
            jobID: jobID, at: now, actor: runner.rawValue, kind: transition.kind, from: .running, to: record.state,
            epoch: epoch, detail: detail)
        var attempt = AttemptRecord(jobID: jobID, epoch: epoch, runner: runner, startedAt: record.startedAt ?? now)
        attempt.finishedAt = now
        attempt.outcome = transition.failure?.failureClass.rawValue ?? transition.kind
        attempt.failure = transition.failure
        attempt.handlerVersion = evidence.handlerVersion
        attempt.lastLogLines = evidence.lastLogLines
        attempt.evidence = evidence.ending
        return JobChange(.stored(record), record: record, events: [event], attempt: attempt)
    }

    /// - Returns: the audit line's detail.
    private static func write(_ transition: JobTransition, into record: inout JobRecord, now: Timestamp) -> String? {
        switch transition {
        case .complete(let outputs, let result):
            record.state = .completed
            record.attempts += 1
            record.unfinishedStarts = 0
            record.outputs = outputs
            record.result = result
            record.failure = nil
            record.finishedAt = now
            record.progress = 1
            return record.rowsProcessed.map { "\($0) rows" }
        case .fail(let failure, let countsAttempt):
            record.state = .failed
            record.attempts += countsAttempt ? 1 : 0
            record.failure = failure
            record.finishedAt = now
            return failure.description
        case .retry(let failure, let wait, let countsAttempt):
            record.state = .retrying
            record.attempts += countsAttempt ? 1 : 0
            record.unfinishedStarts = 0
            record.failure = failure
            record.notBefore = now + wait
            return "\(failure); next attempt not before \((now + wait).rfc3339)"
        case .handBack(let reason):
            record.state = .queued
            record.unfinishedStarts = 0
            return reason
        case .cancel(let actor):
            record.state = .cancelled
            record.cancelRequestedBy = actor
            record.failure = JobFailure(.cancelled, code: "cancelled", message: "cancelled by \(actor)")
            record.finishedAt = now
            return "by \(actor)"
        }
    }
}

extension JobTransition {
    /// The word for the audit trail.
    package var kind: String {
        switch self {
        case .complete: "completed"
        case .fail: "failed"
        case .retry: "retrying"
        case .handBack: "handed-back"
        case .cancel: "cancelled"
        }
    }

    /// The failure that it records.
    package var failure: JobFailure? {
        switch self {
        case .fail(let failure, _), .retry(let failure, _, _): failure
        case .complete, .handBack, .cancel: nil
        }
    }
}
