package import JobCore
import Synchronization

/// A clock on which nobody waits: who sleeps is woken at once, and the time is then what it would have been.
package final class LeapingClock: RunnerClock {
    /// What the clock shows at first: 2026-11-21, 06:22:31 UTC.
    package static let start = Timestamp(seconds: 1_795_242_151)

    private let elapsed = Mutex(Duration.zero)

    /// Makes a clock at ``start``.
    package init() {}

    package func now() -> Timestamp { Self.start + uptime() }

    package func uptime() -> Duration { elapsed.withLock { $0 } }

    package func sleep(for duration: Duration) async throws(CancellationError) {
        if Task.isCancelled { throw CancellationError() }
        guard duration > .zero else { return }
        elapsed.withLock { $0 += duration }
    }

    /// Goes back to ``start``.
    package func rewind() { elapsed.withLock { $0 = .zero } }
}
