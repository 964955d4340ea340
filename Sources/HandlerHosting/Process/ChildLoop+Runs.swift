import CHandlerABI
import CHostProcess
import Glibc
import HostProtocol
import JobCore
import Logging
import PureJSON

extension ChildLoop {
    // MARK: - Mail

    mutating func readMail(_ link: inout HostLink) {
        let mail = owner.takeMail()
        if let order = mail.order { pendingOrder = order }
        if let order = mail.cancelledOrder { cancel(order, link) }
        if let reply = mail.stateReply { answer(reply, link) }
        if mail.isStopped { stop(link) }
        guard case .idle = phase, let order = pendingOrder else { return }
        pendingOrder = nil
        begin(order, link)
    }

    private mutating func cancel(_ order: UInt64, _ link: HostLink) {
        if pendingOrder?.id == order { return replyWithoutRun(.cancelled) }
        guard case .running(let run) = phase, run.order.id == order else { return }
        push(.cancelRequested(at: Self.now), link)
    }

    private mutating func answer(_ reply: HostStateReply, _ link: HostLink) {
        guard case .running(var run) = phase, run.openRequest == reply.number else { return }
        run.openRequest = nil
        phase = .running(run)
        let failed = link.send(.stateReply(reply))
        if failed != 0 { push(.protocolBroke("a state reply could not be sent (errno \(failed))"), link) }
    }

    private mutating func stop(_ link: HostLink) {
        switch phase {
        case .starting:
            replyWithoutRun(.cancelled)
            kill(link)
        case .idle:
            replyWithoutRun(.cancelled)
            phase = link.send(.bye) == 0 ? .leaving(until: Self.now + Self.leavePatience) : .ending(killAt: Self.now)
        case .running: push(.abandoned, link)
        case .leaving, .ending: break
        }
    }

    // MARK: - Runs

    private mutating func begin(_ order: HostChild.Order, _ link: HostLink) {
        let invocation = order.invocation
        tail.clear()
        let files: RunFiles
        do throws(RunFilesFault) {
            files = try RunFiles(invocation, inputLimits: owner.launch.inputLimits)
        } catch {
            pendingOrder = order
            return replyWithoutRun(error.outcome)
        }
        runCount += 1
        let (launch, now) = (owner.launch, Self.now)
        let (deadline, overflow) = now.addingReportingOverflow(invocation.timeout.wholeNanoseconds)
        let limits = RunWatch.Limits(
            deadline: overflow ? .max : deadline, cancelGrace: launch.cancelGrace.wholeNanoseconds,
            silence: launch.silence?.wholeNanoseconds, memoryBytes: launch.limits.memoryBytes,
            processorTime: launch.limits.cpuSeconds.map { $0 * 1_000_000_000 })
        phase = .running(
            RunInFlight(
                order: order, number: runCount, watch: RunWatch(limits: limits, startedAt: now), startedAt: now,
                measuredAt: now,
                processorTimeBefore: limits.processorTime == nil ? 0 : host_cpu_nanoseconds(link.child.pid),
                isMeasured: limits.memoryBytes != nil || limits.processorTime != nil, files: files))
        let request = HostRun(
            run: runCount, jobID: invocation.jobID.rawValue, attempt: Int64(invocation.attempt),
            payload: Array(invocation.params.serialized().utf8), inputs: files.inputNames, outputs: launch.outputs,
            outputDirectory: files.outputDirectory, scratchDirectory: files.scratchDirectory,
            deadlineNanoseconds: limits.deadline, outputLimitBytes: UInt64(launch.limits.outputBytes))
        let failed = link.send(.run(request), descriptors: files.descriptors)
        files.closeInputs()
        if failed != 0 { push(.protocolBroke("the run could not be sent (errno \(failed))"), link) }
    }

    /// Answers an order that never became a run.
    mutating func replyWithoutRun(_ outcome: HandlerOutcome) {
        let order = pendingOrder
        pendingOrder = nil
        order?.reply(
            .report(
                HandlerReport(outcome: outcome, lastLogLines: tail.lines, handlerVersion: owner.launch.version)))
    }

