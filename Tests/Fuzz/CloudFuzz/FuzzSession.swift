import FakeCloud

/// One run of the fuzzer against one target.
///
/// The n-th input depends on the seed, the n inputs before it and what the server answered, on nothing else.
package struct FuzzSession {
    /// What came of a run.
    package struct Report: Sendable {
        /// How many inputs ran.
        package var executions = 0
        /// How many requests they had.
        package var requests = 0
        /// How many different answers there were: statuses and codes of all requests of an input.
        package var behaviours = 0
        /// The input that took longest, and how long.
        package var slowest: (input: FuzzInput, duration: Duration)?
        /// Inputs whose answers are wrong, and why; at most ``findingLimit``.
        package var findings: [Finding] = []
    }

    /// An input that the server did not stand.
    package struct Finding: Sendable {
        /// The number of the input, from 0.
        package let number: Int
        /// The input.
        package let input: FuzzInput
        /// What is wrong.
        package let reason: String
    }

    /// After so many findings a run ends.
    package static let findingLimit = 20
    /// So many inputs with new answers are kept to go on from.
    private static let poolLimit = 2_000

    private let target: FuzzTarget
    private let seed: UInt64
    private let mutator: InputMutator
    private var pool: [FuzzInput]
    private var known: Set<[AnswerCheck.Summary]> = []
    private var reasons: Set<String> = []
    private var report = Report()

    private init(_ target: FuzzTarget, _ corpus: FuzzCorpus, seed: UInt64) {
        self.target = target
        self.seed = seed
        mutator = InputMutator(target: target, corpus: corpus)
        pool = corpus.seeds
    }

    /// Runs inputs until `goesOn` says no.
    ///
    /// - Parameters:
    ///   - target: what it is aimed at.
    ///   - corpus: where it starts.
    ///   - seed: decides all inputs.
    ///   - willRun: called before each input, for who keeps it in case the process dies.
    ///   - goesOn: asked with the number of the next input.
    /// - Returns: what came of it.
    /// - Throws: when the cloud cannot be set up.
    package static func run(
        _ target: FuzzTarget, _ corpus: FuzzCorpus, seed: UInt64,
        willRun: @escaping (FuzzInput) -> Void = { _ in }, goesOn: @escaping (Int) -> Bool
    ) async throws -> Report {
        var session = FuzzSession(target, corpus, seed: seed)
        try await FuzzWorld.run(target) { world in
            while session.report.findings.count < findingLimit, goesOn(session.report.executions) {
                let input = session.nextInput()
                willRun(input)
                try await session.execute(input, in: world)
            }
        }
        return session.report
    }

    /// Runs one input and returns what came of it.
    package static func reproduce(_ target: FuzzTarget, _ corpus: FuzzCorpus, _ input: FuzzInput) async throws -> Report
    {
        var session = FuzzSession(target, corpus, seed: 0)
        try await FuzzWorld.run(target) { world in try await session.execute(input, in: world) }
        return session.report
    }

    private mutating func nextInput() -> FuzzInput {
        let number = report.executions
        if number < mutator.corpus.seeds.count { return mutator.corpus.seeds[number] }
        var random = FuzzRandom(seed: seed, place: UInt64(number))
        let fresh = random.hits(oneIn: 2) ? random.pick(mutator.corpus.seeds) : random.pick(pool)
        let input = mutator.mutate(fresh, &random)
        return input.sizeBytes <= target.inputLimitBytes ? input : fresh
    }

    private mutating func execute(_ input: FuzzInput, in world: FuzzWorld) async throws {
        let started = ContinuousClock.now
        var summaries: [AnswerCheck.Summary] = []
        do throws(AnswerCheck.Fault) {
            summaries = try await Self.answers(to: input, in: world)
            if target == .chunked, report.executions % 16 == 0 {
                let split = try await Self.answers(to: input.inSmallPieces, in: world)
                if split != summaries {
                    throw AnswerCheck.Fault(description: "another answer when the body comes in small pieces: \(split)")
                }
            }
        } catch {
            // The same reason once: what follows from one defect would hide the next.
            if reasons.insert(String(error.description.prefix(60))).inserted {
                report.findings.append(
                    Finding(number: report.executions, input: input, reason: error.description))
            }
        }
        let duration = ContinuousClock.now - started
        if duration > report.slowest?.duration ?? .zero { report.slowest = (input, duration) }
        report.executions += 1
        report.requests += input.requests.count
        guard known.insert(summaries).inserted else { return }
        report.behaviours = known.count
        if pool.count < Self.poolLimit { pool.append(input) }
    }

    private static func answers(
        to input: FuzzInput, in world: FuzzWorld
    ) async throws(AnswerCheck.Fault) -> [AnswerCheck.Summary] {
        var memory = AnswerMemory()
        var summaries: [AnswerCheck.Summary] = []
        do {
            try world.restore()
            for request in input.requests {
                let filled = memory.filled(request)
                guard let answer = try await world.send(filled) else { continue }
                memory.note(filled, answer)
                summaries.append(try AnswerCheck.summary(answer, to: filled))
            }
        } catch let fault as AnswerCheck.Fault {
            throw fault
        } catch {
            throw AnswerCheck.Fault(description: "the server threw \(error)")
        }
        return summaries
    }
}

extension FuzzInput {
    /// The same requests with bodies that come byte by byte, long ones in small pieces.
    var inSmallPieces: FuzzInput {
        var input = self
        for place in input.requests.indices {
            input.requests[place]["x-fuzz-split"] = input.requests[place].body.count < 4_096 ? "1" : "97"
        }
        return input
    }
}
