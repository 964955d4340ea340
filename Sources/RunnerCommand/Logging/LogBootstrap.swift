import Glibc
package import JobCore
package import Logging

/// Sets up logging for one process.
package enum LogBootstrap {
    /// Makes all loggers of the process write to standard error, as configured; to be called once, first thing.
    ///
    /// `auto` is `pretty` when standard error is a terminal, else `json`. Colours need a terminal, no `NO_COLOR` and a
    /// `TERM` other than `dumb`. SIGPIPE is ignored from here on: a closed pipe ends the log, not the program.
    package static func install(
        _ log: HeadraceConfiguration.Log, clock: any RunnerClock, environment: [String: String]
    ) {
        signal(SIGPIPE, SIG_IGN)
        let make = factory(
            log, clock: clock, environment: environment, isTerminal: isatty(STDERR_FILENO) == 1, output: LogOutput())
        LoggingSystem.bootstrap({ _, provider in make(provider) }, metadataProvider: nil)
    }

    /// What makes the handlers, for tests and for loggers that do not go through the global system.
    package static func factory(
        _ log: HeadraceConfiguration.Log, clock: any RunnerClock, environment: [String: String], isTerminal: Bool,
        output: LogOutput
    ) -> @Sendable (Logger.MetadataProvider?) -> any LogHandler {
        let layout = layout(log.format, environment: environment, isTerminal: isTerminal)
        return { provider in
            LineLogHandler(
                layout: layout, output: output, clock: clock, logLevel: log.level, metadataProvider: provider)
        }
    }

    static func layout(
        _ format: HeadraceConfiguration.LogFormat, environment: [String: String], isTerminal: Bool
    ) -> LogLayout {
        let isColoured = isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
        return switch format {
        case .json: .json
        case .pretty: .pretty(isColoured: isColoured)
        case .auto: isTerminal ? .pretty(isColoured: isColoured) : .json
        }
    }
}
