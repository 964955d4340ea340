import AWSWire
import FakeCloud
import JobCore
import PureJSON

/// A queue service and a time that a test moves.
struct QueueBench {
    static let endpoint = "http://cloud.test:4566"

    var service: QueueService
    var now: Timestamp

    init(image: QueueImage = QueueImage(), now: Timestamp = Timestamp(seconds: 1_800_000_000)) {
        self.now = now
        service = QueueService(
            account: "000000000000", region: "us-east-1", ids: IDSource(seed: 7), image: image, at: now)
    }

    var call: QueueCall { QueueCall(at: now, endpoint: Self.endpoint) }

    static func url(_ queue: String) -> String { endpoint + "/000000000000/" + queue }

    static func arn(_ queue: String) -> String { "arn:aws:sqs:us-east-1:000000000000:" + queue }

    mutating func advance(_ duration: Duration) {
        now = now + duration
        service.settle(at: now)
    }

    @discardableResult
    mutating func create(_ queue: String, _ attributes: [String: String] = [:]) throws(SQSError) -> String {
        try service.handle(CreateQueueRequest(queueName: queue, attributes: attributes), in: call).queueURL
    }

    /// A queue `jobs` whose messages go to `jobs-dlq` after so many receives.
    mutating func createWithDeadLetters(after count: Int) throws(SQSError) {
        try create("jobs-dlq")
        try create("jobs", ["RedrivePolicy": Self.policy(count)])
    }

    static func policy(_ count: Int, target: String = "jobs-dlq") -> String {
        #"{"deadLetterTargetArn":"\#(arn(target))","maxReceiveCount":"\#(count)"}"#
    }

    @discardableResult
    mutating func send(
        _ body: String, to queue: String = "jobs", delay: Int? = nil, attributes: [String: SQSMessageAttribute] = [:]
    ) throws(SQSError) -> SendMessageResponse {
        try service.handle(
            SendMessageRequest(
                queueURL: Self.url(queue), messageBody: body, delaySeconds: delay, messageAttributes: attributes),
            in: call)
    }

    mutating func receive(
        from queue: String = "jobs", upTo limit: Int? = nil, visibility: Int? = nil
    ) throws(SQSError) -> [SQSMessage] {
        let request = ReceiveMessageRequest(
            queueURL: Self.url(queue), messageSystemAttributeNames: ["All"], messageAttributeNames: ["All"],
            maxNumberOfMessages: limit, visibilityTimeoutSeconds: visibility, waitTimeSeconds: 0)
        guard case .answered(let response) = try service.handle(request, in: call) else { return [] }
        return response.messages
    }

    /// Starts to wait; `nil` when there was an answer at once.
    mutating func wait(at queue: String = "jobs", seconds: Int = 20, upTo limit: Int = 1) throws(SQSError) -> UInt64? {
        let request = ReceiveMessageRequest(
            queueURL: Self.url(queue), maxNumberOfMessages: limit, waitTimeSeconds: seconds)
        guard case .waiting(let id) = try service.handle(request, in: call) else { return nil }
        return id
    }

    /// Who was answered with which bodies since the last call.
    mutating func deliveries() -> [UInt64: [String]] {
        Dictionary(
            uniqueKeysWithValues: service.takeDeliveries().map { ($0.waiter, $0.response.messages.map(\.body)) })
    }

    mutating func delete(_ handle: String, from queue: String = "jobs") throws(SQSError) {
        _ = try service.handle(DeleteMessageRequest(queueURL: Self.url(queue), receiptHandle: handle), in: call)
    }

    mutating func hide(_ handle: String, for seconds: Int, in queue: String = "jobs") throws(SQSError) {
        _ = try service.handle(
            ChangeMessageVisibilityRequest(
                queueURL: Self.url(queue), receiptHandle: handle, visibilityTimeoutSeconds: seconds), in: call)
    }

    mutating func attributes(_ queue: String = "jobs", _ names: [String] = ["All"]) throws(SQSError) -> [String: String]
    {
        try service.handle(
            GetQueueAttributesRequest(queueURL: Self.url(queue), attributeNames: names), in: call
        ).attributes
    }

    /// Visible, in flight, delayed.
    mutating func counts(_ queue: String = "jobs") throws(SQSError) -> [String?] {
        let shown = try attributes(queue)
        return [
            shown["ApproximateNumberOfMessages"], shown["ApproximateNumberOfMessagesNotVisible"],
            shown["ApproximateNumberOfMessagesDelayed"],
        ]
    }
}
