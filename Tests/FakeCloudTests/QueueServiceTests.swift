import AWSWire
import FakeCloud
import JobCore
import Testing

@Suite("Queues as a machine")
struct QueueServiceTests {
    var bench = QueueBench()

    @Test("A queue is made once and found again when its attributes do not differ")
    mutating func creation() throws {
        let url = try bench.create("jobs", ["VisibilityTimeout": "60"])
        #expect(url == QueueBench.url("jobs"))
        #expect(try bench.create("jobs", ["VisibilityTimeout": "60"]) == url)
        #expect(try bench.create("jobs") == url)
        let error = #expect(throws: SQSError.self) { try bench.create("jobs", ["VisibilityTimeout": "61"]) }
        #expect(error?.shape == "QueueNameExists")
        #expect(error?.message.hasSuffix("attribute VisibilityTimeout") == true)
    }

    @Test(
        "A setting outside its range is refused and changes nothing",
        arguments: [
            ("DelaySeconds", "901", "InvalidAttributeValue"), ("VisibilityTimeout", "43201", "InvalidAttributeValue"),
            ("MaximumMessageSize", "1023", "InvalidAttributeValue"),
            ("MessageRetentionPeriod", "59", "InvalidAttributeValue"),
            ("ReceiveMessageWaitTimeSeconds", "x", "InvalidAttributeValue"),
            ("Colour", "red", "InvalidAttributeName"),
            ("RedrivePolicy", "{", "InvalidParameterValueException"),
            ("RedrivePolicy", QueueBench.policy(3, target: "nowhere"), "InvalidParameterValueException"),
            ("RedrivePolicy", QueueBench.policy(0, target: "jobs"), "InvalidParameterValueException"),
        ])
    mutating func settingRanges(name: String, value: String, shape: String) throws {
        try bench.create("jobs")
        let before = try bench.attributes()
        let request = SetQueueAttributesRequest(
            queueURL: QueueBench.url("jobs"), attributes: [name: value])
        let call = bench.call
        let error = #expect(throws: SQSError.self) { try bench.service.handle(request, in: call) }
        #expect(error?.shape == shape)
        #expect(try bench.attributes() == before)
    }

