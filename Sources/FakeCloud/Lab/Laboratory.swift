internal import AWSWire
internal import JobCore

/// What testers do with a running cloud beside S3 and SQS: the machine room behind the door `/_lab/`.
final class Laboratory: Sendable {
    /// The cloud's time.
    let clock: CloudClock
    /// The queues.
    let queues: QueueHost
    /// The buckets.
    let objects: ObjectHost

    init(clock: CloudClock, cloud: CloudState) {
        self.clock = clock
        queues = cloud.queues
        objects = cloud.objects
    }

    /// Moves the time forward from event to event, and returns once everything that fell due has settled.
    ///
    /// Messages appear and go, receivers that wait are answered, and delays of faults end in the order of their
    /// times, each at its own time.
    func advance(by duration: Duration) async throws(SQSError) {
        var left = duration
        try await queues.settle()
        while left > .zero {
            let now = clock.now()
            let due = [queues.nextWakeup, clock.nextDeadline].compactMap { $0 }.filter { $0 > now }.min()
            let step = due.map { min($0 - now, left) } ?? left
            clock.advance(by: step)
            left -= step
            try await queues.settle()
        }
    }
}
