internal import Glibc
package import JobCore

/// The machine's own clocks; the only place of the project's programs that reads them.
package struct SystemClock: RunnerClock {
    private static let start = ContinuousClock.now

    /// Makes a clock; all of them agree.
    package init() {}

    package func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int128(time.tv_sec) * 1_000_000_000 + Int128(time.tv_nsec))
    }

    package func uptime() -> Duration { ContinuousClock.now - Self.start }

    package func sleep(for duration: Duration) async throws(CancellationError) {
        guard duration > .zero else { return }
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw CancellationError()
        }
    }
}
