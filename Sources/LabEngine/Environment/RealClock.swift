internal import Glibc
internal import JobCore

/// The machine's own time, for what the lab measures of itself.
struct RealClock: RunnerClock {
    private static let start = ContinuousClock.now

    func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int128(time.tv_sec) * 1_000_000_000 + Int128(time.tv_nsec))
    }

    func uptime() -> Duration { ContinuousClock.now - Self.start }

    func sleep(for duration: Duration) async throws(CancellationError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw CancellationError()
        }
    }
}
