import HandlerHosting

/// Checks one handler, case by case.
package struct HandlerChecker: Sendable {
    /// The programs that cases run.
    package struct Programs: Sendable {
        /// The absolute path of `headrace-host`.
        package var host: String
        /// The absolute path of `headrace-probe`.
        package var probe: String
        /// The version that handlers are told.
        package var runnerVersion: String
        /// Where temporary files are made.
        package var temporaryDirectory: String

        /// Names the programs.
        package init(host: String, probe: String, runnerVersion: String, temporaryDirectory: String) {
            self.host = host
            self.probe = probe
            self.runnerVersion = runnerVersion
            self.temporaryDirectory = temporaryDirectory
        }
    }

    /// How far a check is.
    package enum Progress: Sendable {
        /// The case with that place of so many begins.
        case began(CheckCase, place: Int, of: Int)
        /// A case came to its end.
        case ended(CaseResult)
    }

    private let programs: Programs
    private let environment: [String: String]
    private let seed: UInt64
    private let patience: Duration

    /// Makes a checker.
    ///
    /// - Parameters:
    ///   - programs: what cases run.
    ///   - environment: the checker's own variables, of which a handler gets what it asks for.
    ///   - seed: what all random choices of cases follow from.
    ///   - patience: how long a process may take before the handler in it hangs; some cases take longer.
    package init(
        programs: Programs, environment: [String: String], seed: UInt64, patience: Duration = .seconds(20)
    ) {
        self.programs = programs
        self.environment = environment
        self.seed = seed
        self.patience = patience
    }

    /// The cases of a handler, in the order in which they run.
    package static func cases(of subject: CheckSubject) -> [CheckCase] {
        ManifestCases.all + LibraryCases.all + LoadCases.all + HostFaultCases.all + InputCases.all + StoppingCases.all
            + SequenceCases.all + ClaimCases.all + HygieneCases.all + SecurityCases.all + ExampleCases.all(subject)
    }

    /// Checks the handler in a folder.
    ///
    /// - Parameters:
    ///   - path: the folder, as the user gave it.
    ///   - words: phases, cases, or beginnings of cases that are wanted; all when empty.
    ///   - onProgress: told of every case, in order.
    /// - Returns: the report.
    /// - Throws: ``CheckFault`` when the checker cannot do its own work.
    package func check(
        _ path: String, only words: [String] = [], onProgress: @Sendable (Progress) -> Void = { _ in }
    ) async throws(CheckFault) -> CheckReport {
        var report = CheckReport(path: path, seed: seed)
        switch CheckSubject.read(path, environment: environment) {
        case .failure(let manifest):
            report.results = [Self.unreadable(manifest)]
            onProgress(.ended(report.results[0]))
        case .success(let subject):
            (report.name, report.version) = (subject.name, subject.version)
            let all = Self.cases(of: subject)
            let wanted = all.filter { known in words.isEmpty || words.contains { known.matches($0) } }
            guard !wanted.isEmpty else {
                throw .noCase(words: words, known: CheckPhase.allCases.map(\.rawValue) + all.map(\.id))
            }
            report.results = try await run(wanted, subject, onProgress)
        }
        return report
    }

    private func run(
        _ cases: [CheckCase], _ subject: CheckSubject, _ onProgress: @Sendable (Progress) -> Void
    ) async throws(CheckFault) -> [CaseResult] {
        let workspace: Workspace
        do throws(WorkspaceFault) {
            workspace = try Workspace(below: programs.temporaryDirectory)
        } catch {
            throw .workspace("\(error)")
        }
        let context = CaseContext(
            subject: subject, seed: seed,
            probe: ProbeProcess(executable: programs.probe, environment: subject.environment),
            production: ProductionHost(
                hostExecutable: programs.host, runnerVersion: programs.runnerVersion, environment: environment),
            workspace: workspace, library: LibraryFile.read(subject), patience: patience,
            shared: SharedObservations())
        let clock = ContinuousClock()
        var results: [CaseResult] = []
        for (place, one) in cases.enumerated() {
            onProgress(.began(one, place: place + 1, of: cases.count))
            let start = clock.now
            let verdict = await verdict(of: one, context)
            results.append(
                CaseResult(
                    id: one.id, phase: one.phase, title: one.title, verdict: verdict,
                    duration: start.duration(to: clock.now)))
            onProgress(.ended(results[place]))
        }
        return results
    }

    private func verdict(of one: CheckCase, _ context: CaseContext) async -> Verdict {
        let isExecuted = one.phase != .manifest && one.phase != .library
        if isExecuted, !context.canBeLoaded {
            return .skipped("the library cannot be loaded; see library.format and library.entry-point")
        }
        do {
            return try await one.body(context)
        } catch {
            return .failed("\(error)")
        }
    }

    private static func unreadable(_ manifest: UnreadableManifest) -> CaseResult {
        let form = ManifestCases.all[0]
        let text = manifest.faults.map(\.description).joined(separator: "\n")
        return CaseResult(id: form.id, phase: form.phase, title: form.title, verdict: .failed(text), duration: .zero)
    }
}

/// Why a check could not be done.
package enum CheckFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// `--only` names nothing.
    case noCase(words: [String], known: [String])
    /// The checker's own files.
    case workspace(String)

    /// One sentence.
    package var description: String {
        switch self {
        case .noCase(let words, _): "no case is named \(words.joined(separator: ", "))"
        case .workspace(let text): text
        }
    }
}
