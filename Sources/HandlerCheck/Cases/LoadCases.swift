import CHandlerABI
import ProbeProtocol
import PureJSON

/// Checks of loading a library and making its handler, without a job or with one.
enum LoadCases {
    static let all: [CheckCase] = [
        CheckCase(.load, "create", "It is loaded, made and destroyed") { context in
            judge(await context.observe(context.script()))
        },
        CheckCase(.load, "identity", "It is the handler of the manifest") { context in
            identity(await context.observe(context.script()), context.subject)
        },
        CheckCase(.load, "quiet", "Loading and making it changes nothing else in the process") { context in
            quiet(await context.observe(context.script()))
        },
        tableCase("exact-table", .exact, "A host table that ends at its last member is enough"),
        tableCase("future-table", .future, "A later host with more members at the end is no matter"),
        CheckCase(.load, "missing-files", "Without its files it is made, or refuses and says why") { context in
            var script = context.script()
            var config = context.subject.config
            config["handlerDirectory"] = .string(try context.workspace.fresh())
            script.config = JSONValue.object(config).serialized()
            return refusal(await context.observe(script))
        },
        CheckCase(.load, "broken-config", "A configuration that is no JSON does it no harm") { context in
            var script = context.script()
            script.config = "{\"handlerDirectory\":"
            return refusal(await context.observe(script))
        },
    ]

    private static func tableCase(_ name: String, _ table: ProbeScript.Table, _ title: String) -> CheckCase {
        CheckCase(.load, name, title) { context in
            guard let fair = try await context.fair() else { return SequenceCases.noFairRun }
            let run = try context.run(of: context.sample)
            var script = context.script()
            script.table = table
            script.runs = [run]
            let judge = RunJudge(subject: context.subject)
            return judge.verdict(await context.observe(script), [run], rule: judge.same(as: fair))
        }
    }

    static func judge(_ observation: ProbeObservation) -> Verdict {
        ProcessJudge.fault(in: observation).map { .failed($0) } ?? .passed(observation.table?.sdk ?? "")
    }

    static func identity(_ observation: ProbeObservation, _ subject: CheckSubject) -> Verdict {
        guard let table = observation.table else { return .skipped("load.create says why it cannot be loaded") }
        guard table.abiMajor == UInt32(JH_ABI_MAJOR) else {
            return .failed("expected abi_major \(JH_ABI_MAJOR), found \(table.abiMajor)")
        }
        guard Int64(table.minHostMinor) <= subject.minHostMinor else {
            return .failed(
                "the library wants minor \(table.minHostMinor) of the ABI, abi.minMinor of the manifest says "
                    + "\(subject.minHostMinor)")
        }
        guard table.name == subject.name, table.version == subject.version else {
            return .failed(
                "the manifest says \(subject.name) \(subject.version), the library says \(table.name) \(table.version)")
        }
        return .passed("\(table.name) \(table.version)")
    }

    static func quiet(_ observation: ProbeObservation) -> Verdict {
        guard ProcessJudge.fault(in: observation) == nil, let before = observation.before, let after = observation.after
        else { return .skipped("load.create says why it cannot be loaded") }
        if let change = SurroundingsJudge.change(from: before, to: after) { return .failed(change) }
        if after.threads > before.threads {
            return .warned("\(after.threads - before.threads) threads run before there is a job, and after destroy")
        }
        if observation.outputBytes > 0 {
            return .warned("it writes to stdout or stderr: \(observation.lastLine)")
        }
        return .passed()
    }

    /// `create` may refuse, and must then say why; what it must not do is crash or hang.
    static func refusal(_ observation: ProbeObservation) -> Verdict {
        for case .created(_, let status, let error) in observation.events where status != JH_OK {
            guard StatusWord.isKnown(status) else { return .failed("create returned \(status), which is no status") }
            guard case .exited(0) = observation.ending else {
                return .failed("after create had failed the process did not end by itself")
            }
            guard let error, !error.code.isEmpty, !error.message.isEmpty else {
                return .warned("create returned \(StatusWord.text(status)) without saying why; call set_error")
            }
            return .passed("refused as \(error.code)")
        }
        return ProcessJudge.fault(in: observation).map { .failed($0) } ?? .passed("it does not mind")
    }
}
