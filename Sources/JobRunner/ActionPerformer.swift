import JobCore
import Logging

/// Performs the machine's actions for one message: one case an action, one port call each.
struct ActionPerformer {
    let executor: JobExecutor
    let work: JobWork
    private(set) var logger: Logger
    private var request: JobRequest?
    private var handler: HandlerDescription?
    private(set) var scratch: ScratchDirectory?
    private var timings = StageTimings()

    init(executor: JobExecutor, work: JobWork, logger: Logger) {
        self.executor = executor
        self.work = work
        self.logger = logger
    }

    var settings: RunnerSettings { executor.settings }
    var ports: RunnerPorts { executor.ports }

    /// Reads the message: a job for one of the handlers, or not.
    mutating func validate() -> JobLifecycle.Event {
        let reader = JobMessageReader(rules: settings.rules)
        do throws(MessageRejection) {
            let request = try reader.read(work.message.body, now: ports.clock.now())
            let handler = try reader.check(request, against: ports.handlers)
            guard settings.outputBucket != nil || !request.inputs.isEmpty || handler.outputs.isEmpty else {
                throw MessageRejection(
                    .missingField, at: "/inputs",
                    "no input names a bucket for the outputs and the runner's storage.output_bucket is not set",
                    jobID: request.id)
            }
            try checkOutputs(of: request, handler)
            self.request = request
            self.handler = handler
            work.identify(request.id)
            logger[metadataKey: LogKey.jobID] = "\(request.id)"
            return .accepted(handler)
        } catch {
            if let jobID = error.jobID { logger[metadataKey: LogKey.jobID] = "\(jobID)" }
            return .rejected(error)
        }
    }

    /// Checks that the handler may write where its outputs would be published.
    private func checkOutputs(of request: JobRequest, _ handler: HandlerDescription) throws(MessageRejection) {
        guard let writes = handler.writes, let output = handler.outputs.first else { return }
        let place = OutputKeys(settings: settings, request: request, epoch: 1).published(output)
        guard writes.contains(where: { $0.contains(place) }) else {
            throw MessageRejection(
                .locationNotGranted, at: "/handler",
                "\(handler.name) writes to \(ObjectPrefix.list(writes)), its outputs would go to \(place)",
                jobID: request.id)
        }
    }

    /// Performs one action.
    ///
    /// - Returns: what happened; `nil` for actions whose end decides nothing.
    mutating func perform(_ action: JobLifecycle.Action) async -> JobLifecycle.Event? {
        switch action {
        case .claim: return await claim()
        case .awaitLeader: return await awaitLeader()
        case .fetchInputs(let record): return await fetchInputs(record)
        case .runHandler(let record): return await runHandler(record)
        case .stopHandler: return nil
        case .stageOutputs(let outputs, let record): return await stageOutputs(outputs, record)
        case .store(let transition, let evidence, let record, let wait):
            return await store(transition, evidence, record, after: wait)
        case .publishOutputs(let record): return await publishOutputs(record)
        case .sendDeadLetter(let attributes): return await sendDeadLetter(attributes)
        case .storeSettled(let record): return await storeSettled(record)
        case .discardStaged(let outputs): await discardStaged(outputs)
        case .deleteMessage: await deleteMessage()
        case .releaseMessage(let wait): await releaseMessage(after: wait)
        case .finish: break
        }
        return nil
    }

    func removeScratch() {
        guard let scratch, let fault = scratch.remove() else { return }
        logger.warning("\(LogEvent.leftovers)", metadata: [LogKey.error: "\(fault)"])
    }

    // MARK: - Store

    private func claim() async -> JobLifecycle.Event {
        guard let request else { return .storeFailed(.corrupt(detail: "a message without a request was claimed")) }
        let claim = ClaimRequest(
            request: request, messageID: work.message.messageID, receiveCount: work.message.receiveCount,
            runner: settings.id, lease: settings.visibility, now: ports.clock.now(),
            maxUnfinishedStarts: settings.maxUnfinishedStarts)
        executor.inFlight.beginClaim(request.id)
        defer { executor.inFlight.endClaim(request.id) }
        do {
            let decision = try await ports.store.change(request.id) { claim.decide($0) }
            switch decision {
            case .start(let record):
                work.own(record)
                _ = executor.inFlight.lead(record.id, work)
                logger.info(
                    "\(LogEvent.processingStarted)",
                    metadata: [
                        LogKey.handler: "\(record.request.handler)", LogKey.epoch: .stringConvertible(record.epoch),
                        LogKey.attempt: .stringConvertible(record.attempts + 1),
                    ])
                return .claimed(decision)
            case .settle(let record) where !executor.inFlight.lead(record.id, work):
                // The run that made it final is still publishing: do not do that twice.
                return .claimed(.held(by: settings.id, until: claim.now + settings.visibility))
            case .settle, .held, .tooEarly, .finished: return .claimed(decision)
            }
        } catch {
            return .storeFailed(error)
        }
    }

