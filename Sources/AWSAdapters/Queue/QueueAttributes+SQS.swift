internal import JobCore
internal import PureJSON

extension QueueAttributes {
    /// Reads SQS's attributes by name; absent ones have SQS's defaults.
    init(sqs attributes: [String: String]) {
        func number(_ name: String, default fallback: Int) -> Int { attributes[name].flatMap { Int($0) } ?? fallback }
        let policy = attributes["RedrivePolicy"].flatMap { try? JSONValue(parsing: $0) }
        let maxReceiveCount = policy?["maxReceiveCount"]
        self.init(
            visibilityTimeout: .seconds(number("VisibilityTimeout", default: 30)),
            maximumMessageSize: number("MaximumMessageSize", default: 1_048_576),
            maxReceiveCount: maxReceiveCount?.integerValue.map { Int($0) }
                ?? maxReceiveCount?.stringValue.flatMap { Int($0) },
            deadLetterQueueName: policy?["deadLetterTargetArn"]?.stringValue?.split(separator: ":").last.map(
                String.init),
            retention: .seconds(number("MessageRetentionPeriod", default: 345_600)),
            visibleCount: number("ApproximateNumberOfMessages", default: 0),
            inFlightCount: number("ApproximateNumberOfMessagesNotVisible", default: 0),
            delayedCount: number("ApproximateNumberOfMessagesDelayed", default: 0))
    }
}
