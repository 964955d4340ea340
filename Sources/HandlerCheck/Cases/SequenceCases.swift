import CHandlerABI
import ProbeProtocol

/// Contract checks with several jobs and several instances in one process.
enum SequenceCases {
    /// Why a case has nothing to compare with.
    static let noFairRun = Verdict.skipped("contract.fair-run says why a job does not even end")
    private static let concurrentJobs = 4

    static let all: [CheckCase] = [
        CheckCase(.contract, "two-jobs", "A second job in the same process is not touched by the first") { context in
            try await twoJobs(context)
        },
        CheckCase(.contract, "job-after-failure", "A job after a failed one is not touched by it") { context in
            try await afterFailure(context)
        },
        CheckCase(.contract, "two-instances", "Two instances in one process do not touch each other") { context in
            try await twoInstances(context)
        },
        CheckCase(.contract, "concurrent-jobs", "Jobs at the same time do not touch each other") { context in
            try await concurrent(context)
        },
        CheckCase(.contract, "late-calls", "Nothing calls the host after run has returned") { context in
            guard try await context.fair() != nil else { return noFairRun }
            let run = try context.run(of: context.sample)
            var script = context.script()
            script.runs = [run]
            // Threads that a run left behind get the time to show themselves.
            script.lateCallMilliseconds = 300
            return RunJudge(subject: context.subject).verdict(await context.observe(script), [run])
        },
    ]

    private static func twoJobs(_ context: CaseContext) async throws -> Verdict {
        guard let fair = try await context.fair() else { return noFairRun }
        let runs = [try context.run(of: context.sample), try context.run(of: context.sample)]
        var script = context.script()
        script.runs = runs
        let judge = RunJudge(subject: context.subject)
        return judge.verdict(await context.observe(script), runs, rule: judge.same(as: fair))
    }

    private static func afterFailure(_ context: CaseContext) async throws -> Verdict {
        guard let fair = try await context.fair() else { return noFairRun }
        guard !context.sample.inputs.isEmpty else { return .skipped("the handler has no inputs, so no read can fail") }
        var runs = [try context.run(of: context.sample), try context.run(of: context.sample)]
        runs[0].conditions.fault = ProbeConditions.Fault(.read, code: JH_E_IO, afterBytes: fair.facts.bytesRead / 2)
        var script = context.script()
        script.runs = runs
        let judge = RunJudge(subject: context.subject)
        let same = judge.same(as: fair)
        return judge.verdict(await context.observe(script), runs) { facts, run in
            facts.run == 0 ? nil : same(facts, run)
        }
    }

    private static func twoInstances(_ context: CaseContext) async throws -> Verdict {
        guard let fair = try await context.fair() else { return noFairRun }
        var runs: [ProbeRun] = []
        for instance in [0, 1, 0] {
            var run = try context.run(of: context.sample)
            run.instance = instance
            runs.append(run)
        }
        var script = context.script()
        script.instances = 2
        script.runs = runs
        let judge = RunJudge(subject: context.subject)
        return judge.verdict(await context.observe(script), runs, rule: judge.same(as: fair))
    }

    private static func concurrent(_ context: CaseContext) async throws -> Verdict {
        guard context.subject.isReentrant else { return .skipped("concurrency.reentrant is not claimed") }
        guard let fair = try await context.fair() else { return noFairRun }
        var runs: [ProbeRun] = []
        for _ in 0..<concurrentJobs { runs.append(try context.run(of: context.sample)) }
        var script = context.script()
        script.runs = runs
        script.order = .together
        let judge = RunJudge(subject: context.subject)
        return judge.verdict(await context.observe(script), runs, rule: judge.same(as: fair))
    }
}