    mutating func report(_ run: RunInFlight, ending: RunEvidence.Ending, peak: Int64) {
        let peak = max(peak, run.watch.peakResidentBytes)
        let evidence = RunEvidence(
            ending: ending, cause: run.watch.cause, isPushed: run.watch.isPushed,
            timeout: run.order.invocation.timeout, peakResidentBytes: peak,
            memoryLimit: owner.launch.limits.memoryBytes, lastLogLine: tail.lines.last, lastProgress: run.lastProgress)
        let outcome = evidence.outcome
        var details: JSONValue?
        do throws(DetailsFault) { details = try evidence.details() } catch { tail.add(error.logLine) }
        var outputs: [ProducedOutput] = []
        if case .completed = outcome, case .finished(let finish) = ending {
            outputs = finish.outputs.map { output in
                ProducedOutput(
                    name: output.name, path: run.files.outputDirectory + "/" + output.name,
                    sizeBytes: Int64(clamping: output.sizeBytes), contentType: output.contentType)
            }
        }
        run.order.reply(
            .report(
                HandlerReport(
                    outcome: outcome, outputs: outputs, lastLogLines: tail.lines, lastProgress: run.lastProgress,
                    details: details, metrics: run.metrics, peakMemoryBytes: peak > 0 ? peak : nil,
                    duration: .nanoseconds(Self.now - run.startedAt),
                    handlerVersion: owner.launch.version)))
    }

    // MARK: - What the process says

    mutating func drain(_ link: inout HostLink) {
        link.readOutput(into: &tail)
        let wasOpen = link.isControlOpen
        switch link.receive() {
        case .broken(let text): distrust(text, link)
        case .frames(let frames):
            for frame in frames { hear(frame, &link) }
            if wasOpen, !link.isControlOpen { awaitEnd() }
        }
    }

    /// The host closed its end: it is about to exit, or its handler closed a descriptor that is not its own.
    private mutating func awaitEnd() {
        owner.retire()
        switch phase {
        case .running(var run):
            // The watch kills in time; an exit status that comes first says more.
            _ = run.watch.handle(.lost(until: Self.now + Self.leavePatience, "the control socket was closed"))
            phase = .running(run)
        case .starting(let until): phase = .starting(until: min(until, Self.now + Self.leavePatience))
        case .idle: phase = .ending(killAt: Self.now + Self.leavePatience)
        case .leaving, .ending: break
        }
    }

    private mutating func distrust(_ text: String, _ link: HostLink) {
        owner.retire()
        if case .running = phase { return push(.protocolBroke(text), link) }
        kill(link)
    }

    private mutating func hear(_ frame: HostFrame, _ link: inout HostLink) {
        switch (frame, phase) {
        case (.ready(let ready), .starting):
            if !ready.missingLayers.isEmpty {
                owner.logger.warning(
                    "a handler runs without a layer of confinement",
                    metadata: [
                        "handler": "\(owner.launch.name)",
                        "missing": "\(ready.missingLayers.joined(separator: ","))",
                    ])
            }
            phase = .idle
        case (.refused(let refusal), .starting):
            owner.retire()
            replyWithoutRun(
                refusal.isPassing
                    ? .retry(after: nil, code: refusal.code, message: refusal.message)
                    : .failed(code: refusal.code, message: refusal.message))
            phase = .ending(killAt: Self.now + Self.leavePatience)
        case (.log(let log), _): hear(log)
        case (.progress(let number, let fraction, let note), .running(var run)) where number == run.number:
            run.lastProgress = "\(Int(fraction * 100)) %" + (note.isEmpty ? "" : " (\(note))")
            _ = run.watch.handle(.heard(at: Self.now))
            phase = .running(run)
            run.order.onSignal(.progress(fraction: fraction, note: note))
        case (.alive(let number), .running(var run)) where number == run.number:
            _ = run.watch.handle(.heard(at: Self.now))
            phase = .running(run)
        case (.finished(let finish), .running(let run)) where finish.run == run.number:
            end(run, finish, &link)
        case (.stateRequest(let request), .running(var run)) where request.run == run.number:
            guard run.openRequest == nil else { return distrust("a second state request before the first reply", link) }
            _ = run.watch.handle(.heard(at: Self.now))
            run.openRequest = request.number
            phase = .running(run)
            run.order.events.post(.stateRequest(request))
        case (.metric(let metric), .running(var run)) where metric.run == run.number:
            _ = run.watch.handle(.heard(at: Self.now))
            run.add(metric)
            phase = .running(run)
        case (.progress, _), (.alive, _), (.stateRequest, _), (.metric, _): break
        case (.hello, _), (.ready, _), (.refused, _), (.run, _), (.cancel, _), (.stateReply, _), (.finished, _),
            (.bye, _):
            distrust("a frame out of order", link)
        }
    }

