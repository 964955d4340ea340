import FakeCloud
import HTTPTypes
import JobCore
import Logging

/// The cloud that every input meets: two queues and a dead-letter queue, a bucket with an object.
struct FuzzWorld {
    static let authority = "127.0.0.1:4566"

    let cloud: DirectCloud
    let clock: LeapingClock
    let signing: ChunkSigning?

    /// Runs a world as long as the body does.
    static func run(_ target: FuzzTarget, _ body: (FuzzWorld) async throws -> Void) async throws {
        let clock = LeapingClock()
        var configuration = FakeCloudConfiguration()
        configuration.authentication = target.signs ? .verify : .accept
        configuration.seed = 1
        var logger = Logger(label: "cloud-fuzz")
        logger.logLevel = .critical
        try await DirectCloud.run(configuration, clock: clock, logger: logger) { cloud in
            let world = FuzzWorld(cloud: cloud, clock: clock, signing: target.signs ? ChunkSigning() : nil)
            if !target.signs { try await world.createQueues() }
            for request in Self.objects {
                let reply = try await world.send(request)
                guard reply?.head.status == .ok else { throw Failure(description: "cannot set up: \(request)") }
            }
            cloud.markStart()
            try await body(world)
        }
    }

    /// Why there is no world.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let objects = [
        FuzzRequest("PUT", "/data"), FuzzRequest("PUT", "/data/in/a.csv", body: Array("a,b\n1,2\n".utf8)),
    ]

    private func createQueues() async throws {
        let redrive =
            #"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":1}"#
        let calls = [
            ("CreateQueue", #"{"QueueName": "dead"}"#),
            ("CreateQueue", #"{"QueueName": "jobs", "Attributes": {"RedrivePolicy": "\#(redrive)"}}"#),
            ("CreateQueue", #"{"QueueName": "jobs.fifo", "Attributes": {"FifoQueue": "true"}}"#),
            ("SendMessage", #"{"QueueUrl": "http://x/000000000000/jobs", "MessageBody": "first"}"#),
            ("SendMessage", #"{"QueueUrl": "http://x/000000000000/dead", "MessageBody": "dead"}"#),
        ]
        for (operation, body) in calls {
            let reply = try await send(
                FuzzRequest("POST", "/", [("x-amz-target", "AmazonSQS." + operation)], body: Array(body.utf8)))
            guard reply?.head.status == .ok else { throw Failure(description: "cannot set up: \(body)") }
        }
    }

    /// Brings the beginning back.
    func restore() throws {
        clock.rewind()
        try cloud.reset()
    }

    /// Sends one request; `nil` when HTTP does not allow it or the connection would have ended.
    func send(_ request: FuzzRequest) async throws -> DirectCloud.Answer? {
        guard var head = request.head else { return nil }
        var body = request.body
        head.headerFields[Self.split] = nil
        if let signing { (head, body) = signing.sign(head, body: body, at: clock.now()) }
        let wanted = request["x-fuzz-split"].flatMap { Int($0) } ?? body.count
        let size = max(1, wanted, body.count / Self.pieceLimit)
        let pieces = stride(from: 0, to: body.count, by: size).map { Array(body[$0..<min($0 + size, body.count)]) }
        return try await cloud.answer(head, body: pieces)
    }

    /// A body comes in about so many pieces at most; more only tell how fast pieces are handed over.
    private static let pieceLimit = 4_096
    private static let split: HTTPField.Name = HTTPField.Name("x-fuzz-split") ?? .userAgent
}
