import ArgumentParser
import JobCore
import Logging

/// `headrace run`: the production runner.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Take jobs from the configured queue until told to stop.",
        discussion: """
            Configuration, credentials, queues, handlers, database and scratch directory are checked before the \
            first message is taken; what is missing is named and the exit code is 3 or 4.

            The first SIGTERM or SIGINT drains: no new messages, running jobs may finish within runner.grace, the \
            rest is handed back without counting an attempt, exit code 0. A second signal ends at once with \
            130 (SIGINT) or 143 (SIGTERM); messages under way become visible again when their time is up.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var runner: RunnerOptions

    func run() async throws {
        let session = try global.session(.configured, overrides: runner.overrides).joiningWorld()
        LogBootstrap.install(session.configuration.log, clock: session.clock, environment: session.environment)
        do {
            // In an embedded cloud all buckets are the user's own.
            if session.data == nil { try session.configuration.checkForRunning() }
        } catch {
            throw CommandFailure(.configuration, error.description)
        }
        let logger = Logger(label: "headrace")
        let assembly = try await RunnerAssembly.make(
            Composition(session), allowsEveryBucket: session.data != nil, logger: logger)
        Banner.show(assembly, session, title: "headrace \(HeadraceVersion.text)")
        let signals = await ShutdownSignals.trap()
        let summary = try await session.inWorld { [console = session.console] in
            await ShutdownSignals.run(assembly.runner, refresh: assembly.refresh, until: signals, console: console)
        }
        if session.console.writesJSON {
            session.console.jsonLine(summary.json)
        } else {
            session.console.note("stopped: \(summary.sentence)")
        }
    }
}

/// Settings of a runner that have flags.
struct RunnerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Jobs at a time, 1 to 256.", valueName: "n"))
    var concurrency: Int?

    @Option(help: ArgumentHelp("trace, debug, info, notice, warning, error or critical.", valueName: "level"))
    var logLevel: String?

    /// The flags as values for the configuration.
    var overrides: [ConfigurationOverride] {
        var overrides: [ConfigurationOverride] = []
        if let concurrency {
            overrides.append(.init("runner.concurrency", String(concurrency), flag: "--concurrency"))
        }
        if let logLevel { overrides.append(.init("log.level", logLevel, flag: "--log-level")) }
        return overrides
    }
}

/// What is shown when a runner starts.
enum Banner {
    /// Writes the banner to a person at a terminal; a log collector reads `worker_startup` instead.
    static func show(_ assembly: RunnerAssembly, _ session: Session, title: String) {
        let console = session.console
        for warning in assembly.warnings { console.warning(warning) }
        guard console.err.terminal.isInteractive else { return }
        let toErr = Console(out: console.err, err: console.err, writesJSON: false)
        toErr.out.line(toErr.out.styled(title, .bold))
        toErr.facts(assembly.facts(session))
        toErr.out.line()
    }
}