    private mutating func hear(_ log: HostLog) {
        let levels = ["debug", "info", "warning", "error"]
        let level = levels.indices.contains(Int(log.level)) ? levels[Int(log.level)] : "info"
        let fields = Dictionary(log.fields.map { ($0.key, $0.value) }) { _, later in later }
        let suffix = log.fields.map { " \($0.key)=\($0.value)" }.joined()
        tail.add("\(level) \(log.message)\(suffix)")
        if case .running(var run) = phase {
            _ = run.watch.handle(.heard(at: Self.now))
            phase = .running(run)
            run.order.onSignal(.log(level: level, message: log.message, fields: fields))
        } else {
            pendingOrder?.onSignal(.log(level: level, message: log.message, fields: fields))
        }
    }

    private mutating func end(_ run: RunInFlight, _ finish: HostFinish, _ link: inout HostLink) {
        link.readOutput(into: &tail)
        tail.endLine()
        if finish.droppedLogLines > 0 { tail.add("(\(finish.droppedLogLines) log lines were over the rate)") }
        let isLarge = recycling.aboveBytes.map { host_resident_bytes(link.child.pid) > $0 } ?? false
        // A signal may be on its way: whoever comes next must not get it.
        if run.watch.isPushed || runCount >= UInt64(recycling.afterRuns) || isLarge { owner.retire() }
        phase = .idle
        report(run, ending: .finished(finish), peak: Int64(clamping: finish.peakMemoryBytes))
    }

    // MARK: - The watch

    mutating func measure(_ link: HostLink) {
        let now = Self.now
        switch phase {
        case .starting(let until) where now >= until:
            replyWithoutRun(
                .crashed(
                    signal: nil, exitCode: nil,
                    message: "\(owner.launch.name) was not ready within \(owner.launch.startPatience)"))
            kill(link)
        case .leaving(let until) where now >= until, .ending(let until) where now >= until: kill(link)
        case .running(var run):
            let isDue = run.isMeasured && now - run.measuredAt >= Self.measureInterval
            if isDue {
                run.measuredAt = now
                phase = .running(run)
            }
            let resident = isDue ? host_resident_bytes(link.child.pid) : -1
            let used = isDue ? host_cpu_nanoseconds(link.child.pid) - run.processorTimeBefore : -1
            push(
                .measured(
                    at: now, residentBytes: resident >= 0 ? resident : nil, processorTime: used >= 0 ? used : nil),
                link)
        case .starting, .idle, .leaving, .ending: break
        }
    }

    /// Gives the run's watch an event and does what it says.
    mutating func push(_ event: RunWatch.Event, _ link: HostLink) {
        guard case .running(var run) = phase else { return }
        let actions = run.watch.handle(event)
        phase = .running(run)
        for action in actions {
            switch action {
            case .sendCancel:
                if link.send(.cancel(run: run.number)) != 0 { _ = host_kill_group(link.child.pid, SIGKILL) }
            case .terminate: _ = host_kill_group(link.child.pid, SIGTERM)
            case .kill: _ = host_kill_group(link.child.pid, SIGKILL)
            }
        }
    }

    mutating func kill(_ link: HostLink) {
        owner.retire()
        _ = host_kill_group(link.child.pid, SIGKILL)
        phase = .ending(killAt: Self.now + Self.leavePatience)
    }
}
