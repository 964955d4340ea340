import CHandlerABI
import ProbeProtocol

/// Contract checks with runs that are told to stop, and with clocks that are not kind.
enum StoppingCases {
    static let all: [CheckCase] = [
        stopping("cancel-before-start", "A run that is told to stop before it starts") { _, _ in .beforeStart },
        stopping("cancel-at-first-call", "A run that is told to stop at its first host call") { _, _ in .call(1) },
        stopping("cancel-midway", "A run that is told to stop midway", isHuge: true) { _, _ in
            .bytesRead(InputCases.hugeBytes / 4)
        },
        stopping("cancel-somewhere", "A run that is told to stop at a random call") { fair, random in
            .call(Int64.random(in: 1...max(fair.facts.calls, 1), using: &random))
        },
        stopping("cancel-late", "A run that is told to stop when its result is set") { _, _ in .result },
        stopping("cancel-thrice", "A run that is told to stop three times", isHuge: true, times: 3) { _, _ in
            .bytesRead(InputCases.hugeBytes / 8)
        },
        CheckCase(.contract, "deadline-now", "A run whose time is up from the start ends") { context in
            guard try await context.fair() != nil else { return SequenceCases.noFairRun }
            let (observation, run) = try await context.observe(context.sample) {
                $0.conditions.timeLeftMilliseconds = 0
            }
            return RunJudge(subject: context.subject).verdict(observation, [run]) { facts, _ in
                .passed(StatusWord.text(facts.status))
            }
        },
        CheckCase(.contract, "clock-set-back", "A wall clock that goes back changes no status") { context in
            guard let fair = try await context.fair() else { return SequenceCases.noFairRun }
            let (observation, run) = try await context.observe(context.sample) { run in
                run.conditions.wallStepNanoseconds = -3_600_000_000_000
            }
            return RunJudge(subject: context.subject).verdict(observation, [run]) { facts, run in
                RunOutcome(facts, of: run).difference(from: fair.outcome, comparesContent: false)
                    .map { .failed("expected \($0)") }
            }
        },
    ]

    private static func stopping(
        _ name: String, _ what: String, isHuge: Bool = false, times: Int = 1,
        at moment: @escaping @Sendable (FairRun, inout SeededRandom) -> ProbeConditions.Moment
    ) -> CheckCase {
        CheckCase(.contract, name, "\(what) ends soon, as cancelled or done") { context in
            guard let fair = try await context.fair() else { return SequenceCases.noFairRun }
            guard let job = isHuge ? InputCases.huge(context) : context.sample else {
                return .skipped("the handler has no inputs, or takes none of 16 MiB")
            }
            var random = context.random(for: name)
            let moment = moment(fair, &random)
            let timeout = context.patience + context.subject.cancelGrace
            let (observation, run) = try await context.observe(job, timeout: timeout) { run in
                run.conditions.cancelAt = moment
                run.conditions.cancelCalls = times
            }
            let judge = RunJudge(subject: context.subject)
            return judge.verdict(observation, [run], rule: judge.stopping(fair))
        }
    }
}
