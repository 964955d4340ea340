internal import AWSWire
internal import JobCore

extension QueueService {
    /// Lets time pass for every queue, whether somebody waits at it or not.
    mutating func settleEverything(at now: Timestamp) {
        for place in queues.indices { settle(place: place, at: now) }
        settle(at: now)
    }

    /// Ends the visibility timeout of messages by their receipt handles.
    mutating func expose(_ receiptHandles: [String], at now: Timestamp) {
        for handle in receiptHandles {
            guard let receipt = Receipt(handle: handle),
                let queue = queues.first(where: { $0.record.id == receipt.queueID })
            else { continue }
            let request = ChangeMessageVisibilityRequest(
                queueURL: queue.record.name, receiptHandle: handle, visibilityTimeoutSeconds: 0)
            // A message that is gone meanwhile cannot be delivered again.
            do throws(SQSError) { _ = try self.handle(request, in: QueueCall(at: now, endpoint: "")) } catch {
                continue
            }
        }
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

    /// Lets messages that were just received be received again at once.
    func expose(_ receiptHandles: [String]) async throws(SQSError) {
        let (_, ticket) = turn { service, now in service.expose(receiptHandles, at: now) }
        try await wait(for: ticket)
    }

    /// All queues at a glance.
    func summaries() -> (queues: [QueueSummary], now: Timestamp) {
        turn { service, now in (service.summaries(at: now), now) }.0
    }
}
