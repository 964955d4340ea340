/// Where time comes from; the only source of it outside adapters.
package protocol RunnerClock: Sendable {
    /// The wall time, for stamps that people and other machines read.
    func now() -> Timestamp

    /// Time since an arbitrary start that never goes back, for measuring and for leases.
    func uptime() -> Duration

    /// Waits; returns early by throwing when the task is cancelled.
    func sleep(for duration: Duration) async throws(CancellationError)
}
