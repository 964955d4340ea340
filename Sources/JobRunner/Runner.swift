package import JobCore
package import Logging
import Synchronization

/// A production runner: takes jobs from a queue until it is told to drain.
package final class Runner: Sendable {
    private let settings: RunnerSettings
    private let ports: RunnerPorts
    private let logger: Logger
    private let drainController = DrainController()
    private let inFlight = InFlightJobs()
    private let slots: SlotPool
    private let tally = Tally()
    private let metricTotals = HandlerMetricTotals()
    private let startedAt: Duration

    /// Makes a runner that does nothing yet.
    package init(settings: RunnerSettings, ports: RunnerPorts, logger: Logger) {
        self.settings = settings
        self.ports = ports
        var logger = logger
        logger[metadataKey: LogKey.runner] = "\(settings.id)"
        self.logger = logger
        slots = SlotPool(settings.concurrency)
        startedAt = ports.clock.uptime()
    }

    /// Counters so far.
    package var summary: RunnerSummary { tally.summary(uptime: ports.clock.uptime() - startedAt) }

    /// What handlers have measured so far, each series with a label `handler`.
    package var handlerMetrics: HandlerMetrics { metricTotals.current }

    /// Begins the shutdown: stop polling, let running jobs finish within the grace period, then hand them back.
    ///
    /// - Returns: `false` when the shutdown had begun before: a second signal, after which the caller leaves at once.
    package func drain() -> Bool { !drainController.handle(.drainRequested) }

    /// Runs until drained.
    ///
    /// - Returns: what was done.
    package func run() async -> RunnerSummary {
        logger.info(
            "\(LogEvent.startup)",
            metadata: [
                LogKey.queue: "\(ports.queue.name)",
                LogKey.handler: "\(ports.handlers.descriptions().map(\.name).joined(separator: ","))",
            ])
        let executor = JobExecutor(
            settings: settings, ports: ports, inFlight: inFlight, slots: slots, metrics: metricTotals,
            logger: logger)
        let poller = MessagePoller(
            settings: settings, ports: ports, slots: slots, executor: executor, drain: drainController, tally: tally,
            logger: logger)
        let keeper = LeaseKeeper(settings: settings, ports: ports, inFlight: inFlight, logger: logger)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await poller.run() }
            group.addTask { await keeper.run() }
            actions: for await action in drainController.actions where await perform(action, in: &group) {
                break actions
            }
            group.cancelAll()
        }
        await ports.handlers.shutdown()
        let summary = summary
        report(summary)
        return summary
    }

    /// - Returns: whether the runner is drained.
    private func perform(_ action: DrainLifecycle.Action, in group: inout TaskGroup<Void>) async -> Bool {
        switch action {
        case .announce(let phase): logger.info("\(LogEvent.draining)", metadata: [LogKey.phase: "\(phase)"])
        case .stopPolling: slots.close()
        case .startGraceTimer:
            let (clock, grace, controller) = (ports.clock, settings.grace, drainController)
            group.addTask {
                do { try await clock.sleep(for: grace) } catch { return }
                controller.handle(.graceElapsed)
            }
        case .stopJobs: inFlight.stopAll(.drain)
        case .exitAtOnce: break
        case .finish: return true
        }
        return false
    }

    private func report(_ summary: RunnerSummary) {
        logger.info(
            "\(LogEvent.shutdown)",
            metadata: [
                LogKey.uptimeSeconds: .stringConvertible(summary.uptime.wholeMilliseconds / 1_000),
                LogKey.processed: .stringConvertible(summary.processed),
                LogKey.failed: .stringConvertible(summary.failed),
                LogKey.rejected: .stringConvertible(summary.rejected),
                LogKey.duplicates: .stringConvertible(summary.duplicates),
                LogKey.successRate: .stringConvertible((summary.successRate * 1_000).rounded() / 1_000),
            ])
    }
}
