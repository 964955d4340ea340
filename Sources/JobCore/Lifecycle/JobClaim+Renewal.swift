/// What a runner learns when it renews its lease.
package enum RenewalVerdict: Sendable, Hashable {
    /// The lease holds until the new time; somebody may have asked for cancellation.
    case renewed(cancelRequestedBy: String?)
    /// The job is somebody else's or final: stop the handler.
    case lost
}

extension JobClaim {
    /// Renews the lease and stores how far the attempt is, if the claim still holds.
    package func renew(
        until: Timestamp, progress: Double?, note: String?, _ existing: JobRecord?
    ) -> JobChange<RenewalVerdict> {
        guard var record = existing, record.state == .running, record.epoch == epoch else { return JobChange(.lost) }
        record.leaseUntil = max(until, record.leaseUntil ?? until)
        record.progress = progress ?? record.progress
        record.progressNote = note ?? record.progressNote
        return JobChange(.renewed(cancelRequestedBy: record.cancelRequestedBy), record: record)
    }
}

/// What became of a request to cancel a job.
package enum CancelVerdict: Sendable, Hashable {
    /// It had not started; it is CANCELLED now.
    case cancelled
    /// It runs; its runner stops it within seconds.
    case requested
    /// It is already in a final state.
    case tooLate(JobState)
    /// The database does not know it.
    case unknown
}

extension JobRecord {
    /// Decides about a request to cancel; pure, to be run inside the store's transaction.
    package static func requestCancel(by actor: String, now: Timestamp, _ existing: JobRecord?) -> JobChange<
        CancelVerdict
    > {
        guard var record = existing else { return JobChange(.unknown) }
        guard !record.state.isTerminal else { return JobChange(.tooLate(record.state)) }
        let before = record.state
        record.cancelRequestedBy = actor
        if before != .running {
            record.state = .cancelled
            record.failure = JobFailure(.cancelled, code: "cancelled", message: "cancelled by \(actor)")
            record.finishedAt = now
        }
        let event = JobEvent(
            jobID: record.id, at: now, actor: actor, kind: before == .running ? "cancel-requested" : "cancelled",
            from: before, to: record.state, epoch: record.epoch)
        return JobChange(before == .running ? .requested : .cancelled, record: record, events: [event])
    }

    /// Records that a final state's effects outside the database are done; pure and repeatable.
    package static func markSettled(by actor: String, now: Timestamp, _ existing: JobRecord?) -> JobChange<Bool> {
        guard var record = existing, record.state.isTerminal else { return JobChange(false) }
        guard record.settledAt == nil else { return JobChange(true) }
        record.settledAt = now
        let kind =
            switch record.state {
            case .completed: "published"
            default: record.needsDeadLetter ? "dead-lettered" : "closed"
            }
        let event = JobEvent(
            jobID: record.id, at: now, actor: actor, kind: kind, from: record.state, to: record.state,
            epoch: record.epoch)
        return JobChange(true, record: record, events: [event])
    }

    /// Whether the message belongs in the dead-letter queue: the caller's own faults and wishes do not.
    package var needsDeadLetter: Bool {
        switch (state, failure?.failureClass) {
        case (.quarantined, _): true
        case (.failed, .invalidInput), (.failed, .expired), (.failed, .cancelled): false
        case (.failed, _): true
        case (.completed, _), (.cancelled, _), (.queued, _), (.running, _), (.retrying, _): false
        }
    }
}