    private func awaitLeader() async -> JobLifecycle.Event {
        guard let request else { return .leaderFinished }
        // Beyond the limit followers keep their slots, and that stops the polls.
        guard executor.inFlight.count <= InFlightJobs.limit else {
            return await executor.inFlight.follow(request.id, work)
        }
        executor.slots.giveBack()
        defer { executor.slots.take() }
        return await executor.inFlight.follow(request.id, work)
    }

    private func store(
        _ transition: JobTransition, _ evidence: JobClaim.Evidence, _ record: JobRecord, after wait: Duration
    ) async -> JobLifecycle.Event {
        if wait > .zero {
            do { try await ports.clock.sleep(for: wait) } catch { return .storeFailed(.cancelled) }
        }
        let claim = JobClaim(jobID: record.id, epoch: record.epoch, runner: settings.id)
        var evidence = evidence
        evidence.metrics = timings.merged(into: evidence.metrics)
        let (final, now) = (evidence, ports.clock.now())
        do {
            let verdict = try await ports.store.change(record.id) {
                claim.apply(transition, evidence: final, now: now, to: $0)
            }
            work.own(nil)
            logger.debug("\(LogEvent.statusUpdated)", metadata: [LogKey.state: "\(transition.kind)"])
            return .transitionAnswered(verdict)
        } catch {
            logger.warning("\(LogEvent.messageFailed)", metadata: [LogKey.error: "\(error)"])
            return .storeFailed(error)
        }
    }

    private func storeSettled(_ record: JobRecord) async -> JobLifecycle.Event {
        let (actor, now) = (settings.id.rawValue, ports.clock.now())
        do {
            _ = try await ports.store.change(record.id) { JobRecord.markSettled(by: actor, now: now, $0) }
            return .settledStored
        } catch {
            return .storeFailed(error)
        }
    }

    // MARK: - Handler

    private mutating func fetchInputs(_ record: JobRecord) async -> JobLifecycle.Event {
        let start = ports.clock.uptime()
        let scratch: ScratchDirectory
        do {
            scratch = try ScratchDirectory(
                below: settings.scratchDirectory, name: "\(record.id.rawValue.fileNameSafe)-\(record.epoch)")
        } catch {
            return .fetchFailed(input: "scratch directory", error)
        }
        self.scratch = scratch
        for (name, input) in record.request.inputs.sorted(by: { $0.key < $1.key }) {
            do {
                _ = try await ports.objects.download(input, to: scratch.inputPath(name), progress: nil)
            } catch {
                return .fetchFailed(input: name, error)
            }
        }
        timings.fetch = ports.clock.uptime() - start
        return .inputsFetched
    }

    private func runHandler(_ record: JobRecord) async -> JobLifecycle.Event? {
        guard let scratch, let handler else { return nil }
        let inputs = record.request.inputs.keys.map { ($0, scratch.inputPath($0)) }
        let invocation = HandlerInvocation(
            handler: handler.name, jobID: record.id, epoch: record.epoch, attempt: record.attempts + 1,
            params: record.request.params, inputs: Dictionary(uniqueKeysWithValues: inputs),
            scratchDirectory: scratch.outputPath, timeout: handler.timeout)
        let (work, handlers, logger) = (work, ports.handlers, logger)
        let report = await withTaskGroup(of: HandlerReport?.self) { group in
            group.addTask {
                let report = await handlers.run(invocation) { signal in Self.note(signal, work, logger) }
                work.handlerIsOver()
                return report
            }
            group.addTask {
                await work.waitForStop()
                return nil
            }
            var report: HandlerReport?
            while let ended = await group.next() {
                if let ended { report = ended } else { group.cancelAll() }
            }
            return report
        }
        if let report { note(report.metrics, of: handler.name) }
        return report.map { .handlerReported($0) }
    }

