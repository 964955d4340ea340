import JobCore
import Synchronization

/// The shell of ``DrainLifecycle``: keeps the machine, passes its actions on in order.
final class DrainController: Sendable {
    private let machine = Mutex(DrainLifecycle())
    private let begun: AsyncStream<Void>
    private let beginning: AsyncStream<Void>.Continuation
    /// The machine's actions, for ``Runner/run()`` to perform.
    let actions: AsyncStream<DrainLifecycle.Action>
    private let pending: AsyncStream<DrainLifecycle.Action>.Continuation

    init() {
        (actions, pending) = AsyncStream.makeStream()
        (begun, beginning) = AsyncStream.makeStream()
    }

    /// Whether new messages may be taken into work.
    var acceptsJobs: Bool { machine.withLock(\.acceptsJobs) }

    /// Feeds an event in; actions appear in ``actions``.
    ///
    /// - Returns: whether the process shall be left at once.
    @discardableResult
    func handle(_ event: DrainLifecycle.Event) -> Bool {
        machine.withLock { machine in
            let actions = machine.handle(event)
            for action in actions { pending.yield(action) }
            if actions.contains(.stopPolling) { beginning.finish() }
            return actions.contains(.exitAtOnce)
        }
    }

    /// Sleeps, but not beyond the beginning of a drain; only one task may do so at a time.
    func sleep(for duration: Duration, clock: any RunnerClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { do { try await clock.sleep(for: duration) } catch { return } }
            group.addTask { for await _ in self.begun {} }
            _ = await group.next()
            group.cancelAll()
        }
    }
}
