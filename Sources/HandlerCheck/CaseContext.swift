import Glibc
import ProbeProtocol
import PureJSON
import Synchronization

/// What a case works with: the handler, a seed, and processes to run it in.
struct CaseContext: Sendable {
    let subject: CheckSubject
    let seed: UInt64
    let probe: ProbeProcess
    let production: ProductionHost
    let workspace: Workspace
    /// What the library's file holds, or why it is none.
    let library: Result<SharedObject, LibraryFile.Fault>
    /// How long a process may take when nothing about its runs is extraordinary.
    let patience: Duration
    /// What several cases need, made once.
    let shared: SharedObservations

    /// Random numbers of one case: the same for the same seed and case.
    func random(for name: String) -> SeededRandom { SeededRandom(seed: seed, name: name) }

    /// Whether the library can be loaded at all, as far as its file says.
    var canBeLoaded: Bool {
        guard case .success(let object) = library else { return false }
        return !LibraryCases.format(object).isFailure && !LibraryCases.entryPoint(in: object).isFailure
    }

    // MARK: - Scripts

    /// A script without runs, confined as in production; the handler is configured for a job, the sample if not given.
    func script(for job: SampleJob? = nil) -> ProbeScript {
        let config = (job ?? sample).config(over: subject.config)
        var script = ProbeScript(libraryPath: subject.libraryPath, config: JSONValue.object(config).serialized())
        var confinement = ProbeScript.Confinement()
        confinement.openFiles = UInt32(clamping: subject.openFiles)
        // As in production: room to map more than is touched, and a wall behind it.
        confinement.dataLimitBytes = subject.memoryLimit.map { $0 * 2 + 512 << 20 } ?? 4 << 30
        confinement.readPaths = subject.readPaths + [subject.folder, workspace.folder]
        confinement.writePaths = [workspace.folder]
        confinement.deniesNetwork = !subject.allowsNetwork
        confinement.deniesProcesses = !subject.allowsProcesses
        script.confinement = confinement
        script.lateCallMilliseconds = 5
        return script
    }

    /// A run of a job under fair conditions, in a directory of its own.
    func run(of job: SampleJob) throws(WorkspaceFault) -> ProbeRun {
        let directory = try workspace.fresh()
        for name in ["outputs", "scratch", "state"] { try workspace.make(directory + "/" + name) }
        var run = ProbeRun(
            payload: job.payload.serialized(), inputs: job.inputs, outputs: subject.outputs.map(\.name),
            directory: directory, stateDirectory: directory + "/state")
        run.conditions.checkpointLimitBytes = subject.checkpointLimit
        run.conditions.keyValueLimitBytes = subject.keyValueLimit
        run.conditions.seed = Int64(bitPattern: seed)
        return run
    }

    /// Runs a script in a process of its own.
    func observe(_ script: ProbeScript, timeout: Duration? = nil) async -> ProbeObservation {
        let rule = script.confinement == nil ? watchRule : nil
        return await probe.run(script, timeout: timeout ?? patience, rule: rule)
    }

    /// Runs one job under conditions.
    func observe(
        _ job: SampleJob, timeout: Duration? = nil, _ change: (inout ProbeRun) -> Void
    ) async throws(WorkspaceFault) -> (observation: ProbeObservation, run: ProbeRun) {
        var run = try run(of: job)
        change(&run)
        var script = script(for: job)
        script.runs = [run]
        return (await observe(script, timeout: timeout), run)
    }

    private var watchRule: WatchRule {
        let folders = subject.readPaths + [subject.folder]
        return WatchRule(
            readableFolders: folders, writableFolders: [workspace.folder], allowsNetwork: subject.allowsNetwork,
            allowsProcesses: subject.allowsProcesses)
    }

    // MARK: - The fair run

    /// The job that the cases are made of: the first example that is to end well, else the first, else a made-up one.
    var sample: SampleJob { SampleJob.main(of: subject, workspace: workspace) }

    /// The sample's run under fair conditions, to compare with; `nil` when it does not even end.
    func fair() async throws(WorkspaceFault) -> FairRun? {
        if let known = shared.fair.withLock({ $0 }) { return known.run }
        let (observation, run) = try await observe(sample) { _ in }
        var fair: FairRun?
        if ProcessJudge.fault(in: observation) == nil, let facts = observation.runs.first {
            fair = FairRun(facts: facts, outcome: RunOutcome(facts, of: run), observation: observation)
        }
        shared.fair.withLock { $0 = SharedObservations.Fair(run: fair) }
        return fair
    }
}

/// Observations that several cases look at.
final class SharedObservations: Sendable {
    /// A fair run that was tried.
    struct Fair: Sendable {
        var run: FairRun?
    }

    let fair = Mutex<Fair?>(nil)
    let manyRuns = Mutex<ProbeObservation?>(nil)
    let watched = Mutex<ProbeObservation?>(nil)
}

/// A run to compare others with.
struct FairRun: Sendable {
    var facts: RunFacts
    var outcome: RunOutcome
    var observation: ProbeObservation
}

/// SplitMix64, seeded by a number and a name.
struct SeededRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64, name: String) {
        state = name.utf8.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