    @Test("Setting one attribute leaves all others alone")
    mutating func settingOne() throws {
        try bench.create("jobs", ["DelaySeconds": "7", "VisibilityTimeout": "50"])
        _ = try bench.service.handle(
            SetQueueAttributesRequest(queueURL: QueueBench.url("jobs"), attributes: ["VisibilityTimeout": "0"]),
            in: bench.call)
        #expect(
            try bench.attributes("jobs", ["DelaySeconds", "VisibilityTimeout"]) == [
                "DelaySeconds": "7", "VisibilityTimeout": "0",
            ])
    }

    @Test("A received message is hidden, comes back when its time is over, and counts its receives")
    mutating func visibility() throws {
        try bench.create("jobs", ["VisibilityTimeout": "30"])
        try bench.send("a")
        let first = try bench.receive()
        #expect(first.map(\.body) == ["a"])
        #expect(first.first?.attributes["ApproximateReceiveCount"] == "1")
        #expect(try bench.receive().isEmpty)
        #expect(try bench.counts() == ["0", "1", "0"])
        bench.advance(.seconds(29))
        #expect(try bench.receive().isEmpty)
        bench.advance(.seconds(1))
        let second = try bench.receive()
        #expect(second.first?.attributes["ApproximateReceiveCount"] == "2")
        #expect(second.first?.messageID == first.first?.messageID)
        #expect(second.first?.receiptHandle != first.first?.receiptHandle)
    }

    @Test("A delayed message appears when its delay is over")
    mutating func delay() throws {
        try bench.create("jobs", ["DelaySeconds": "10"])
        try bench.send("by the queue")
        try bench.send("by itself", delay: 5)
        try bench.send("at once", delay: 0)
        #expect(try bench.counts() == ["1", "0", "2"])
        #expect(try bench.receive(upTo: 10).map(\.body) == ["at once"])
        bench.advance(.seconds(5))
        #expect(try bench.receive(upTo: 10).map(\.body) == ["by itself"])
        bench.advance(.seconds(5))
        #expect(try bench.receive(upTo: 10).map(\.body) == ["by the queue"])
    }

    @Test("A message moves to the dead-letter queue on the receive after the last one that is allowed")
    mutating func deadLetters() throws {
        try bench.createWithDeadLetters(after: 2)
        let sent = try bench.send("poison", attributes: ["who": .string("me")])
        let sentAt = String(bench.now.milliseconds)
        for _ in 1...2 {
            #expect(try bench.receive(visibility: 1).count == 1)
            bench.advance(.seconds(1))
        }
        #expect(try bench.counts("jobs-dlq") == ["0", "0", "0"])
        #expect(try bench.receive().isEmpty)
        let dead = try bench.receive(from: "jobs-dlq")
        #expect(dead.map(\.messageID) == [sent.messageID])
        #expect(dead.first?.body == "poison")
        #expect(dead.first?.messageAttributes == ["who": .string("me")])
        #expect(dead.first?.attributes["SentTimestamp"] == sentAt)
        #expect(dead.first?.attributes["ApproximateReceiveCount"] == "3")
        #expect(dead.first?.attributes["DeadLetterQueueSourceArn"] == QueueBench.arn("jobs"))
        #expect(try bench.counts() == ["0", "0", "0"])
    }

    @Test("Messages behind one that is dead-lettered are received in the same call")
    mutating func deadLettersDoNotBlock() throws {
        try bench.createWithDeadLetters(after: 1)
        try bench.send("poison")
        #expect(try bench.receive(visibility: 0).count == 1)
        try bench.send("good")
        #expect(try bench.receive().map(\.body) == ["good"])
    }

    @Test("Retention counts from the sending, in the dead-letter queue too")
    mutating func retention() throws {
        try bench.createWithDeadLetters(after: 1)
        try bench.send("old")
        bench.advance(.seconds(345_000))
        #expect(try bench.receive(visibility: 0).count == 1)
        #expect(try bench.receive().isEmpty)
        #expect(try bench.counts("jobs-dlq") == ["1", "0", "0"])
        bench.advance(.seconds(600))
        #expect(try bench.counts("jobs-dlq") == ["0", "0", "0"])
    }

    @Test("A visibility of fifteen minutes ends after fifteen minutes and not before")
    mutating func fifteenMinutes() throws {
        try bench.create("jobs", ["VisibilityTimeout": "900"])
        try bench.send("a")
        _ = try bench.receive()
        let waiting = try bench.wait()
        let waiter = try #require(waiting)
        bench.advance(.seconds(19))
        #expect(bench.deliveries().isEmpty)
        bench.advance(.seconds(1))
        #expect(bench.deliveries() == [waiter: []])
        bench.advance(.seconds(879))
        #expect(try bench.receive().isEmpty)
        bench.advance(.seconds(1))
        #expect(try bench.receive().map(\.body) == ["a"])
    }

    @Test("A retention of fourteen days ends after fourteen days and not before")
    mutating func fourteenDays() throws {
        try bench.create("jobs", ["MessageRetentionPeriod": "1209600"])
        try bench.send("a")
        bench.advance(.seconds(1_209_599))
        #expect(try bench.counts() == ["1", "0", "0"])
        bench.advance(.seconds(1))
        #expect(try bench.receive().isEmpty)
        #expect(try bench.counts() == ["0", "0", "0"])
    }

    @Test("Purging empties the queue, messages in flight included, once a minute")
    mutating func purge() throws {
        try bench.create("jobs")
        try bench.send("a")
        try bench.send("b", delay: 9)
        _ = try bench.receive()
        let request = PurgeQueueRequest(queueURL: QueueBench.url("jobs"))
        _ = try bench.service.handle(request, in: bench.call)
        #expect(try bench.counts() == ["0", "0", "0"])
        let call = bench.call
        let error = #expect(throws: SQSError.self) { try bench.service.handle(request, in: call) }
        #expect(error?.shape == "PurgeQueueInProgress")
        bench.advance(.seconds(60))
        _ = try bench.service.handle(request, in: bench.call)
    }

    @Test("The name of a deleted queue is free again after a minute, and its messages are gone")
    mutating func deletion() throws {
        try bench.create("other")
        try bench.create("jobs")
        try bench.send("a")
        _ = try bench.service.handle(DeleteQueueRequest(queueURL: QueueBench.url("jobs")), in: bench.call)
        #expect(throws: QueueService.noSuchQueueForTests) { try bench.send("b") }
        let error = #expect(throws: SQSError.self) { try bench.create("jobs") }
        #expect(error?.shape == "QueueDeletedRecently")
        bench.advance(.seconds(60))
        try bench.create("jobs")
        #expect(try bench.counts() == ["0", "0", "0"])
        #expect(bench.service.queueNames == ["jobs", "other"])
    }

    @Test(
        "The memory of a long queue goes back when it is purged, deleted or empty",
        arguments: ["purge", "delete the queue", "delete each", "leave one"])
    mutating func releasedMemory(how: String) throws {
        try bench.create("jobs")
        for number in 0..<10_000 { try bench.send(String(number)) }
        #expect(bench.service.takeReleasedCount() == 0)
        switch how {
        case "purge": _ = try bench.service.handle(PurgeQueueRequest(queueURL: QueueBench.url("jobs")), in: bench.call)
        case "delete the queue":
            _ = try bench.service.handle(DeleteQueueRequest(queueURL: QueueBench.url("jobs")), in: bench.call)
        default:
            for _ in 0..<1_000 {
                for message in try bench.receive(upTo: 10).dropFirst(how == "leave one" ? 1 : 0) {
                    try bench.delete(message.receiptHandle)
                }
            }
        }
        #expect(bench.service.takeReleasedCount() == (how == "leave one" ? 0 : 10_000))
        #expect(bench.service.takeReleasedCount() == 0)
        if how != "delete the queue" {
            try bench.send("after")
            let visible = try bench.counts()[0]
            #expect(visible == "1")
        }
    }

    @Test("Queues are listed by name, by prefix and by pages")
    mutating func listing() throws {
        for name in ["b", "a", "ab", "c"] { try bench.create(name) }
        let all = try bench.service.handle(ListQueuesRequest(), in: bench.call)
        #expect(all.queueURLs == ["a", "ab", "b", "c"].map(QueueBench.url))
        let some = try bench.service.handle(ListQueuesRequest(queueNamePrefix: "a"), in: bench.call)
        #expect(some.queueURLs == ["a", "ab"].map(QueueBench.url))
        let page = try bench.service.handle(ListQueuesRequest(maxResults: 3), in: bench.call)
        let rest = try bench.service.handle(
            ListQueuesRequest(maxResults: 3, nextToken: page.nextToken), in: bench.call)
        #expect(rest.queueURLs == [QueueBench.url("c")])
        #expect(rest.nextToken == nil)
    }

    @Test("A look at a queue changes nothing in it")
    mutating func peek() throws {
        try bench.create("jobs")
        for body in ["a", "b"] { try bench.send(body) }
        try bench.send("later", delay: 60)
        _ = try bench.receive()
        let now = bench.now
        let look = bench.service.peek(at: "jobs", now: now)
        let peek = try #require(look)
        #expect(peek.visible.map(\.body) == ["b"])
        #expect(peek.inFlight.map(\.body) == ["a"])
        #expect(peek.delayed.map(\.body) == ["later"])
        #expect(peek.visible.first?.receiveCount == 0)
        #expect(try bench.receive().first?.attributes["ApproximateReceiveCount"] == "1")
    }
}

extension QueueService {
    static let noSuchQueueForTests = SQSError("QueueDoesNotExist", "The specified queue does not exist.")
}
