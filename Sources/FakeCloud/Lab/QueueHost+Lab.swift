internal import AWSWire
internal import JobCore

extension QueueService {
    /// Lets time pass for every queue, whether somebody waits at it or not.
    mutating func settleEverything(at now: Timestamp) {
        for place in queues.indices { settle(place: place, at: now) }
        settle(at: now)
    }
}

extension QueueHost {
    /// When the time next means something to a receiver that waits.
    var nextWakeup: Timestamp? { turn { service, _ in service.nextWakeup }.0 }

    /// Makes visible, drops and answers what is due; returns once that is on the disk.
    func settle() async throws(SQSError) {
        let (_, ticket) = turn { service, now in service.settleEverything(at: now) }
        try await wait(for: ticket)
    }
}
