import AWSWire
import FakeCloud
import JobCore
import Testing

@Suite("Tasks that move dead letters, as a machine")
struct MoveTaskTests {
    private var bench = QueueBench()

    /// Dead-letters so many messages of `jobs`.
    private mutating func deadLetter(_ count: Int) throws {
        try bench.createWithDeadLetters(after: 1)
        for number in 0..<count { try bench.send(String(number)) }
        for _ in 0..<count { #expect(try bench.receive(visibility: 0).count <= 1) }
        while try bench.counts() != ["0", "0", "0"] { _ = try bench.receive(upTo: 10, visibility: 0) }
        #expect(try bench.counts("jobs-dlq") == [String(count), "0", "0"])
    }

    private mutating func start(rate: Int? = nil, to destination: String? = nil) throws(SQSError) -> String {
        let request = StartMessageMoveTaskRequest(
            sourceARN: QueueBench.arn("jobs-dlq"), destinationARN: destination.map(QueueBench.arn),
            ratePerSecond: rate)
        return try bench.service.handle(request, in: bench.call).taskHandle
    }

    private mutating func tasks(_ count: Int? = nil) throws(SQSError) -> [MessageMoveTaskResult] {
        let request = ListMessageMoveTasksRequest(sourceARN: QueueBench.arn("jobs-dlq"), maxResults: count)
        return try bench.service.handle(request, in: bench.call).results
    }

    private mutating func refusal(_ body: (inout Self) throws -> Void) -> SQSError? {
        do {
            try body(&self)
        } catch {
            return error as? SQSError
        }
        return nil
    }

    @Test("Messages go back to where they came from, as new ones")
    mutating func back() throws {
        try deadLetter(1)
        let id = bench.service.peek(at: "jobs-dlq", now: bench.now)?.visible.first?.id
        bench.advance(.seconds(100))
        _ = try start()
        let got = try bench.receive()
        #expect(got.map(\.body) == ["0"])
        #expect(got.first?.messageID != id)
        #expect(got.first?.attributes["ApproximateReceiveCount"] == "1")
        #expect(got.first?.attributes["SentTimestamp"] == String(bench.now.milliseconds))
        #expect(got.first?.attributes["DeadLetterQueueSourceArn"] == nil)
        #expect(try tasks().map(\.status) == ["COMPLETED"])
        #expect(try tasks().first?.taskHandle == nil)
        #expect(try tasks().first?.movedCount == 1)
    }

    @Test("A task keeps its rate by the clock, and only one runs at a time")
    mutating func rate() throws {
        try deadLetter(10)
        let handle = try start(rate: 2)
        #expect(refusal { _ = try $0.start() }?.message.contains("already a task running") == true)
        #expect(bench.service.nextWakeup == bench.now + .milliseconds(500))
        bench.advance(.milliseconds(1_600))
        #expect(try bench.counts() == ["3", "0", "0"])
        #expect(try tasks().map(\.taskHandle) == [handle])
        #expect(try tasks().map(\.movedCount) == [3])
        #expect(try tasks().map(\.totalCount) == [10])
        bench.advance(.seconds(10))
        #expect(try tasks().map(\.status) == ["COMPLETED"])
        #expect(bench.service.nextWakeup == nil)
        #expect(try bench.counts() == ["10", "0", "0"])
    }

    @Test("A cancelled task stops where it is")
    mutating func cancelled() throws {
        try deadLetter(4)
        let handle = try start(rate: 1)
        bench.advance(.seconds(1))
        let answer = try bench.service.handle(CancelMessageMoveTaskRequest(taskHandle: handle), in: bench.call)
        #expect(answer.movedCount == 1)
        bench.advance(.seconds(100))
        #expect(try bench.counts("jobs-dlq") == ["3", "0", "0"])
        #expect(try tasks().map(\.status) == ["CANCELLED"])
        let again = refusal { tests in
            _ = try tests.bench.service.handle(CancelMessageMoveTaskRequest(taskHandle: handle), in: tests.bench.call)
        }
        #expect(again?.message == "Only active tasks can be cancelled.")
        let unknown = refusal { tests in
            _ = try tests.bench.service.handle(CancelMessageMoveTaskRequest(taskHandle: "x"), in: tests.bench.call)
        }
        #expect(unknown?.shape == "InvalidParameterValueException")
    }

    @Test("A destination takes the messages, and whoever waits there gets them")
    mutating func destination() throws {
        try deadLetter(1)
        try bench.create("elsewhere")
        let waiting = try bench.wait(at: "elsewhere")
        let waiter = try #require(waiting)
        _ = try start(to: "elsewhere")
        #expect(bench.deliveries() == [waiter: ["0"]])
        #expect(try tasks().first?.destinationARN == QueueBench.arn("elsewhere"))
    }

    @Test("A message that came from nowhere fails the task and stays")
    mutating func noSource() throws {
        try bench.createWithDeadLetters(after: 1)
        try bench.send("direct", to: "jobs-dlq")
        _ = try start()
        #expect(try tasks().map(\.failureReason) == ["CouldNotDetermineMessageSource"])
        #expect(try bench.receive(from: "jobs-dlq").map(\.body) == ["direct"])
    }

    @Test("The last ten tasks are listed, the latest first")
    mutating func listing() throws {
        try bench.createWithDeadLetters(after: 1)
        for _ in 0..<12 {
            bench.advance(.seconds(1))
            _ = try start()
        }
        #expect(try tasks().count == 1)
        let all = try tasks(10).map(\.startedMilliseconds)
        #expect(all.count == 10)
        #expect(all == all.sorted(by: >))
        #expect(refusal { _ = try $0.tasks(11) }?.shape == "InvalidParameterValueException")
    }

    @Test("A source must be there and be a dead-letter queue; a destination must be there and of the same kind")
    mutating func wrongQueues() throws {
        #expect(refusal { _ = try $0.start() }?.shape == "ResourceNotFoundException")
        try bench.create("jobs-dlq")
        #expect(refusal { _ = try $0.start() }?.message == "Source queue must be configured as a Dead Letter Queue.")
        try bench.create("jobs", ["RedrivePolicy": QueueBench.policy(1)])
        #expect(refusal { _ = try $0.start(to: "nowhere") }?.shape == "ResourceNotFoundException")
        try bench.create("q.fifo", ["FifoQueue": "true"])
        #expect(refusal { _ = try $0.start(to: "q.fifo") }?.shape == "InvalidParameterValueException")
        #expect(refusal { _ = try $0.start(rate: 501) }?.shape == "InvalidParameterValueException")
    }
}
