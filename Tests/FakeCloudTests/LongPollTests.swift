import AWSWire
import FakeCloud
import JobCore
import Testing

@Suite("Long polls as a machine")
struct LongPollTests {
    var bench: QueueBench

    init() throws {
        bench = QueueBench()
        try bench.create("jobs", ["VisibilityTimeout": "30"])
    }

    @Test("A message that is sent goes to the one who has waited longest")
    mutating func send() throws {
        let first = try #require(try bench.wait())
        let second = try #require(try bench.wait())
        try bench.send("a")
        #expect(bench.deliveries() == [first: ["a"]])
        try bench.send("b")
        #expect(bench.deliveries() == [second: ["b"]])
    }

    @Test("A receiver that waits is answered with nothing when its time is over")
    mutating func patience() throws {
        let waiter = try #require(try bench.wait(seconds: 5))
        #expect(bench.service.nextWakeup == bench.now + .seconds(5))
        bench.advance(.seconds(4))
        #expect(bench.deliveries() == [:])
        bench.advance(.seconds(1))
        #expect(bench.deliveries() == [waiter: []])
        #expect(bench.service.nextWakeup == nil)
    }

    @Test("The queue's own patience holds when the request names none")
    mutating func queuePatience() throws {
        try bench.create("patient", ["ReceiveMessageWaitTimeSeconds": "3"])
        let request = ReceiveMessageRequest(queueURL: QueueBench.url("patient"))
        #expect(try bench.service.handle(request, in: bench.call) == .waiting(1))
        #expect(bench.service.nextWakeup == bench.now + .seconds(3))
    }

    @Test("The end of a delay serves a receiver that waits")
    mutating func delay() throws {
        try bench.send("late", delay: 4)
        let waiter = try #require(try bench.wait())
        #expect(bench.service.nextWakeup == bench.now + .seconds(4))
        bench.advance(.seconds(4))
        #expect(bench.deliveries() == [waiter: ["late"]])
    }

    @Test("The end of a visibility timeout serves a receiver that waits")
    mutating func visibility() throws {
        try bench.send("again")
        _ = try bench.receive(visibility: 7)
        let waiter = try #require(try bench.wait())
        bench.advance(.seconds(7))
        #expect(bench.deliveries() == [waiter: ["again"]])
    }

    @Test("Showing a message at once serves a receiver that waits")
    mutating func changeVisibility() throws {
        try bench.send("again")
        let message = try #require(try bench.receive().first)
        let waiter = try #require(try bench.wait())
        try bench.hide(message.receiptHandle, for: 0)
        #expect(bench.deliveries() == [waiter: ["again"]])
    }

    @Test("A dead-lettered message serves a receiver that waits at the dead-letter queue")
    mutating func deadLetter() throws {
        try bench.create("jobs-dlq")
        _ = try bench.service.handle(
            SetQueueAttributesRequest(
                queueURL: QueueBench.url("jobs"), attributes: ["RedrivePolicy": QueueBench.policy(1)]), in: bench.call)
        try bench.send("poison")
        _ = try bench.receive(visibility: 0)
        let waiter = try #require(try bench.wait(at: "jobs-dlq"))
        #expect(try bench.receive().isEmpty)
        #expect(bench.deliveries() == [waiter: ["poison"]])
    }

    @Test("A receiver that gave up loses no message")
    mutating func cancelled() throws {
        let waiter = try #require(try bench.wait())
        bench.service.cancel(waiter: waiter)
        try bench.send("a")
        #expect(bench.deliveries() == [:])
        #expect(try bench.receive().map(\.body) == ["a"])
        #expect(bench.service.nextWakeup == nil)
    }

    @Test("A batch that is sent goes to one receiver as far as it wants it")
    mutating func batch() throws {
        let greedy = try #require(try bench.wait(upTo: 2))
        let modest = try #require(try bench.wait(upTo: 1))
        _ = try bench.service.handle(
            SendMessageBatchRequest(
                queueURL: QueueBench.url("jobs"),
                entries: ["a", "b", "c"].map { SendMessageBatchEntry(id: $0, messageBody: $0) }), in: bench.call)
        #expect(bench.deliveries() == [greedy: ["a", "b"], modest: ["c"]])
    }

    @Test("Who waits at a queue that is deleted, or at the end of the service, is answered with nothing")
    mutating func release() throws {
        let first = try #require(try bench.wait())
        _ = try bench.service.handle(DeleteQueueRequest(queueURL: QueueBench.url("jobs")), in: bench.call)
        #expect(bench.deliveries() == [first: []])
        try bench.create("others")
        let second = try #require(try bench.wait(at: "others"))
        bench.service.releaseWaiters()
        #expect(bench.deliveries() == [second: []])
    }
}
