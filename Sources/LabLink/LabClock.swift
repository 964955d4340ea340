package import JobCore

/// The lab's time: it stands still while anything runs, and jumps when everything waits.
package struct LabClock: RunnerClock {
    private let world: LabWorld

    /// Makes the clock of a world.
    package init(_ world: LabWorld) { self.world = world }

    package func now() -> Timestamp { Timestamp(nanoseconds: Int128(world.now)) }

    package func uptime() -> Duration { .nanoseconds(world.now - world.startedAt) }

    package func sleep(for duration: Duration) async throws(CancellationError) {
        guard duration > .zero else { return }
        let nanoseconds = Int64(clamping: duration.wholeNanoseconds)
        let (until, isBeyond) = world.now.addingReportingOverflow(nanoseconds)
        try await world.sleep(until: isBeyond ? .max : until)
    }
}
