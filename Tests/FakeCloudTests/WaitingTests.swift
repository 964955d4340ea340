import AWSWire
import FakeCloud
import JobCore
import JobTestKit
import NIOPosix
import PureJSON
import ServiceLifecycle
import Testing

@Suite("Long polls over sockets", .timeLimit(.minutes(1)))
struct WaitingTests {
    private static func withQueue(_ body: @escaping @Sendable (RunningCloud, String) async throws -> Void) async throws
    {
        try await RunningCloud.run { cloud async throws in
            let made = try await cloud.sqs("CreateQueue", ["QueueName": "jobs"])
            try await body(cloud, try #require(made.json["QueueUrl"]?.stringValue))
        }
    }

    private static func poll(_ queue: String, seconds: Int64 = 20) -> JSONValue {
        ["QueueUrl": .string(queue), "WaitTimeSeconds": .integer(seconds)]
    }

    private static func bodies(_ json: JSONValue) -> [String?] {
        json["Messages"]?.arrayValue?.map { $0["Body"]?.stringValue } ?? []
    }

    /// Waits, without a clock, until so many receivers wait: the timer of the queues sleeps then.
    private static func waitUntilPolling(_ cloud: RunningCloud) async { await cloud.clock.waitForSleepers() }

    @Test("A receiver that waits gets a message that is sent meanwhile")
    func send() async throws {
        try await Self.withQueue { cloud, queue async throws in
            async let waiting = cloud.sqs("ReceiveMessage", Self.poll(queue))
            await Self.waitUntilPolling(cloud)
            _ = try await cloud.sqs("SendMessage", ["QueueUrl": .string(queue), "MessageBody": "a"])
            #expect(Self.bodies(try await waiting.json) == ["a"])
        }
    }

    @Test("A receiver that waits is answered when the clock moves past its time")
    func patience() async throws {
        try await Self.withQueue { cloud, queue async throws in
            async let waiting = cloud.sqs("ReceiveMessage", Self.poll(queue))
            await Self.waitUntilPolling(cloud)
            cloud.clock.advance(by: .seconds(20))
            let answer = try await waiting
            #expect(answer.reply.status == 200)
            #expect(answer.json == [:])
        }
    }

    @Test("A receiver that waits gets a message whose delay ends as the clock moves")
    func delay() async throws {
        try await Self.withQueue { cloud, queue async throws in
            _ = try await cloud.sqs(
                "SendMessage", ["QueueUrl": .string(queue), "MessageBody": "late", "DelaySeconds": 10])
            async let waiting = cloud.sqs("ReceiveMessage", Self.poll(queue))
            await Self.waitUntilPolling(cloud)
            cloud.clock.advance(by: .seconds(10))
            #expect(Self.bodies(try await waiting.json) == ["late"])
        }
    }

    @Test("A message that would have gone to a client that hung up stays for the next one")
    func hangUp() async throws {
        try await Self.withQueue { cloud, queue async throws in
            let lost = try cloud.connect()
            try lost.write(cloud.sqsRequest("ReceiveMessage", Self.poll(queue)))
            await Self.waitUntilPolling(cloud)
            lost.hangUp()
            // The next poll lines up behind the lost one, which is gone once it is served.
            async let waiting = cloud.sqs("ReceiveMessage", Self.poll(queue))
            try await Self.waitUntilOnlyOneIsServed(cloud, queue)
            #expect(Self.bodies(try await waiting.json).count == 1)
            let shown = try await cloud.sqs(
                "GetQueueAttributes",
                ["QueueUrl": .string(queue), "AttributeNames": ["ApproximateNumberOfMessagesNotVisible"]])
            #expect(shown.json["Attributes"]?["ApproximateNumberOfMessagesNotVisible"] == "1")
        }
    }

    /// Sends one message; whoever waits in vain must not have taken it.
    private static func waitUntilOnlyOneIsServed(_ cloud: RunningCloud, _ queue: String) async throws {
        _ = try await cloud.sqs("SendMessage", ["QueueUrl": .string(queue), "MessageBody": "m"])
    }

    @Test("Shutting down answers receivers that wait at once")
    func shutdown() async throws {
        try await Self.withQueue { cloud, queue async throws in
            async let waiting = cloud.sqs("ReceiveMessage", Self.poll(queue))
            await Self.waitUntilPolling(cloud)
            await cloud.group.triggerGracefulShutdown()
            let answer = try await waiting
            #expect(answer.reply.status == 200)
            #expect(answer.json == [:])
        }
    }
}
