package import AWSWire
package import JobCore

/// What the process that embeds a fake cloud does with it beside HTTP.
package struct FakeCloudAdministration: Sendable {
    private let queues: QueueHost
    private let objects: ObjectHost
    private let log: ChangeLog
    let laboratory: Laboratory
    let endpoint: String

    init(cloud: CloudState, laboratory: Laboratory, endpoint: String) {
        queues = cloud.queues
        objects = cloud.objects
        log = cloud.log
        self.laboratory = laboratory
        self.endpoint = endpoint
    }

    /// Makes a bucket unless it is there already.
    package func createBucket(_ name: String) async throws(S3Refusal) {
        try await objects.change { (service, now) throws(S3Refusal) in
            do throws(S3Refusal) {
                try service.checkBucket(name)
            } catch {
                try service.createBucket(name, location: nil, at: now)
            }
        }
    }

    /// Makes a queue unless it is there already, sets its attributes, and returns its URL.
    package func createQueue(_ name: String, attributes: [String: String] = [:]) async throws(SQSError) -> String {
        if let url = try await url(ofQueue: name) {
            if !attributes.isEmpty {
                let request = SetQueueAttributesRequest(queueURL: url, attributes: attributes)
                _ = try await queues.call(.setQueueAttributes(request), endpoint: endpoint)
            }
            return url
        }
        let request = CreateQueueRequest(queueName: name, attributes: attributes)
        _ = try await queues.call(.createQueue(request), endpoint: endpoint)
        return try await url(ofQueue: name) ?? ""
    }

    /// The URL of a queue; `nil` when there is none of that name.
    package func url(ofQueue name: String) async throws(SQSError) -> String? {
        do throws(SQSError) {
            let request = GetQueueURLRequest(queueName: name)
            let response = try await queues.call(.getQueueURL(request), endpoint: endpoint)
            return (response as? QueueURLResponse)?.queueURL
        } catch {
            guard error.shape == "QueueDoesNotExist" else { throw error }
            return nil
        }
    }

    /// Looks into a queue without receiving; `nil` when there is none of that name.
    package func peek(atQueue name: String) -> QueuePeek? { queues.peek(at: name) }

    /// When a queue has something to receive: a time that has passed means now, `nil` never as things stand.
    package func nextMessage(inQueue name: String) -> Timestamp? { queues.nextMessage(inQueue: name) }

    /// Lets somebody else decide when calls that name themselves go on, and shows them all that happens.
    package func attach(_ gate: any CallGate, observer: any CloudObserver) {
        laboratory.attach(gate, observer)
        log.show(to: observer)
    }

    /// The cloud's time.
    package var clock: CloudClock { laboratory.clock }

    /// Moves the cloud's time forward; returns once everything that fell due has settled.
    package func advance(by duration: Duration) async throws(SQSError) { try await laboratory.advance(by: duration) }

    /// Makes the present what a reset of the lab brings back.
    package func markStart() { laboratory.markStart() }
}
