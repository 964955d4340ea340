import CHandlerABI
import ProbeProtocol

/// Says what an observed process with runs is worth.
struct RunJudge: Sendable {
    let subject: CheckSubject

    /// Judges all runs of a process: first what is wrong everywhere, then by the case's own rule.
    ///
    /// - Parameters:
    ///   - observation: the process.
    ///   - runs: the script's runs.
    ///   - rule: looks at one run that has returned; `nil` when it is right.
    /// - Returns: the first failure, else the first warning, else that all is well.
    func verdict(
        _ observation: ProbeObservation, _ runs: [ProbeRun],
        rule: (_ facts: RunFacts, _ run: ProbeRun) -> Verdict? = { _, _ in nil }
    ) -> Verdict {
        if let fault = ProcessJudge.fault(in: observation) { return .failed(fault) }
        var warning: Verdict?
        var detail = ""
        for facts in observation.runs.sorted(by: { $0.run < $1.run }) {
            let run = runs[facts.run]
            if let fault = ProcessJudge.fault(in: facts, of: run, subject: subject) { return .failed(fault) }
            switch rule(facts, run) {
            case nil: break
            case .passed(let text)?: detail = text
            case .warned(let text)?: warning = warning ?? .warned(text)
            case let verdict?: return verdict
            }
            if let text = ProcessJudge.warning(in: facts) { warning = warning ?? .warned(text) }
        }
        guard observation.runs.count == runs.count else {
            return .failed("expected \(runs.count) runs to return, found \(observation.runs.count)")
        }
        return warning ?? .passed(detail)
    }

    /// The rule of a host that is odd but fair: the run comes to what it always comes to.
    func same(as fair: FairRun) -> (RunFacts, ProbeRun) -> Verdict? {
        let comparesContent = subject.isDeterministic
        return { facts, run in
            RunOutcome(facts, of: run).difference(from: fair.outcome, comparesContent: comparesContent)
                .map { .failed("expected \($0)") }
        }
    }

    /// The rule of a host function that fails: the run does not end well, and the submitter is not blamed.
    static func failing(_ what: String) -> (RunFacts, ProbeRun) -> Verdict? {
        { facts, _ in
            guard facts.faultsMet > 0 else { return .skipped("the run makes no such call") }
            switch facts.status {
            case JH_OK: return .failed("expected any status but ok after \(what), found ok")
            case JH_INVALID_INPUT:
                return .warned("after \(what) the run blames the submitter: invalid-input is never tried again")
            default: return nil
            }
        }
    }

    /// The rule of strange input: any ending will do, but not one that asks to try the same bytes again.
    static func strangeInput() -> (RunFacts, ProbeRun) -> Verdict? {
        { facts, _ in
            guard facts.status == JH_RETRYABLE else { return nil }
            return .warned("the run asks to be tried again, but the input will be the same: return invalid-input")
        }
    }

    /// The rule of a run that is told to stop: soon, and as cancelled unless it was done.
    func stopping(_ fair: FairRun) -> (RunFacts, ProbeRun) -> Verdict? {
        let limit = subject.cancelGrace
        let limitMilliseconds = limit.components.seconds * 1_000 + limit.components.attoseconds / 1_000_000_000_000_000
        return { facts, _ in
            guard let milliseconds = facts.stopMilliseconds else { return .skipped("the run ends before it is told") }
            guard milliseconds <= limitMilliseconds else {
                return .failed(
                    "expected an end within \(limitMilliseconds) ms of being told to stop (timeout.cancelGrace), found "
                        + "\(milliseconds) ms")
            }
            switch facts.status {
            case JH_OK, JH_CANCELLED, fair.facts.status: return .passed("stopped after \(milliseconds) ms")
            default:
                return .failed(
                    "expected ok or cancelled after being told to stop, found \(StatusWord.text(facts.status))")
            }
        }
    }
}
