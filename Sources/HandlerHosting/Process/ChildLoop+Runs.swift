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
        tail.clear()
        guard let invocation = order.invocation else {
            pendingOrder = order
            return replyWithoutRun(.completed(.null))
        }
        guard let workspace else { return }
        let files: RunFiles
        let directory: RunDirectory
        do throws(RunFilesFault) {
            files = try RunFiles(invocation, inputLimits: owner.launch.inputLimits)
            do throws(RunFilesFault) {
                directory = try workspace.makeRun(runCount + 1)
            } catch {
                files.closeInputs()
                throw error
            }
        } catch {
            pendingOrder = order
            return replyWithoutRun(error.outcome)
        }
        runCount += 1
        let (launch, now) = (owner.launch, Self.now)
        let limits = limits(of: invocation, at: now)
        phase = .running(
            RunInFlight(
                order: order, invocation: invocation, number: runCount, watch: RunWatch(limits: limits, startedAt: now),
                startedAt: now,
                measuredAt: now,
                processorTimeBefore: limits.processorTime == nil ? 0 : host_cpu_nanoseconds(link.child.pid),
                isMeasured: limits.isMeasured, directory: directory))
        let request = HostRun(
            run: runCount, jobID: invocation.jobID.rawValue, attempt: Int64(invocation.attempt),
            payload: Array(invocation.params.serialized().utf8), inputs: files.inputNames, outputs: launch.outputs,
            outputDirectory: directory.outputPath, scratchDirectory: directory.scratchPath,
            deadlineNanoseconds: limits.deadline, outputLimitBytes: UInt64(launch.limits.outputBytes))
        let failed = link.send(.run(request), descriptors: files.descriptors)
        files.closeInputs()
        if failed != 0 { push(.protocolBroke("the run could not be sent (errno \(failed))"), link) }
    }

    private func limits(of invocation: HandlerInvocation, at now: Int64) -> RunWatch.Limits {
        let launch = owner.launch
        let (deadline, overflow) = now.addingReportingOverflow(invocation.timeout.wholeNanoseconds)
        return RunWatch.Limits(
            deadline: overflow ? .max : deadline, cancelGrace: launch.cancelGrace.wholeNanoseconds,
            silence: launch.silence?.wholeNanoseconds, memoryBytes: launch.limits.memoryBytes,
            processorTime: launch.limits.cpuSeconds.map { $0 * 1_000_000_000 },
            scratchBytes: launch.limits.scratchBytes)
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
            timeout: run.invocation.timeout, peakResidentBytes: peak,
            memoryLimit: owner.launch.limits.memoryBytes, scratchLimit: owner.launch.limits.scratchBytes,
            lastLogLine: tail.lines.last, lastProgress: run.lastProgress)
        var outcome = evidence.outcome
        var details: JSONValue?
        do throws(DetailsFault) { details = try evidence.details() } catch { tail.add(error.logLine) }
        var outputs: [ProducedOutput] = []
        if case .completed = outcome, case .finished(let finish) = ending {
            do throws(RunFilesFault) {
                outputs = try RunFiles.take(
                    finish.outputs, from: run.directory, to: run.invocation.scratchDirectory)
            } catch {
                outcome = error.outcome
            }
        }
        run.order.reply(
            .report(
                HandlerReport(
                    outcome: outcome, outputs: outputs, lastLogLines: tail.lines, lastProgress: run.lastProgress,
                    details: details, metrics: run.metrics, peakMemoryBytes: peak > 0 ? peak : nil,
                    duration: .nanoseconds(Self.now - run.startedAt),
                    handlerVersion: owner.launch.version)))
        let left = workspace?.remove(run.directory) ?? 0
        if left != 0 { warnOfLeftovers(run.directory.path, errno: left) }
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
                    at: now, residentBytes: resident >= 0 ? resident : nil, processorTime: used >= 0 ? used : nil,
                    scratchBytes: isDue ? scratchBytes(of: run) : nil),
                link)
        case .starting, .idle, .leaving, .ending: break
        }
    }

    private func scratchBytes(of run: RunInFlight) -> Int64? {
        guard let limit = owner.launch.limits.scratchBytes else { return nil }
        return workspace?.bytes(of: run.directory, limit: limit)
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
