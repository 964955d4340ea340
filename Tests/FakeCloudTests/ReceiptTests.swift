import AWSWire
import FakeCloud
import JobCore
import Testing

@Suite("Receipts of messages")
struct ReceiptTests {
    var bench: QueueBench

    init() throws {
        bench = QueueBench()
        try bench.create("jobs")
    }

    private mutating func received(_ body: String = "a") throws -> SQSMessage {
        try bench.send(body)
        return try #require(try bench.receive(upTo: 1).first)
    }

    @Test("A deleted message does not come back, and deleting it twice is no error")
    mutating func deletion() throws {
        let message = try received()
        try bench.delete(message.receiptHandle)
        try bench.delete(message.receiptHandle)
        bench.advance(.seconds(3_600))
        #expect(try bench.receive().isEmpty)
    }

    @Test("An old receipt still deletes the message")
    mutating func deletionByOldReceipt() throws {
        let old = try received()
        bench.advance(.seconds(30))
        _ = try bench.receive()
        try bench.delete(old.receiptHandle)
        bench.advance(.seconds(30))
        #expect(try bench.receive().isEmpty)
    }

    @Test("A text that is no receipt of this queue is refused")
    mutating func rubbish() throws {
        try bench.create("other")
        try bench.send("b", to: "other")
        let foreign = try #require(try bench.receive(from: "other").first)
        for handle in ["rubbish", "AQEBAAAA", foreign.receiptHandle] {
            let error = #expect(throws: SQSError.self) { try bench.delete(handle) }
            #expect(error?.shape == "ReceiptHandleIsInvalid")
        }
    }

    @Test("Visibility is counted from the change, and 0 shows the message at once")
    mutating func change() throws {
        let message = try received()
        bench.advance(.seconds(20))
        try bench.hide(message.receiptHandle, for: 20)
        bench.advance(.seconds(19))
        #expect(try bench.receive().isEmpty)
        bench.advance(.seconds(1))
        let again = try #require(try bench.receive().first)
        try bench.hide(again.receiptHandle, for: 0)
        #expect(try bench.receive().first?.attributes["ApproximateReceiveCount"] == "3")
    }

    @Test("A change of visibility is forgotten at the next receive")
    mutating func changeIsNotRemembered() throws {
        let message = try received()
        try bench.hide(message.receiptHandle, for: 1)
        bench.advance(.seconds(1))
        _ = try bench.receive()
        bench.advance(.seconds(29))
        #expect(try bench.receive().isEmpty)
        bench.advance(.seconds(1))
        #expect(try bench.receive().count == 1)
    }

    @Test("A visible message cannot be hidden")
    mutating func notInFlight() throws {
        let message = try received()
        bench.advance(.seconds(30))
        let error = #expect(throws: SQSError.self) { try bench.hide(message.receiptHandle, for: 5) }
        #expect(error?.queryCode == "AWS.SimpleQueueService.MessageNotInflight")
    }

    @Test("A deleted message and one with a newer receipt cannot be hidden")
    mutating func staleReceipts() throws {
        let old = try received()
        bench.advance(.seconds(30))
        let new = try #require(try bench.receive().first)
        let stale = #expect(throws: SQSError.self) { try bench.hide(old.receiptHandle, for: 5) }
        #expect(stale?.queryCode == "InvalidParameterValue")
        try bench.delete(new.receiptHandle)
        let gone = #expect(throws: SQSError.self) { try bench.hide(new.receiptHandle, for: 5) }
        #expect(gone?.queryCode == "InvalidParameterValue")
    }

    @Test("A message stays hidden for twelve hours from its receive at most")
    mutating func twelveHours() throws {
        let message = try received()
        try bench.hide(message.receiptHandle, for: 43_200)
        bench.advance(.seconds(600))
        let error = #expect(throws: SQSError.self) { try bench.hide(message.receiptHandle, for: 43_000) }
        #expect(error?.message.contains("Total VisibilityTimeout") == true)
        try bench.hide(message.receiptHandle, for: 42_600)
        bench.advance(.seconds(42_600))
        #expect(try bench.receive().count == 1)
    }

    @Test("Messages whose receiver went away come back at once, uncounted")
    mutating func undelivered() throws {
        try bench.send("a")
        let lost = ReceiveMessageResponse(messages: try bench.receive())
        bench.service.returnUndelivered(lost, at: bench.now)
        let again = try bench.receive()
        #expect(again.first?.attributes["ApproximateReceiveCount"] == "1")
        try bench.delete(try #require(again.first).receiptHandle)
        bench.service.returnUndelivered(lost, at: bench.now)
        #expect(try bench.counts() == ["0", "0", "0"])
    }
}
