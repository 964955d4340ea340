import PureJSON

extension JobLifecycle {
    /// Decides about a finished run.
    mutating func conclude(_ record: JobRecord, _ report: HandlerReport) -> [Action] {
        evidence.handlerVersion = report.handlerVersion
        evidence.lastLogLines = report.lastLogLines
        evidence.metrics = Self.metrics(of: report)
        evidence.ending = AttemptEvidence(report)
        if stop == .leaseLost { return finish(.leaseLost) }
        switch report.outcome {
        case .completed(let result):
            phase = .staging(record, result)
            return [.stageOutputs(report.outputs, record)]
        case .cancelled: return concludeStopped(record)
        case .crashed, .timedOut:
            if stop != nil { return concludeStopped(record) }
            return retryOrFail(record, report.outcome)
        case .invalidInput(let code, let message):
            return store(.fail(JobFailure(.invalidInput, code: code, message: message), countsAttempt: true), record)
        case .failed(let code, let message):
            return store(.fail(JobFailure(.handlerFailed, code: code, message: message), countsAttempt: true), record)
        case .retry, .resourceExhausted: return retryOrFail(record, report.outcome)
        }
    }

    private mutating func concludeStopped(_ record: JobRecord) -> [Action] {
        switch stop {
        case .drain: return store(.handBack(reason: "interrupted by shutdown"), record)
        case .cancelled(let actor): return store(.cancel(by: actor), record)
        case .leaseLost: return finish(.leaseLost)
        case nil:
            return retryOrFail(
                record,
                .retry(
                    after: nil, code: "stopped-by-itself",
                    message: "the handler said it was cancelled, but nobody asked"))
        }
    }

    mutating func stopBeforeStart(_ record: JobRecord, _ reason: StopReason) -> [Action] {
        stop = reason
        return concludeStopped(record)
    }

    private mutating func retryOrFail(_ record: JobRecord, _ outcome: HandlerOutcome) -> [Action] {
        let (failure, requested) = Self.failure(of: outcome)
        let retry = handler?.retry ?? RetryPolicy()
        let attempts = record.attempts + 1
        guard attempts < retry.maxAttempts else { return store(.fail(failure, countsAttempt: true), record) }
        let wait = retry.backoff(afterAttempts: attempts, requested: requested, jitter: jitter)
        return store(.retry(failure, after: wait, countsAttempt: true), record)
    }

    static func failure(of outcome: HandlerOutcome) -> (JobFailure, retryAfter: Duration?) {
        switch outcome {
        case .retry(let after, let code, let message):
            (JobFailure(.handlerFailed, code: code, message: message), after)
        case .resourceExhausted(let limit, let message): (JobFailure(.resource, code: limit, message: message), nil)
        case .crashed(let signal, let exitCode, let message):
            (
                JobFailure(
                    .handlerCrashed, code: signal.map { "signal-\($0)" } ?? "exit-\(exitCode ?? 0)", message: message),
                nil
            )
        case .timedOut(let limit):
            (
                JobFailure(.handlerTimeout, code: "timeout", message: "did not finish within \(limit)"), nil
            )
        case .completed, .cancelled: (JobFailure(.handlerFailed, code: "unexpected", message: "\(outcome)"), nil)
        case .invalidInput(let code, let message): (JobFailure(.invalidInput, code: code, message: message), nil)
        case .failed(let code, let message): (JobFailure(.handlerFailed, code: code, message: message), nil)
        }
    }

    mutating func fetchFailed(_ record: JobRecord, _ input: String, _ error: DependencyError) -> [Action] {
        switch error.kind {
        case .notFound:
            let failure = JobFailure(
                .invalidInput, code: "input-not-found", message: "the input \"\(input)\" does not exist: \(error)")
            return store(.fail(failure, countsAttempt: true), record)
        case .stale:
            let failure = JobFailure(
                .invalidInput, code: "input-changed",
                message: "the input \"\(input)\" is not the version that the message names: \(error)")
            return store(.fail(failure, countsAttempt: true), record)
        case .invalid:
            let failure = JobFailure(.invalidInput, code: "input-unreadable", message: "\(input): \(error)")
            return store(.fail(failure, countsAttempt: true), record)
        case .unavailable, .denied, .localStorage, .cancelled: return dependencyFailed(record, error)
        }
    }

