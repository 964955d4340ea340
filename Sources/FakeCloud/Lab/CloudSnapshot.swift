internal import AWSWire
internal import JobCore

/// All queues and buckets at a moment.
struct CloudSnapshot: Sendable {
    /// The cloud's time.
    let takenAt: Timestamp
    let queues: QueueService
    let objects: ObjectService
}

extension QueueService {
    /// The service as it is, without those who wait.
    func frozen() -> QueueService {
        var copy = self
        copy.line.releaseAll()
        _ = copy.takeDeliveries()
        return copy
    }

    /// Becomes what it was; numbers and ids that were given since are not given again, and nobody waits any more.
    mutating func restore(_ earlier: QueueService) {
        line.releaseAll()
        var restored = earlier
        restored.line = line
        restored.ids = ids
        restored.lastSequence = max(lastSequence, earlier.lastSequence)
        restored.lastQueueID = max(lastQueueID, earlier.lastQueueID)
        self = restored
    }
}

extension QueueHost {
    /// The queues at this moment.
    func snapshot() -> QueueService { turn { service, _ in service.frozen() }.0 }

    /// Brings the queues back; receivers that wait are answered with nothing.
    func restore(_ earlier: QueueService) { _ = turn { service, _ in service.restore(earlier) } }

    /// Queues that are the same and change on their own, to answer calls that are not to be done.
    func rehearsal(clock: any RunnerClock, log: ChangeLog) -> QueueHost {
        QueueHost(service: snapshot(), clock: clock, log: log)
    }
}
