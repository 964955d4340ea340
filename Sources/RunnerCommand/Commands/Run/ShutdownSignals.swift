import Glibc
import JobRunner
import UnixSignals

/// What SIGTERM and SIGINT do to a runner: the first drains it, the second ends the process at once.
enum ShutdownSignals {
    /// From here on the signals count.
    static func trap() async -> UnixSignalsSequence { await UnixSignalsSequence(trapping: .sigterm, .sigint) }

    /// Runs a runner until it is drained; signals that came since they were trapped count.
    ///
    /// The refresh keeps the handlers up to date as long as the runner runs.
    static func run(
        _ runner: Runner, refresh: HandlersRefresh?, until signals: UnixSignalsSequence, console: Console
    ) async -> RunnerSummary {
        await withTaskGroup(of: Void.self) { group in
            if let refresh { group.addTask { await refresh.run() } }
            group.addTask {
                for await signal in signals {
                    if runner.drain() {
                        console.note("draining: running jobs may finish; a second signal ends at once")
                    } else {
                        leave(after: signal, console: console)
                    }
                }
            }
            let summary = await runner.run()
            group.cancelAll()
            return summary
        }
    }

    /// Ends the process without waiting for anything; messages under way become visible again by themselves.
    private static func leave(after signal: UnixSignal, console: Console) -> Never {
        let status: ExitStatus = signal == .sigint ? .interrupted : .terminated
        console.note("ended at once; messages under way become visible again when their time is up")
        _exit(status.rawValue)
    }
}
