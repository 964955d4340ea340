import AWSWire
import FakeCloud
import JobCore
import Testing

@Suite("FIFO queues as a machine")
struct FIFOQueueTests {
    private static let queue = "jobs.fifo"
    private var bench = QueueBench()

    private mutating func create(_ attributes: [String: String] = [:]) throws(SQSError) {
        try bench.create(Self.queue, attributes.merging(["FifoQueue": "true"]) { old, _ in old })
    }

    /// Sends a message whose deduplication id is its body unless told otherwise.
    @discardableResult
    private mutating func send(
        _ body: String, _ group: String? = "g", id: String? = nil, byContent: Bool = false, delay: Int? = nil
    ) throws(SQSError) -> SendMessageResponse {
        try bench.service.handle(
            SendMessageRequest(
                queueURL: QueueBench.url(Self.queue), messageBody: body, delaySeconds: delay,
                messageDeduplicationID: byContent ? nil : id ?? body, messageGroupID: group),
            in: bench.call)
    }

    private mutating func receive(upTo limit: Int = 10, visibility: Int? = nil) throws(SQSError) -> [SQSMessage] {
        try bench.receive(from: Self.queue, upTo: limit, visibility: visibility)
    }

    private mutating func attempt(_ id: String, visibility: Int? = nil) throws(SQSError) -> [SQSMessage] {
        let request = ReceiveMessageRequest(
            queueURL: QueueBench.url(Self.queue), maxNumberOfMessages: 10, visibilityTimeoutSeconds: visibility,
            waitTimeSeconds: 0, receiveRequestAttemptID: id)
        guard case .answered(let response) = try bench.service.handle(request, in: bench.call) else { return [] }
        return response.messages
    }

    private mutating func refusal(_ body: (inout Self) throws -> Void) -> SQSError? {
        do {
            try body(&self)
        } catch {
            return error as? SQSError
        }
        return nil
    }