    private func note(_ metrics: HandlerMetrics, of handler: String) {
        guard !metrics.isEmpty else { return }
        executor.metrics.add(metrics, of: handler)
        for (series, value) in metrics.values.sorted(by: { $0.key < $1.key }) {
            var metadata: Logger.Metadata = [LogKey.metric: "\(series.name)", LogKey.value: "\(value)"]
            for (key, label) in series.labels { metadata["label.\(key)"] = "\(label)" }
            logger.debug("\(LogEvent.handlerMetric)", metadata: metadata)
        }
    }

    private static func note(_ signal: HandlerSignal, _ work: JobWork, _ logger: Logger) {
        switch signal {
        case .progress(let fraction, let note): work.note(progress: fraction, note)
        case .log(let level, let message, let fields):
            var metadata: Logger.Metadata = [LogKey.text: "\(message)", LogKey.handlerLevel: "\(level)"]
            for (key, value) in fields { metadata["handler.\(key)"] = "\(value)" }
            logger.log(
                level: Logger.Level(rawValue: level) ?? .info, "\(LogEvent.handlerLog)", metadata: metadata)
        }
    }
}

// MARK: - Objects and messages

extension ActionPerformer {
    private mutating func stageOutputs(
        _ outputs: [ProducedOutput], _ record: JobRecord
    ) async -> JobLifecycle.Event {
        let start = ports.clock.uptime()
        let (keys, objects) = (OutputKeys(settings: settings, record: record), ports.objects)
        let staged = await ObjectTransfers.all(outputs) { output in
            let location = keys.staged(output.name)
            do throws(DependencyError) {
                let info = try await objects.upload(
                    output.path, to: location, contentType: output.contentType, progress: nil)
                return .success(
                    JobOutput(
                        name: output.name, staged: location, published: keys.published(output.name),
                        sizeBytes: info.sizeBytes, etag: info.etag, contentType: output.contentType))
            } catch {
                return .failure(error)
            }
        }
        timings.stage = ports.clock.uptime() - start
        switch staged {
        case .success(let outputs): return .outputsStaged(outputs)
        case .failure(let error): return .stagingFailed(error)
        }
    }

    private func publishOutputs(_ record: JobRecord) async -> JobLifecycle.Event {
        let objects = ports.objects
        let published = await ObjectTransfers.all(record.outputs) { output in
            do throws(DependencyError) {
                return .success(try await objects.copy(output.staged, to: output.published))
            } catch {
                return .failure(error)
            }
        }
        switch published {
        case .success: return .outputsPublished
        case .failure(let error):
            logger.warning("\(LogEvent.messageFailed)", metadata: [LogKey.error: "\(error)"])
            return .publishingFailed(error)
        }
    }

    private func discardStaged(_ outputs: [JobOutput]) async {
        for output in outputs {
            do {
                try await ports.objects.delete(output.staged)
            } catch {
                logger.warning(
                    "\(LogEvent.leftovers)",
                    metadata: [LogKey.reason: "\(output.staged)", LogKey.error: "\(error)"])
            }
        }
    }

    private func sendDeadLetter(_ attributes: [String: String]) async -> JobLifecycle.Event {
        guard let queue = ports.deadLetterQueue else { return .deadLetterSent }
        let body = work.message.body
        let fitting = DeadLetterReason.fitting(
            attributes, bodyBytes: body.utf8.count, limitBytes: settings.rules.maximumBytes)
        do {
            _ = try await queue.send(body: body, attributes: fitting, delay: .zero)
            return .deadLetterSent
        } catch {
            logger.error("\(LogEvent.messageFailed)", metadata: [LogKey.error: "\(error)"])
            return .deadLetterFailed(error)
        }
    }

    /// A delete that fails leaves a message whose redelivery finds its job finished.
    private func deleteMessage() async {
        await executor.inFlight.withdraw(work)
        do {
            try await ports.queue.delete(work.message.receipt)
        } catch {
            logger.warning("\(LogEvent.messageFailed)", metadata: [LogKey.error: "\(error)"])
        }
    }

    private func releaseMessage(after wait: Duration) async {
        await executor.inFlight.withdraw(work)
        do {
            let refused = try await ports.queue.changeVisibility(of: [work.message.receipt], to: wait)
            for error in refused.values {
                logger.info("\(LogEvent.messageFailed)", metadata: [LogKey.error: "\(error)"])
            }
        } catch {
            logger.warning("\(LogEvent.messageFailed)", metadata: [LogKey.error: "\(error)"])
        }
    }
}
