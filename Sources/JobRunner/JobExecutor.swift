import JobCore
import Logging

/// Takes one message from receipt to its end: asks the machine, performs what it says, feeds the result back.
struct JobExecutor: Sendable {
    let settings: RunnerSettings
    let ports: RunnerPorts
    let inFlight: InFlightJobs
    let slots: SlotPool
    let metrics: HandlerMetricTotals
    let logger: Logger

    /// Works on a message until nothing more is to be done for it.
    ///
    /// - Returns: how it ended.
    func run(_ message: QueuedMessage) async -> JobVerdict {
        let policy = JobLifecycle.Policy(
            malformed: settings.malformed, hasDeadLetterQueue: ports.deadLetterQueue != nil)
        let machine = JobLifecycle(
            runner: settings.id, policy: policy, receivedAt: ports.clock.now(), jitter: ports.random())
        let work = JobWork(message: message, machine: machine)
        inFlight.insert(work)
        let receivedAt = ports.clock.uptime()
        var performer = ActionPerformer(executor: self, work: work, logger: logger(for: message))
        let verdict = await drive(work, &performer)
        inFlight.finish(work, work.jobID)
        performer.removeScratch()
        report(verdict, performer.logger)
        performer.logger.info(
            "\(LogEvent.messageProcessed)",
            metadata: [
                LogKey.verdict: "\(verdict.word)",
                LogKey.durationMilliseconds: .stringConvertible((ports.clock.uptime() - receivedAt).milliseconds),
            ])
        return verdict
    }

    private func drive(_ work: JobWork, _ performer: inout ActionPerformer) async -> JobVerdict {
        var verdict = JobVerdict.deferred(reason: "nothing was done")
        var pending = work.handle(performer.validate()).makeIterator()
        while true {
            var next: [JobLifecycle.Action] = []
            while let action = pending.next() {
                if case .finish(let end) = action {
                    verdict = end
                } else if let event = await performer.perform(action) {
                    next += work.handle(event)
                }
            }
            guard !next.isEmpty else { return verdict }
            pending = next.makeIterator()
        }
    }

    private func logger(for message: QueuedMessage) -> Logger {
        var logger = logger
        logger[metadataKey: LogKey.messageID] = "\(message.messageID)"
        logger[metadataKey: LogKey.receiveCount] = .stringConvertible(message.receiveCount)
        return logger
    }

    private func report(_ verdict: JobVerdict, _ logger: Logger) {
        switch verdict {
        case .completed(let record):
            logger.info("\(LogEvent.processingCompleted)", metadata: facts(record))
        case .failed(let record):
            logger.error("\(LogEvent.processingFailed)", metadata: facts(record))
        case .retrying(let record):
            logger.warning("\(LogEvent.processingFailed)", metadata: facts(record))
        case .cancelled(let record), .handedBack(let record):
            logger.info("\(LogEvent.statusUpdated)", metadata: facts(record))
        case .rejected(let rejection):
            logger.warning(
                "\(LogEvent.validationFailed)",
                metadata: [
                    LogKey.code: "\(rejection.code.rawValue)", LogKey.pointer: "\(rejection.pointer)",
                    LogKey.reason: "\(rejection.reason)",
                ])
        case .duplicate: break
        case .deferred(let reason):
            logger.info(
                "\(LogEvent.messageFailed)", metadata: [LogKey.verdict: "deferred", LogKey.reason: "\(reason)"])
        case .leaseLost: logger.warning("\(LogEvent.leaseLost)")
        }
    }

    private func facts(_ record: JobRecord) -> Logger.Metadata {
        var facts: Logger.Metadata = [
            LogKey.jobID: "\(record.id)", LogKey.handler: "\(record.request.handler)",
            LogKey.state: "\(record.state.rawValue)", LogKey.epoch: .stringConvertible(record.epoch),
            LogKey.attempt: .stringConvertible(record.attempts),
        ]
        if let rows = record.rowsProcessed { facts[LogKey.rows] = .stringConvertible(rows) }
        if let started = record.startedAt, let finished = record.finishedAt {
            facts[LogKey.durationMilliseconds] = .stringConvertible((finished - started).wholeMilliseconds)
        }
        if let failure = record.failure {
            facts[LogKey.errorClass] = "\(failure.failureClass.rawValue)"
            facts[LogKey.code] = "\(failure.code)"
            facts[LogKey.error] = "\(failure.message)"
        }
        return facts
    }
}
