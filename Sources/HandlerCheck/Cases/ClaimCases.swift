import CHandlerABI
import ProbeProtocol

/// Checks of what a manifest claims, and of what resuming promises.
enum ClaimCases {
    /// The most checkpoints at which a process is killed.
    private static let killLimit = 8
    /// How many random host calls a process is killed at.
    private static let randomKills = 3

    static let all: [CheckCase] = [
        CheckCase(.claims, "deterministic", "Another clock, other random bytes: the same results and outputs") {
            context in
            guard context.subject.isDeterministic else { return .skipped("deterministic is not claimed") }
            return try await deterministic(context)
        },
        CheckCase(.claims, "idempotent", "The same job again in the same process: the same results and outputs") {
            context in
            guard context.subject.isIdempotent else { return .skipped("idempotent is not claimed") }
            return try await idempotent(context)
        },
        CheckCase(.claims, "resumes-after-kill", "Killed at every checkpoint, then resumed: as never interrupted") {
            context in
            try await killed(context) { fair, _ in checkpoints(fair.facts.checkpoints) }
        },
        CheckCase(.claims, "restarts-after-kill", "Killed at random calls, then tried again: as never interrupted") {
            context in
            try await killed(context) { fair, random in
                let calls = (1...max(fair.facts.calls, 1)).shuffled(using: &random)
                return calls.prefix(randomKills).sorted().map { .call($0) }
            }
        },
    ]

    private enum Kill {
        case checkpoint(Int64)
        case call(Int64)

        var described: String {
            switch self {
            case .checkpoint(let number): "checkpoint \(number)"
            case .call(let number): "host call \(number)"
            }
        }
    }

    private static func deterministic(_ context: CaseContext) async throws -> Verdict {
        let examples = context.subject.examples.map { SampleJob($0, of: context.subject) }
        for job in examples.isEmpty ? [context.sample] : examples {
            let (first, firstRun) = try await context.observe(job) { _ in }
            let (second, secondRun) = try await context.observe(job) { run in
                run.conditions.wallNanoseconds += 400 * 86_400 * 1_000_000_000 + 12_345_678_901
                run.conditions.wallStepNanoseconds = 977_000_000
                run.conditions.seed = ~run.conditions.seed
                run.conditions.timeLeftMilliseconds = 9_000
            }
            guard ProcessJudge.fault(in: first) == nil, let facts = first.runs.first else {
                return SequenceCases.noFairRun
            }
            let judge = RunJudge(subject: context.subject)
            let outcome = RunOutcome(facts, of: firstRun)
            let verdict = judge.verdict(second, [secondRun]) { facts, run in
                RunOutcome(facts, of: run).difference(from: outcome, comparesContent: true)
                    .map { .failed("\(name(of: job)) under another clock and seed: expected \($0)") }
            }
            if verdict.isFailure { return verdict }
        }
        return .passed("\(max(examples.count, 1)) jobs")
    }

    private static func idempotent(_ context: CaseContext) async throws -> Verdict {
        guard let fair = try await context.fair() else { return SequenceCases.noFairRun }
        let first = try context.run(of: context.sample)
        var second = try context.run(of: context.sample)
        // Delivered once more: the handler's values are still there, the checkpoint of a finished job is not.
        second.stateDirectory = first.stateDirectory
        second.startsAfresh = true
        second.attempt = 2
        var script = context.script()
        script.runs = [first, second]
        let runs = [first, second]
        return RunJudge(subject: context.subject).verdict(await context.observe(script), runs) { facts, run in
            RunOutcome(facts, of: run).difference(from: fair.outcome, comparesContent: true)
                .map { .failed("run \(facts.run + 1) of the same job: expected \($0)") }
        }
    }

    private static func checkpoints(_ count: Int64) -> [Kill] {
        guard count > killLimit else { return (0..<count).map { .checkpoint($0 + 1) } }
        // The first, the last, and others evenly between.
        return (0..<Int64(killLimit)).map { .checkpoint(1 + $0 * (count - 1) / Int64(killLimit - 1)) }
    }

    private static func killed(
        _ context: CaseContext, _ kills: (FairRun, inout SeededRandom) -> [Kill]
    ) async throws -> Verdict {
        guard let fair = try await context.fair() else { return SequenceCases.noFairRun }
        var random = context.random(for: "kill")
        let kills = kills(fair, &random)
        guard !kills.isEmpty else { return .skipped("the run stores no checkpoint") }
        for kill in kills {
            let verdict = try await resumed(after: kill, fair, context)
            if !verdict.isPassed { return verdict }
        }
        return .passed(kills.map(\.described).joined(separator: ", "))
    }

    private static func resumed(after kill: Kill, _ fair: FairRun, _ context: CaseContext) async throws -> Verdict {
        let (first, firstRun) = try await context.observe(context.sample) { run in
            switch kill {
            case .checkpoint(let number): run.conditions.killAfterCheckpoint = number
            case .call(let number): run.conditions.killAt = .call(number)
            }
        }
        // 9: the probe's own doing, as the conditions say.
        guard first.ending == .killed(signal: 9) else {
            return .failed(
                "expected the run to come to \(kill.described) again, found that it does not: its calls differ from run to run"
            )
        }
        let (second, secondRun) = try await context.observe(context.sample) { run in
            run.stateDirectory = firstRun.stateDirectory
            run.attempt = 2
        }
        return RunJudge(subject: context.subject).verdict(second, [secondRun]) { facts, run in
            RunOutcome(facts, of: run).difference(from: fair.outcome, comparesContent: context.subject.isDeterministic)
                .map { .failed("killed at \(kill.described) and tried again: expected \($0)") }
        }
    }

    private static func name(of job: SampleJob) -> String { job.example.map { "\"\($0.name)\"" } ?? "a made-up job" }
}
