import ProbeProtocol
import Synchronization

/// Checks of what many runs leave behind in a process that stays warm.
enum HygieneCases {
    /// How many runs the process does.
    static let runs = 200
    private static let timeout: Duration = .seconds(60)
    /// Growth that is no leak: what an allocator keeps for itself, in bytes per run and in all.
    private static let leastBytesPerRun = 2_048.0
    private static let leastBytes: Int64 = 1 << 20
    /// Threads of a pool come as they are needed, up to the number of processors.
    private static let poolThreads = 16

    static let all: [CheckCase] = [
        look("memory", "\(runs) runs leave no memory behind") { memory($0) },
        look("descriptors", "\(runs) runs leave no descriptor open") { descriptors($0) },
        look("threads", "\(runs) runs leave no thread behind") { threads($0) },
        look("shared-state", "Directory, umask, locale, environment and signals stay as they are") { observation in
            guard let before = observation.before, let after = observation.after else { return .passed() }
            return SurroundingsJudge.change(from: before, to: after).map { .failed($0) } ?? .passed()
        },
        look("standard-output", "Nothing is written to stdout or stderr") { observation in
            observation.outputBytes == 0
                ? .passed()
                : .warned("\(observation.outputBytes) bytes, such as: \(observation.lastLine); use the host's log")
        },
    ]

    private static func look(
        _ name: String, _ title: String, _ judge: @escaping @Sendable (ProbeObservation) -> Verdict
    ) -> CheckCase {
        CheckCase(.hygiene, name, title) { context in
            guard try await context.fair() != nil else { return SequenceCases.noFairRun }
            let observation = try await observe(context)
            if let fault = ProcessJudge.fault(in: observation) { return .failed("in \(runs) runs: \(fault)") }
            return judge(observation)
        }
    }

    private static func observe(_ context: CaseContext) async throws -> ProbeObservation {
        if let known = context.shared.manyRuns.withLock({ $0 }) { return known }
        var script = context.script()
        var run = try context.run(of: context.sample)
        run.startsAfresh = true
        script.runs = [run]
        script.repetitions = runs
        let observation = await context.observe(script, timeout: timeout)
        context.shared.manyRuns.withLock { $0 = observation }
        return observation
    }

    static func memory(_ observation: ProbeObservation) -> Verdict {
        let looks = observation.repetitions.map { ($0.count, $0.surroundings.residentBytes) }
        guard let first = looks.dropFirst(looks.count / 4).first, let last = looks.last,
            let slope = SurroundingsJudge.bytesPerRun(looks.map { (count: $0.0, residentBytes: $0.1) })
        else { return .skipped("too few looks") }
        let growth = last.1 - first.1
        guard slope > leastBytesPerRun, growth > leastBytes else {
            return .passed("\(last.1 >> 20) MiB, \(Int(slope)) bytes per run")
        }
        return .failed(
            "resident memory grows by \(Int(slope)) bytes per run: from \(first.1 >> 10) to \(last.1 >> 10) KiB between "
                + "run \(first.0) and run \(last.0)")
    }

    static func descriptors(_ observation: ProbeObservation) -> Verdict {
        guard let first = observation.repetitions.dropFirst().first, let last = observation.repetitions.last else {
            return .skipped("too few looks")
        }
        let growth = last.surroundings.descriptors - first.surroundings.descriptors
        guard growth > 0 else { return .passed("\(last.surroundings.descriptors) open") }
        return .failed("\(growth) more descriptors are open after run \(last.count) than after run \(first.count)")
    }

    static func threads(_ observation: ProbeObservation) -> Verdict {
        guard let first = observation.repetitions.dropFirst().first, let last = observation.repetitions.last else {
            return .skipped("too few looks")
        }
        let growth = last.surroundings.threads - first.surroundings.threads
        guard growth > poolThreads else { return .passed("\(last.surroundings.threads) threads") }
        return .failed("\(growth) more threads are there after run \(last.count) than after run \(first.count)")
    }
}
