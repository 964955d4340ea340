/// The runner's clock: real in production, scripted in the lab and in tests.
///
/// What a handler measures or waits for with it can be tested without waiting.
public struct JobClock: Clock {
    /// A point in time since an arbitrary start.
    public struct Instant: InstantProtocol {
        /// The time since that start.
        public let uptime: Duration

        /// Orders two points.
        ///
        /// - Parameters:
        ///   - lhs: the one.
        ///   - rhs: the other.
        /// - Returns: whether the one comes first.
        public static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.uptime < rhs.uptime }

        /// A point later.
        ///
        /// - Parameter duration: how much later.
        /// - Returns: that point.
        public func advanced(by duration: Duration) -> Instant { Instant(uptime: uptime + duration) }

        /// The time to another point.
        ///
        /// - Parameter other: the other point.
        /// - Returns: the time; negative when the other comes first.
        public func duration(to other: Instant) -> Duration { other.uptime - uptime }
    }

    let backend: any JobBackend

    /// The present.
    public var now: Instant { Instant(uptime: backend.uptime) }

    /// The shortest time that it can tell apart.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// Waits; ends early, with an error, when the run is told to stop.
    ///
    /// - Parameters:
    ///   - deadline: until when.
    ///   - tolerance: not used.
    /// - Throws: `CancellationError`.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        try await backend.sleep(until: deadline.uptime)
    }
}

/// Waiting by the system's clock.
enum SystemWait {
    /// Waits for a time that another clock measured.
    static func sleep(until deadline: Duration, now: () -> Duration) async throws {
        while case let left = deadline - now(), left > .zero { try await Task.sleep(for: left) }
        try Task.checkCancellation()
    }
}