    @Test("A FIFO queue has its own attributes, its name ends in .fifo, and its kind stays")
    mutating func creation() throws {
        try create()
        let shown = try bench.attributes(Self.queue)
        #expect(shown["FifoQueue"] == "true")
        #expect(shown["ContentBasedDeduplication"] == "false")
        #expect(shown["DeduplicationScope"] == "queue")
        #expect(shown["FifoThroughputLimit"] == "perQueue")
        #expect(
            refusal { try $0.bench.create("jobs", ["FifoQueue": "true"]) }?.shape == "InvalidParameterValueException")
        #expect(refusal { try $0.bench.create("x.fifo") }?.shape == "InvalidParameterValueException")
        #expect(
            refusal { try $0.bench.create("x", ["ContentBasedDeduplication": "true"]) }?.shape == "InvalidAttributeName"
        )
    }

    @Test("High throughput by group needs deduplication by group")
    mutating func highThroughput() throws {
        let error = refusal { try $0.create(["FifoThroughputLimit": "perMessageGroupId"]) }
        #expect(error?.message.contains("only when the value for DeduplicationScope is messageGroup") == true)
        try create(["FifoThroughputLimit": "perMessageGroupId", "DeduplicationScope": "messageGroup"])
        #expect(try bench.attributes(Self.queue)["FifoThroughputLimit"] == "perMessageGroupId")
    }

    @Test("A receive takes several messages of one group in order, and then those of another")
    mutating func order() throws {
        try create()
        for (body, group) in [("a1", "a"), ("b1", "b"), ("a2", "a"), ("b2", "b"), ("a3", "a")] { try send(body, group) }
        #expect(try receive(upTo: 4).map(\.body) == ["a1", "a2", "a3", "b1"])
        #expect(try receive().isEmpty)
    }

    @Test("A group is locked while any earlier message of it is hidden")
    mutating func lockedGroup() throws {
        try create()
        for body in ["1", "2", "3"] { try send(body) }
        try send("other", "h")
        let taken = try receive(upTo: 2)
        #expect(taken.map(\.body) == ["1", "2"])
        #expect(try receive().map(\.body) == ["other"])
        try bench.delete(taken[0].receiptHandle, from: Self.queue)
        #expect(try receive().isEmpty)
        try bench.hide(taken[1].receiptHandle, for: 0, in: Self.queue)
        #expect(try receive().map(\.body) == ["2", "3"])
    }

    @Test("A message that comes back is first again, and only messages before the hidden one follow it")
    mutating func comingBack() throws {
        try create()
        for body in ["1", "2", "3"] { try send(body) }
        let taken = try receive(upTo: 2)
        try bench.hide(taken[0].receiptHandle, for: 0, in: Self.queue)
        #expect(try receive().map(\.body) == ["1"])
        bench.advance(.seconds(30))
        #expect(try receive().map(\.body) == ["1", "2", "3"])
    }

    @Test("Whoever waits gets the next message of a group when the one before it is deleted")
    mutating func waiting() throws {
        try create()
        for body in ["1", "2"] { try send(body) }
        let first = try receive(upTo: 1)
        let waiting = try bench.wait(at: Self.queue)
        let waiter = try #require(waiting)
        try bench.delete(first[0].receiptHandle, from: Self.queue)
        #expect(bench.deliveries() == [waiter: ["2"]])
    }

    @Test("Sequence numbers have 20 digits and grow")
    mutating func sequenceNumbers() throws {
        try create()
        let numbers = [try send("1").sequenceNumber, try send("2").sequenceNumber].compactMap { $0 }
        #expect(numbers.map(\.utf8.count) == [20, 20])
        #expect(numbers[0] < numbers[1])
        let shown = try receive().map(\.attributes)
        #expect(shown.map { $0["SequenceNumber"] } == numbers)
        #expect(shown.map { $0["MessageGroupId"] } == ["g", "g"])
        #expect(shown.map { $0["MessageDeduplicationId"] } == ["1", "2"])
    }

    @Test("For five minutes a deduplication id is accepted and not stored, even when its message is deleted")
    mutating func deduplication() throws {
        try create()
        let first = try send("a", id: "x")
        let message = try receive()
        try bench.delete(message[0].receiptHandle, from: Self.queue)
        bench.advance(.seconds(299))
        let again = try send("b", id: "x")
        #expect(again.messageID == first.messageID)
        #expect(again.sequenceNumber == first.sequenceNumber)
        #expect(again.md5OfMessageBody == SQSDigests.md5(body: "b"))
        #expect(try receive().isEmpty)
        bench.advance(.seconds(1))
        #expect(try send("c", id: "x").messageID != first.messageID)
        #expect(try receive().map(\.body) == ["c"])
    }

    @Test("Equal contents are one message where the queue says so")
    mutating func contentBased() throws {
        try create(["ContentBasedDeduplication": "true"])
        try send("a", byContent: true)
        try send("a", byContent: true)
        try send("a", id: "explicit")
        #expect(try receive().map(\.body) == ["a", "a"])
    }

    @Test("Deduplication by group knows an id in each group", arguments: [("messageGroup", 2), ("queue", 1)])
    mutating func scope(scope: String, count: Int) throws {
        try create(["DeduplicationScope": scope])
        try send("a", "g", id: "x")
        try send("a", "h", id: "x")
        #expect(try receive().count == count)
    }

    @Test("Purging forgets deduplication ids")
    mutating func purge() throws {
        try create()
        try send("a")
        _ = try bench.service.handle(PurgeQueueRequest(queueURL: QueueBench.url(Self.queue)), in: bench.call)
        try send("a")
        #expect(try receive().map(\.body) == ["a"])
    }

    @Test("A message needs a group and a deduplication id, and has no delay of its own")
    mutating func refusedMessages() throws {
        try create()
        #expect(refusal { try $0.send("a", nil) }?.shape == "MissingRequiredParameterException")
        #expect(refusal { try $0.send("a", byContent: true) }?.shape == "InvalidParameterValueException")
        #expect(refusal { try $0.send("a", delay: 5) }?.shape == "InvalidParameterValueException")
        #expect(refusal { try $0.send("a", "with space") }?.shape == "InvalidParameterValueException")
        #expect(refusal { try $0.send("a", delay: 0) } == nil)
    }

    @Test("The queue's delay counts, for messages that are there already too")
    mutating func queueDelay() throws {
        try create(["DelaySeconds": "60"])
        try send("a")
        bench.advance(.seconds(30))
        #expect(try receive().isEmpty)
        _ = try bench.service.handle(
            SetQueueAttributesRequest(queueURL: QueueBench.url(Self.queue), attributes: ["DelaySeconds": "40"]),
            in: bench.call)
        bench.advance(.seconds(10))
        #expect(try receive().map(\.body) == ["a"])
    }

    @Test("A receipt does not delete once its message is visible again")
    mutating func expiredReceipt() throws {
        try create()
        try send("a")
        let old = try receive(visibility: 5)[0].receiptHandle
        bench.advance(.seconds(5))
        let error = refusal { try $0.bench.delete(old, from: Self.queue) }
        #expect(error?.shape == "InvalidParameterValueException")
        #expect(error?.message.hasSuffix("The receipt handle has expired.") == true)
        let new = try receive()[0].receiptHandle
        #expect(refusal { try $0.bench.delete(old, from: Self.queue) } != nil)
        try bench.delete(new, from: Self.queue)
        try bench.delete(new, from: Self.queue)
    }

    @Test("A repeated attempt gets the same receipts, hidden anew, until a message of it changes")
    mutating func attempts() throws {
        try create(["VisibilityTimeout": "30"])
        for body in ["1", "2"] { try send(body) }
        let first = try attempt("x")
        bench.advance(.seconds(20))
        #expect(try attempt("x").map(\.receiptHandle) == first.map(\.receiptHandle))
        bench.advance(.seconds(20))
        #expect(try attempt("y").isEmpty)
        try bench.delete(first[0].receiptHandle, from: Self.queue)
        #expect(try attempt("x").isEmpty)
        try bench.create("jobs")
        let error = refusal { bench in
            let request = ReceiveMessageRequest(queueURL: QueueBench.url("jobs"), receiveRequestAttemptID: "x")
            _ = try bench.bench.service.handle(request, in: bench.bench.call)
        }
        #expect(error?.shape == "InvalidParameterValueException")
    }

    @Test("The dead-letter queue is FIFO too, and the message is a new one there with its old id")
    mutating func deadLetters() throws {
        try bench.create("dead")
        let standard = refusal { try $0.create(["RedrivePolicy": QueueBench.policy(1, target: "dead")]) }
        #expect(standard?.message.contains("must be same type of queue") == true)
        try bench.create("dead.fifo", ["FifoQueue": "true"])
        try create(["RedrivePolicy": QueueBench.policy(1, target: "dead.fifo")])
        let sent = try send("poison")
        try send("good")
        #expect(try receive(upTo: 1, visibility: 1).map(\.body) == ["poison"])
        bench.advance(.seconds(1))
        #expect(try receive().map(\.body) == ["good"])
        let dead = try bench.receive(from: "dead.fifo")
        #expect(dead.map(\.messageID) == [sent.messageID])
        #expect(dead.first?.attributes["MessageDeduplicationId"] == sent.messageID)
        #expect(dead.first?.attributes["SentTimestamp"] == String(bench.now.milliseconds))
        #expect(dead.first?.attributes["ApproximateReceiveCount"] == "2")
    }

    @Test("Long life: a thousand messages in three groups come in order, ten at a time")
    mutating func manyMessages() throws {
        try create()
        for number in 0..<1_000 { try send(String(number), "g\(number % 3)") }
        var seen: [String: [Int]] = [:]
        while case let taken = try receive(), !taken.isEmpty {
            for message in taken {
                seen[message.attributes["MessageGroupId"] ?? "", default: []].append(Int(message.body) ?? -1)
                try bench.delete(message.receiptHandle, from: Self.queue)
            }
        }
        #expect(seen.values.map(\.count).reduce(0, +) == 1_000)
        #expect(seen.values.allSatisfy { $0 == $0.sorted() })
    }

    @Test("With 120,000 messages in flight a receive gets nothing, and says nothing of it")
    mutating func inFlightLimit() throws {
        let record = QueueRecord(
            id: 1, name: Self.queue, settings: QueueSettings(isFIFO: true), createdAt: bench.now, modifiedAt: bench.now)
        let messages = (1...120_002).map { number in
            StoredMessage(
                sequence: UInt64(number), id: "m\(number)", body: "x", bodyMD5: "", attributes: [:],
                systemAttributes: [:], groupID: "g\(number)", senderID: "", sentAt: bench.now,
                availableAt: number <= 120_000 ? bench.now + .seconds(30) : bench.now,
                receiveCount: number <= 120_000 ? 1 : 0, deduplicationID: "d\(number)")
        }
        let image = QueueImage(
            queues: [record], messages: [1: messages], lastSequence: 120_002, lastQueueID: 1)
        bench = QueueBench(image: image, now: bench.now)
        #expect(try bench.receive(from: Self.queue, upTo: 10).isEmpty)
        bench.advance(.seconds(30))
        #expect(try bench.receive(from: Self.queue, upTo: 10).count == 10)
    }

    @Test("A standard queue keeps a fair-queue group and refuses a deduplication id")
    mutating func standardQueue() throws {
        try bench.create("jobs")
        _ = try bench.service.handle(
            SendMessageRequest(queueURL: QueueBench.url("jobs"), messageBody: "a", messageGroupID: "tenant"),
            in: bench.call)
        let shown = try bench.receive()[0].attributes
        #expect(shown["MessageGroupId"] == "tenant")
        #expect(shown["SequenceNumber"] == nil)
        let error = refusal { bench in
            let request = SendMessageRequest(
                queueURL: QueueBench.url("jobs"), messageBody: "a", messageDeduplicationID: "x")
            _ = try bench.bench.service.handle(request, in: bench.bench.call)
        }
        #expect(error?.shape == "InvalidParameterValueException")
    }
}
