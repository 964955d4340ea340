import CHandlerABI
import ProbeProtocol
import PureJSON

/// Contract checks with a host whose functions give little, or fail.
enum HostFaultCases {
    static let all: [CheckCase] =
        [
            CheckCase(.contract, "fair-run", "A job under fair conditions ends, and as its example says") { context in
                try await fairRun(context)
            },
            odd("one-byte-reads", "Reads that give one byte at a time change nothing") { $0.bytesPerRead = 1 },
            odd("uneven-reads", "Reads that end in the middle of things change nothing") { $0.bytesPerRead = 7 },
            odd("one-byte-writes", "Writes that take one byte at a time lose nothing") { $0.bytesPerWrite = 1 },
            odd("uneven-writes", "Writes that take a part lose nothing") { $0.bytesPerWrite = 13 },
        ] + failures

    private static var failures: [CheckCase] {
        [
            failing("open-input-error", "An input that cannot be opened", .openInput, JH_E_IO),
            failing("read-error-at-start", "A first read that fails", .read, JH_E_IO),
            failing("read-error-midway", "A read that fails midway", .read, JH_E_IO, share: 0.5),
            failing("read-error-at-end", "A read that fails where the end should be", .read, JH_E_IO, share: 1),
            failing("open-output-error", "An output that cannot be opened", .openOutput, JH_E_IO),
            failing("write-error-at-start", "A first write that fails", .write, JH_E_IO),
            failing("write-error-midway", "A write that fails midway", .write, JH_E_IO, share: 0.5),
            failing("output-limit", "Outputs that reach their limit", .write, JH_E_LIMIT, share: 0.5),
            failing("close-error", "An output that cannot be closed", .close, JH_E_IO),
            failing("seek-error", "A seek that fails", .seek, JH_E_IO),
            surviving("checkpoint-error", "Checkpoints that cannot be stored", .checkpoint, JH_E_IO),
            surviving("checkpoint-limit", "Checkpoints that are too long", .checkpoint, JH_E_LIMIT),
            surviving("stored-values-error", "Values that cannot be stored or read", .keyValue, JH_E_IO),
            surviving("random-error", "Random bytes that do not come", .random, JH_E_IO),
        ]
    }

    private static func fairRun(_ context: CaseContext) async throws -> Verdict {
        let (observation, run) = try await context.observe(context.sample) { _ in }
        let judge = RunJudge(subject: context.subject)
        let expected = context.sample.example?.status
        let code = context.sample.example?.expectation?["code"]?.stringValue
        return judge.verdict(observation, [run]) { facts, _ in
            guard let expected else { return .passed("a made-up job: \(StatusWord.text(facts.status))") }
            guard StatusWord.text(facts.status) == expected else {
                return .failed(
                    "expected \(expected), found \(StatusWord.text(facts.status))"
                        + (facts.error == nil ? "" : ProcessJudge.described(facts.error)))
            }
            guard code == nil || code == facts.error?.code else {
                return .failed("expected the code \(code ?? ""), found \(facts.error?.code ?? "none")")
            }
            return .passed("\(facts.calls) host calls, \(facts.durationMilliseconds) ms")
        }
    }

    /// A host that is odd but fair.
    private static func odd(
        _ name: String, _ title: String, _ change: @escaping @Sendable (inout ProbeConditions) -> Void
    ) -> CheckCase {
        CheckCase(.contract, name, title) { context in
            guard let fair = try await context.fair() else { return SequenceCases.noFairRun }
            let (observation, run) = try await context.observe(context.sample) { change(&$0.conditions) }
            let judge = RunJudge(subject: context.subject)
            return judge.verdict(observation, [run], rule: judge.same(as: fair))
        }
    }

    /// A function that fails, after a share of the bytes that a fair run moves; the run must not end well.
    private static func failing(
        _ name: String, _ what: String, _ place: ProbeConditions.Fault.Place, _ code: Int32, share: Double = 0
    ) -> CheckCase {
        CheckCase(.contract, name, "\(what): the run says so and ends") { context in
            try await meeting(place, code, share, context) { RunJudge.failing(what.lowercasingFirst) }
        }
    }

    /// A function that fails, and that a run can do without; any end will do.
    private static func surviving(
        _ name: String, _ what: String, _ place: ProbeConditions.Fault.Place, _ code: Int32
    ) -> CheckCase {
        CheckCase(.contract, name, "\(what): the run ends all the same") { context in
            try await meeting(place, code, 0, context) {
                { facts, _ in facts.faultsMet > 0 ? nil : .skipped("the run makes no such call") }
            }
        }
    }

    private static func meeting(
        _ place: ProbeConditions.Fault.Place, _ code: Int32, _ share: Double, _ context: CaseContext,
        rule: () -> (RunFacts, ProbeRun) -> Verdict?
    ) async throws -> Verdict {
        guard let fair = try await context.fair() else { return SequenceCases.noFairRun }
        guard fair.facts.status == JH_OK else {
            return .skipped("the fair run does not end well, so nothing can spoil it")
        }
        let moved = place == .write ? fair.facts.bytesWritten : fair.facts.bytesRead
        let (observation, run) = try await context.observe(context.sample) { run in
            run.conditions.fault = ProbeConditions.Fault(place, code: code, afterBytes: Int64(Double(moved) * share))
        }
        return RunJudge(subject: context.subject).verdict(observation, [run], rule: rule())
    }
}

extension String {
    /// The text as it stands in the middle of a sentence.
    fileprivate var lowercasingFirst: String { prefix(1).lowercased() + dropFirst() }
}
