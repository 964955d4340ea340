import ProbeProtocol
import Synchronization

/// Checks of what a handler tries that it has no business with.
///
/// Its system calls are watched from outside while it is loaded, made and run: what production's filter refuses is
/// refused, files outside the handler's folders are refused too, and both are told. What is not seen: looks at memory
/// and environment that are the process's own, which hold nothing but what the manifest asks for.
enum SecurityCases {
    static let all: [CheckCase] = [
        CheckCase(.security, "confined", "It works in the confinement of production") { context in
            await confined(context)
        },
        look("network", "It makes no socket", kinds: [.network]),
        look("processes", "It starts no process and no program", kinds: [.process]),
        look("reads", "It reads its own folder and the system's libraries only", kinds: [.open], writes: false),
        look("writes", "It writes to its own directory of the run only", kinds: [.open, .change], writes: true),
        look("other-processes", "It leaves other processes alone", kinds: [.foreign]),
        look("kernel", "It leaves mounts, keys, modules and namespaces alone", kinds: [.kernel]),
        CheckCase(.security, "output-volume", "Its outputs stay within limits.outputBytes") { context in
            guard let fair = try await context.fair() else { return SequenceCases.noFairRun }
            guard fair.facts.bytesWritten <= context.subject.outputLimit else {
                return .failed(
                    "\(fair.facts.bytesWritten) bytes of outputs, \(context.subject.outputLimit) are allowed")
            }
            return .passed("\(fair.facts.bytesWritten) bytes")
        },
    ]

    private static func confined(_ context: CaseContext) async -> Verdict {
        let run = await context.production.run(context.sample, of: context.subject, in: context.workspace)
        guard let expected = context.sample.example?.status else { return .passed(run.status) }
        guard run.status == expected else {
            return .failed("expected \(expected), found \(run.status): \(run.message)")
        }
        return .passed(run.status)
    }

    private static func look(
        _ name: String, _ title: String, kinds: Set<WatchedCall.Kind>, writes: Bool? = nil
    ) -> CheckCase {
        CheckCase(.security, name, title) { context in
            guard try await context.fair() != nil else { return SequenceCases.noFairRun }
            let observation = try await observe(context)
            let calls = observation.calls.filter { call in
                kinds.contains(call.kind) && (writes == nil || call.kind == .change || call.writes == writes)
            }
            if let call = calls.first {
                let file = call.path.isEmpty ? "" : " of \(call.path)"
                return .failed(
                    "it tries \(call.name)\(file)" + (calls.count > 1 ? ", and \(calls.count - 1) more" : ""))
            }
            if case .exited(4) = observation.ending {
                return .skipped("system calls cannot be watched on this machine: \(observation.lastLine)")
            }
            return ProcessJudge.fault(in: observation).map { .warned("under watch \($0)") } ?? .passed()
        }
    }

    private static func observe(_ context: CaseContext) async throws -> ProbeObservation {
        if let known = context.shared.watched.withLock({ $0 }) { return known }
        var script = context.script()
        script.confinement = nil
        script.runs = [try context.run(of: context.sample)]
        let observation = await context.observe(script)
        context.shared.watched.withLock { $0 = observation }
        return observation
    }
}
