import CHandlerABI
import ProbeProtocol
import PureJSON

/// What no handler may do to the process that it lives in.
enum ProcessJudge {
    private static let signals: [Int32: String] = [
        4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE",
        15: "SIGTERM", 31: "SIGSYS",
    ]

    /// How a process came to a bad end; `nil` when it did all that its script says.
    static func fault(in observation: ProbeObservation) -> String? {
        let stage = observation.stage
        let lastLine = observation.lastLine.isEmpty ? "" : "; last line: \(observation.lastLine)"
        switch observation.ending {
        case .notStarted(let code):
            return "headrace-probe cannot be started (errno \(code)); install it beside headrace"
        case .timedOut: return "it hangs \(stage)\(lastLine)"
        case .killed(let signal):
            return "it crashes with \(signals[signal] ?? "signal \(signal)") \(stage)\(lastLine)"
        case .exited(let code) where observation.after == nil:
            return "it ends the whole process with code \(code) \(stage)\(lastLine)"
        case .exited: break
        }
        for case .notLoaded(let reason) in observation.events { return "it cannot be loaded: \(reason)" }
        for case .table(let table) in observation.events {
            guard let table else { return "its entry point returned NULL" }
            guard table.hasFunctions else { return tableFault(table) }
        }
        for case .created(_, let status, let error) in observation.events where status != JH_OK {
            return "create returned \(StatusWord.text(status))" + described(error)
        }
        if let call = observation.lateCalls.first {
            return "it calls the host where it must not: \(call.what)\(times(call.count))"
        }
        return nil
    }

    private static func tableFault(_ table: HandlerTable) -> String {
        table.sizeBytes < table.neededBytes
            ? "its table has \(table.sizeBytes) bytes, expected \(table.neededBytes) or more; set size to sizeof(jh_handler)"
            : "its table has no create or no run"
    }

    /// What a run did that is wrong whatever the host did to it; `nil` when there is nothing.
    static func fault(in facts: RunFacts, of run: ProbeRun, subject: CheckSubject) -> String? {
        guard StatusWord.isKnown(facts.status) else { return "run returned \(facts.status), which is no status" }
        if facts.status == JH_CANCELLED, facts.stopMilliseconds == nil, run.conditions.timeLeftMilliseconds > 0 {
            return "run returned cancelled, though nobody told it to stop"
        }
        guard facts.status == JH_OK else { return nil }
        if let missing = subject.outputs.first(where: { $0.isRequired && !facts.outputs.contains($0.name) }) {
            return "run returned ok without the output \(missing.name), which the manifest requires"
        }
        guard facts.hasResult, let text = Workspace.read(run.resultPath) else { return nil }
        do throws(JSONParseError) {
            let result = try JSONValue(parsing: text)
            return subject.faultInResult(result).map { "the result does not fit the manifest's schema: \($0)" }
        } catch {
            return "the result is \(error)"
        }
    }

    /// What a run did that works and is not right; `nil` when there is nothing.
    static func warning(in facts: RunFacts) -> String? {
        if let misuse = facts.misuses.first {
            return "a call breaks the contract: \(misuse.what)\(times(misuse.count))"
        }
        guard facts.status != JH_OK else { return nil }
        guard let error = facts.error, !error.code.isEmpty, !error.message.isEmpty else {
            return
                "run returned \(StatusWord.text(facts.status)) without saying why; call set_error with code and message"
        }
        return nil
    }

    static func described(_ error: ReportedError?) -> String {
        error.map { " (\($0.code): \($0.message.prefix(200)))" } ?? ", and did not say why"
    }

    private static func times(_ count: Int) -> String { count == 1 ? "" : " (\(count) times)" }
}
