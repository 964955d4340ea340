internal import AWSWire
internal import HTTPTypes
internal import Logging

extension S3Routes {
    /// GetBucketNotificationConfiguration and PutBucketNotificationConfiguration.
    func notification(_ call: S3Call, _ bucket: String) async throws -> HTTPAnswer {
        switch call.head.method {
        case .get: return call.answer(try settings(of: bucket).notifications)
        case .put:
            var configuration = try await call.document(S3NotificationConfiguration.self)
            _ = try settings(of: bucket)
            if let other = configuration.others.first { throw S3Refusal.notImplemented(other) }
            for place in configuration.queues.indices where configuration.queues[place].id.isEmpty {
                configuration.queues[place].id = objects.newID()
            }
            try Self.check(configuration)
            if call[.amzSkipDestinationValidation]?.lowercased() != "true" {
                for queue in configuration.queues { try await greet(queue, call, bucket) }
            }
            try await configure(bucket) { [configuration] in $0.notifications = configuration }
            return HTTPAnswer(call.responseHead())
        default: throw Self.methodNotAllowed(call)
        }
    }

    /// Tells the queues that asked for it what happened; returns once they have it.
    func tell(_ events: [ObjectEvent], _ call: S3Call, _ bucket: String) async throws(S3Refusal) {
        guard !events.isEmpty else { return }
        let queues = try settings(of: bucket).notifications.queues
        for event in events {
            let sequencer = objects.newSequencer()
            for queue in queues where event.isWanted(by: queue) {
                let message = event.message(queue, at: try place(call, bucket), sequencer: sequencer)
                do throws(SQSError) {
                    try await send(message, to: queue, call)
                } catch {
                    // S3 gives up on a queue that is gone; what happened to the object stays.
                    logger.warning(
                        "cannot tell a queue of an event",
                        metadata: [LogKeys.requestID: "\(call.requestID)", LogKeys.reason: "\(error.message)"])
                }
            }
        }
    }

    private func greet(
        _ queue: S3NotificationConfiguration.Queue, _ call: S3Call, _ bucket: String
    ) async throws(S3Refusal) {
        let message = ObjectEvent.testMessage(at: try place(call, bucket))
        guard !queue.arn.hasSuffix(".fifo") else {
            throw .invalidArgument("QueueArn", queue.arn, "FIFO SQS queues are not supported.")
        }
        do throws(SQSError) {
            try await send(message, to: queue, call)
        } catch {
            throw .invalidArgument(
                queue.arn, error.message, "Unable to validate the following destination configurations")
        }
    }

    private func send(
        _ message: String, to queue: S3NotificationConfiguration.Queue, _ call: S3Call
    ) async throws(SQSError) {
        let parts = queue.arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[2] == "sqs" else {
            throw SQSError("QueueDoesNotExist", "The ARN is not that of a queue.")
        }
        let endpoint = "http://" + (call.head.authority ?? "localhost")
        let request = SendMessageRequest(queueURL: "\(endpoint)/\(parts[4])/\(parts[5])", messageBody: message)
        _ = try await queues.call(.sendMessage(request), endpoint: endpoint)
    }

    private func place(_ call: S3Call, _ bucket: String) throws(S3Refusal) -> ObjectEvent.Place {
        let region = try objects.read { (service) throws(S3Refusal) in try service.location(of: bucket) }
        return ObjectEvent.Place(
            bucket: bucket, region: region, ownerID: Self.ownerID, requestID: call.requestID, time: objects.now)
    }

    private static func check(_ configuration: S3NotificationConfiguration) throws(S3Refusal) {
        for queue in configuration.queues {
            guard !queue.events.isEmpty else { throw .malformedXML }
            for event in queue.events where !ObjectEvent.names.contains(where: { isKnown(event, $0) }) {
                throw .invalidArgument("Event", event, "The event '\(event)' is not supported for notifications")
            }
        }
        for (place, left) in configuration.queues.enumerated() {
            for right in configuration.queues.dropFirst(place + 1) where overlap(left, right) {
                throw S3Refusal(
                    "InvalidArgument",
                    "Configurations overlap. Configurations on the same bucket cannot share a common event type.")
            }
        }
    }

    private static func isKnown(_ event: String, _ name: String) -> Bool {
        ObjectEvent.isPattern(event, of: "s3:" + name) && event.hasPrefix("s3:Object")
    }

    private static func overlap(
        _ left: S3NotificationConfiguration.Queue, _ right: S3NotificationConfiguration.Queue
    ) -> Bool {
        let sharesEvent = ObjectEvent.names.contains { name in
            left.events.contains { isKnown($0, name) } && right.events.contains { isKnown($0, name) }
        }
        let (prefixes, suffixes) = ([left.prefix ?? "", right.prefix ?? ""], [left.suffix ?? "", right.suffix ?? ""])
        return sharesEvent && (prefixes[0].hasPrefix(prefixes[1]) || prefixes[1].hasPrefix(prefixes[0]))
            && (suffixes[0].hasSuffix(suffixes[1]) || suffixes[1].hasSuffix(suffixes[0]))
    }
}