    mutating func stagingFailed(_ record: JobRecord, _ error: DependencyError) -> [Action] {
        dependencyFailed(record, error)
    }

    /// A dependency out of reach burns no attempt: the job waits in RETRYING.
    private mutating func dependencyFailed(_ record: JobRecord, _ error: DependencyError) -> [Action] {
        if let reason = stop { return stopBeforeStart(record, reason) }
        let failureClass: FailureClass = error.kind == .localStorage ? .resource : .dependency
        let failure = JobFailure(failureClass, code: error.code, message: error.description)
        let wait = policy.dependencyDelay * (1 + jitter / 4)
        return store(.retry(failure, after: wait, countsAttempt: false), record)
    }

    // MARK: - Storing

    mutating func store(_ transition: JobTransition, _ record: JobRecord) -> [Action] {
        phase = .storing(record, transition, tries: 1)
        return [.store(transition, evidence, record, after: .zero)]
    }

    mutating func storeAgain(
        _ record: JobRecord, _ transition: JobTransition, _ tries: Int, _ error: JobStoreError
    ) -> [Action] {
        guard tries <= policy.storeRetries else {
            return finish(.deferred(reason: error.description), [.releaseMessage(after: policy.dependencyDelay)])
        }
        phase = .storing(record, transition, tries: tries + 1)
        let wait = Duration.milliseconds(250 * (1 << (tries - 1)))
        return [.store(transition, evidence, record, after: wait)]
    }

    mutating func handle(_ verdict: TransitionVerdict, _ transition: JobTransition) -> [Action] {
        let record: JobRecord
        switch verdict {
        case .stored(let stored): record = stored
        case .refused(_, let epoch): return refused(transition, epoch)
        }
        switch transition {
        case .complete, .fail, .cancel: return closeFinal(record)
        case .retry(_, let wait, _): return finish(.retrying(record), [.releaseMessage(after: wait)])
        case .handBack: return finish(.handedBack(record), [.releaseMessage(after: .zero)])
        }
    }

    /// A refusal under our own epoch means that an earlier try was stored and only its answer was lost.
    private mutating func refused(_ transition: JobTransition, _ epoch: Epoch) -> [Action] {
        guard case .storing(let ours, _, _) = phase, ours.epoch == epoch else {
            if case .complete(let outputs, _) = transition { return [.discardStaged(outputs)] + finish(.leaseLost) }
            return finish(.leaseLost)
        }
        switch transition {
        case .handBack: return finish(.handedBack(ours), [.releaseMessage(after: .zero)])
        case .retry(_, let wait, _): return finish(.retrying(ours), [.releaseMessage(after: wait)])
        case .complete, .fail, .cancel:
            phase = .claiming
            return [.claim]
        }
    }

    // MARK: - Effects of a final state

    /// Does what a final state owes the world outside the database, then deletes the message.
    mutating func closeFinal(_ record: JobRecord) -> [Action] {
        if record.state == .completed, !record.outputs.isEmpty {
            phase = .publishing(record)
            return [.publishOutputs(record)]
        }
        if record.needsDeadLetter, policy.hasDeadLetterQueue {
            phase = .deadLettering(record)
            return [.sendDeadLetter(attributes: DeadLetterReason.attributes(of: record, runner: runner))]
        }
        return settle(record)
    }

    mutating func settle(_ record: JobRecord) -> [Action] {
        phase = .settling(record)
        return [.storeSettled(record)]
    }

    /// The final state is stored, its effects are not done: the redelivery repeats them.
    mutating func unsettled(_ record: JobRecord, _ reason: String) -> [Action] {
        finish(
            .deferred(reason: "\(record.state.rawValue), but: \(reason)"),
            [.releaseMessage(after: policy.dependencyDelay)])
    }

    func verdict(of record: JobRecord) -> JobVerdict {
        switch record.state {
        case .completed: .completed(record)
        case .cancelled: .cancelled(record)
        case .failed, .quarantined, .queued, .running, .retrying: .failed(record)
        }
    }

    private static func metrics(of report: HandlerReport) -> JSONValue {
        var metrics: JSONObject = ["handler_ms": .number(report.duration.milliseconds)]
        if let peak = report.peakMemoryBytes { metrics["peak_memory_bytes"] = .integer(peak) }
        return .object(metrics)
    }
}
