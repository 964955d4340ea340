import CHostProcess
import Glibc
import HostProtocol
import JobCore
import Logging

extension ChildLoop {
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
            note(ready.layers)
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
            let known = owner.launch.outputs.map(\.name)
            guard finish.outputs.allSatisfy({ known.contains($0.name) }) else {
                return distrust("an output that the manifest does not have", link)
            }
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
        case (.hello, _), (.probe, _), (.probed, _), (.ready, _), (.refused, _), (.run, _), (.cancel, _),
            (.stateReply, _), (.finished, _), (.bye, _):
            distrust("a frame out of order", link)
        }
    }

    private func note(_ layers: [HostLayer]) {
        let missing = layers.map(IsolationLayer.init).filter { !$0.isOn }
        guard !missing.isEmpty else { return }
        // Said once for the runner as a whole when it starts; here for whoever looks into one handler.
        owner.logger.debug(
            "a handler runs without a layer of confinement",
            metadata: [
                "handler": "\(owner.launch.name)",
                "missing": "\(missing.map { "\($0.name): \($0.why)" }.joined(separator: "; "))",
            ])
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
        let resident = recycling.aboveBytes == nil ? -1 : host_resident_bytes(link.child.pid)
        let isWorn = recycling.isWorn(
            runs: runCount, residentBytes: resident, age: .nanoseconds(Self.now - bornAt))
        // A signal may be on its way: whoever comes next must not get it.
        if run.watch.isPushed || isWorn { owner.retire() }
        phase = .idle
        report(run, ending: .finished(finish), peak: Int64(clamping: finish.peakMemoryBytes))
    }
}
