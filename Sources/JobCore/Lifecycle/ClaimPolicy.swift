/// What a runner asks of the store when it has received a message.
package struct ClaimRequest: Sendable, Hashable {
    /// What the message asks for.
    package var request: JobRequest
    /// The SQS message.
    package var messageID: String
    /// How often it was delivered.
    package var receiveCount: Int
    /// Who claims.
    package var runner: RunnerID
    /// How long the lease holds unless it is renewed.
    package var lease: Duration
    /// The runner's wall time.
    package var now: Timestamp
    /// Starts that may vanish without a word before the job is set aside.
    package var maxUnfinishedStarts: Int

    /// Makes a request.
    package init(
        request: JobRequest, messageID: String, receiveCount: Int, runner: RunnerID, lease: Duration, now: Timestamp,
        maxUnfinishedStarts: Int = 2
    ) {
        self.request = request
        self.messageID = messageID
        self.receiveCount = receiveCount
        self.runner = runner
        self.lease = lease
        self.now = now
        self.maxUnfinishedStarts = maxUnfinishedStarts
    }
}

/// What a runner may do with a message's job.
package enum ClaimDecision: Sendable, Hashable {
    /// The job is now RUNNING under this runner's lease.
    case start(JobRecord)
    /// A live lease holds it: a duplicate delivery.
    case held(by: RunnerID, until: Timestamp)
    /// It waits for its next attempt.
    case tooEarly(until: Timestamp)
    /// It is in a final state whose effects outside the database are not known to be done.
    case settle(JobRecord)
    /// It is in a final state and nothing is left to do but to delete the message.
    case finished(JobRecord)
}

extension ClaimRequest {
    /// Decides about a claim; pure, to be run inside the store's transaction.
    package func decide(_ existing: JobRecord?) -> JobChange<ClaimDecision> {
        var events: [JobEvent] = []
        var record =
            existing
            ?? JobRecord(
                request: request, messageID: messageID, receiveCount: receiveCount, createdAt: now)
        if existing == nil {
            events.append(event(record, kind: "queued", from: nil, detail: "message \(messageID)"))
        }
        switch record.state {
        case .completed, .failed, .cancelled, .quarantined:
            return JobChange(record.settledAt == nil ? .settle(record) : .finished(record))
        case .running:
            if let until = record.leaseUntil, let owner = record.leaseOwner, until > now {
                return JobChange(.held(by: owner, until: until))
            }
            record.unfinishedStarts += 1
            events.append(
                event(
                    record, kind: "lease-expired", from: .running,
                    detail: "\(record.leaseOwner?.rawValue ?? "?") vanished"))
            if record.unfinishedStarts >= maxUnfinishedStarts { return quarantine(record, events) }
        case .retrying:
            if let until = record.notBefore, until > now { return JobChange(.tooEarly(until: until)) }
        case .queued: break
        }
        if let limit = record.request.notAfter, limit < now { return expire(record, events) }
        return start(record, events)
    }

    private func start(_ existing: JobRecord, _ earlier: [JobEvent]) -> JobChange<ClaimDecision> {
        var record = existing
        let before = record.state
        record.state = .running
        record.epoch += 1
        record.leaseOwner = runner
        record.leaseUntil = now + lease
        record.notBefore = nil
        record.messageID = messageID
        record.receiveCount = receiveCount
        record.startedAt = now
        record.progress = nil
        record.progressNote = nil
        let claimed = event(
            record, kind: "claimed", from: before, detail: "attempt \(record.attempts + 1), receive \(receiveCount)")
        let attempt = AttemptRecord(jobID: record.id, epoch: record.epoch, runner: runner, startedAt: now)
        return JobChange(.start(record), record: record, events: earlier + [claimed], attempt: attempt)
    }

    private func quarantine(_ existing: JobRecord, _ earlier: [JobEvent]) -> JobChange<ClaimDecision> {
        let failure = JobFailure(
            .handlerCrashed, code: "quarantined",
            message: "started \(existing.unfinishedStarts) times and never finished; its runner died each time")
        return finish(existing, as: .quarantined, failure, earlier)
    }

    private func expire(_ existing: JobRecord, _ earlier: [JobEvent]) -> JobChange<ClaimDecision> {
        let limit = existing.request.notAfter?.rfc3339 ?? ""
        let failure = JobFailure(.expired, code: "expired", message: "not started by its not_after, \(limit)")
        return finish(existing, as: .failed, failure, earlier)
    }

    private func finish(
        _ existing: JobRecord, as state: JobState, _ failure: JobFailure, _ earlier: [JobEvent]
    ) -> JobChange<ClaimDecision> {
        var record = existing
        let before = record.state
        record.state = state
        record.failure = failure
        record.finishedAt = now
        record.leaseOwner = nil
        record.leaseUntil = nil
        let last = event(record, kind: state.rawValue.lowercased(), from: before, detail: failure.description)
        return JobChange(.settle(record), record: record, events: earlier + [last])
    }

    private func event(_ record: JobRecord, kind: String, from: JobState?, detail: String?) -> JobEvent {
        JobEvent(
            jobID: record.id, at: now, actor: runner.rawValue, kind: kind, from: from, to: record.state,
            epoch: record.epoch, detail: detail)
    }
}
