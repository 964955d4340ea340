import ArgumentParser
import HandlerCheck
import HandlerHosting
import JobCore
import Offloading
import PureJSON

extension HandlerCommand {
    /// `headrace handler check`.
    struct Check: AsyncParsableCommand {
        /// How the report is written.
        enum Format: String, ExpressibleByArgument, CaseIterable {
            case text, json, junit
        }

        static let configuration = CommandConfiguration(
            abstract: "Find out whether a handler keeps the contract: some ninety cases, each in a process of its own.",
            discussion: """
                Looks at the manifest and the library's file, then runs the manifest's examples in a host that means no \
                good: reads of one byte, calls that fail, cancellation at every turn, kills, two hundred runs in a row; \
                and in the host of production. Every failure shows the command that runs its case again.

                Exit codes: 0 all is well, 1 something failed, 2 wrong usage, or warnings with --strict.

                Examples:
                  headrace handler check .
                  headrace handler check . --only contract --seed 7
                  headrace handler check . --strict --format junit >check.xml
                """)

        @OptionGroup var global: GlobalOptions

        @Argument(help: ArgumentHelp("The folder with handler.yml.", valueName: "path"), completion: .directory)
        var path = "."

        @Option(help: ArgumentHelp("What all random choices follow from.", valueName: "n"))
        var seed: UInt64 = 1

        @Option(
            name: .customLong("only"), parsing: .singleValue,
            help: ArgumentHelp("Run a phase or a case alone, by its name or the name's beginning.", valueName: "name"))
        var only: [String] = []

        @Option(help: ArgumentHelp("How the report is written: text, json or junit.", valueName: "format"))
        var format: Format?

        @Flag(help: "Exit 2 when there are warnings.")
        var strict = false

        @Flag(help: "Show what passed and what was skipped as well.")
        var verbose = false

        @Flag(name: .customLong("no-build"), help: "Do not run make, although the project has a Makefile.")
        var skipsBuild = false

        func run() async throws {
            let session = try global.session()
            let console = session.console
            let folder = LocalFile.absolute(path)
            guard LocalFile.isFile(folder + "/" + HandlerCatalogLoader.manifestName) else {
                throw CommandFailure(
                    .usage, "\(folder) holds no \(HandlerCatalogLoader.manifestName)",
                    next: "Name a handler's folder; `headrace handler new NAME` makes one.")
            }
            if !skipsBuild, let build = ProjectBuild(folder: folder) {
                let environment = session.environment
                try await BlockingWork.run { build.run(environment: environment) }.get()
            }
            let report = try await check(session)
            show(report, console)
            guard !report.isFailed else { throw Quiet(status: .jobFailed) }
            guard !strict || !report.hasWarnings else { throw Quiet(status: .usage) }
        }

        private func check(_ session: Session) async throws(CommandFailure) -> CheckReport {
            let probe = Session.executableDirectory + "/headrace-probe"
            guard LocalFile.isExecutable(probe) else {
                throw CommandFailure(
                    .configuration, "\(probe) is missing or may not be executed; cases run in it",
                    next: "Install headrace-probe beside headrace.")
            }
            let checker = HandlerChecker(
                programs: HandlerChecker.Programs(
                    host: Composition(session).hostExecutable, probe: probe, runnerVersion: HeadraceVersion.text,
                    temporaryDirectory: session.environment["TMPDIR"] ?? "/tmp"),
                environment: session.environment, seed: seed)
            let bar = ProgressBar("checking", on: session.console.err, clock: session.clock)
            defer { bar.finish() }
            do throws(CheckFault) {
                return try await checker.check(path, only: only) { progress in
                    guard case .began(let one, let place, let count) = progress else { return }
                    bar.show(share: Double(place - 1) / Double(count), note: one.id)
                }
            } catch {
                throw CommandFailure(error, words: only)
            }
        }

        private func show(_ report: CheckReport, _ console: Console) {
            switch format ?? (global.json ? .json : .text) {
            case .json: console.out.line(report.json.serialized(.pretty))
            case .junit: console.out.text(report.junit)
            case .text: CheckListing(report: report, isVerbose: verbose).show(on: console)
            }
        }
    }
}

extension CommandFailure {
    /// A check could not be done.
    fileprivate init(_ fault: CheckFault, words: [String]) {
        switch fault {
        case .noCase(_, let known):
            let hint = words.first.map { NearestName.sentence(for: $0, among: known) } ?? ""
            self.init(
                .usage, fault.description + hint,
                next: "Name a phase (\(CheckPhase.allCases.map(\.rawValue).joined(separator: ", "))) or a case.")
        case .workspace: self.init(.unreachable, fault.description, next: "Free disk space, or set TMPDIR.")
        }
    }
}
