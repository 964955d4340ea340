import JobCore
import Logging
import Synchronization

/// Takes messages as there are free slots and gives each to the executor.
final class MessagePoller: Sendable {
    private let settings: RunnerSettings
    private let ports: RunnerPorts
    private let slots: SlotPool
    private let executor: JobExecutor
    private let drain: DrainController
    private let tally: Tally
    private let logger: Logger

    init(
        settings: RunnerSettings, ports: RunnerPorts, slots: SlotPool, executor: JobExecutor,
        drain: DrainController, tally: Tally, logger: Logger
    ) {
        self.settings = settings
        self.ports = ports
        self.slots = slots
        self.executor = executor
        self.drain = drain
        self.tally = tally
        self.logger = logger
    }

    /// Polls until the runner drains, and returns when the last message's work is over.
    func run() async {
        await withDiscardingTaskGroup { group in
            var failures = 0
            while drain.acceptsJobs {
                let free = await slots.waitForFree()
                guard free > 0, drain.acceptsJobs else { break }
                do throws(DependencyError) {
                    let messages = try await ports.queue.receive(
                        upTo: min(free, 10), waitingFor: settings.wait, visibility: settings.visibility)
                    failures = 0
                    guard drain.acceptsJobs else {
                        await handBack(messages)
                        break
                    }
                    for message in messages { start(message, in: &group) }
                } catch {
                    failures += 1
                    await backOff(error, failures)
                }
            }
            drain.handle(.pollReturned)
        }
    }

    private func start(_ message: QueuedMessage, in group: inout DiscardingTaskGroup) {
        slots.take()
        tally.received()
        drain.handle(.jobStarted)
        group.addTask {
            let verdict = await self.executor.run(message)
            self.tally.count(verdict)
            self.slots.giveBack()
            self.drain.handle(.jobFinished)
        }
    }

    /// What a poll brings after the drain began is visible to others again at once.
    private func handBack(_ messages: [QueuedMessage]) async {
        guard !messages.isEmpty else { return }
        do {
            _ = try await ports.queue.changeVisibility(of: messages.map(\.receipt), to: .zero)
        } catch {
            logger.warning("\(LogEvent.messageFailed)", metadata: [LogKey.error: "\(error)"])
        }
    }

    /// The queue is out of reach: stay alive, wait 1 s doubling up to 30 s, say so.
    private func backOff(_ error: DependencyError, _ failures: Int) async {
        let seconds = min(30, 1 << min(failures - 1, 5))
        let wait = Duration.seconds(seconds) * (1 + ports.random() / 4)
        logger.error(
            "\(LogEvent.loopError)",
            metadata: [
                LogKey.error: "\(error)", LogKey.code: "\(error.code)", LogKey.queue: "\(ports.queue.name)",
                LogKey.retryInMilliseconds: .stringConvertible(wait.wholeMilliseconds),
            ])
        await drain.sleep(for: wait, clock: ports.clock)
    }
}

/// Counts what messages came to.
final class Tally: Sendable {
    private let state = Mutex(RunnerSummary())

    func received() { state.withLock { $0.received += 1 } }

    func count(_ verdict: JobVerdict) { state.withLock { $0.count(verdict) } }

    func summary(uptime: Duration) -> RunnerSummary {
        state.withLock { summary in
            var summary = summary
            summary.uptime = uptime
            return summary
        }
    }
}
