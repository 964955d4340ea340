import AWSWire
import FakeCloud
import JobCore
import Testing

@Suite("Rules for messages and batches")
struct MessageRuleTests {
    var bench: QueueBench

    init() throws {
        bench = QueueBench()
        try bench.create("jobs")
    }

    @Test(
        "A body with a character outside XML's is refused",
        arguments: ["a\u{0}", "\u{B}", "x\u{1F}", "\u{FFFE}", "é\u{FFFF}"])
    mutating func characters(body: String) throws {
        let error = #expect(throws: SQSError.self) { try bench.send(body) }
        #expect(error?.shape == "InvalidMessageContents")
    }

    @Test("A body with the allowed control characters and with other planes passes unchanged")
    mutating func allowedCharacters() throws {
        let body = "\t\n\r ~\u{7F}\u{85}\u{D7FF}\u{E000}\u{FFFD}\u{10000}\u{10FFFF}"
        try bench.send(body)
        #expect(try bench.receive().first?.body == body)
    }

    @Test("A message fills the limit exactly, attributes included")
    mutating func size() throws {
        let attributes = ["n": SQSMessageAttribute.string("12345")]
        let room = 1_048_576 - 1 - 6 - 5
        try bench.send(String(repeating: "x", count: room), attributes: attributes)
        let error = #expect(throws: SQSError.self) {
            try bench.send(String(repeating: "x", count: room + 1), attributes: attributes)
        }
        #expect(error?.queryCode == "InvalidParameterValue")
    }

    @Test(
        "Attributes that break a rule are refused",
        arguments: [
            ["AWS.x": SQSMessageAttribute.string("1")], ["amazon.x": .string("1")], [".x": .string("1")],
            ["x.": .string("1")], ["x..y": .string("1")], ["ä": .string("1")], ["x": .string("")],
            ["x": .number("seven")], ["x": SQSMessageAttribute(dataType: "Bool", stringValue: "1")],
            ["x": .binary([])],
            Dictionary(uniqueKeysWithValues: (0...10).map { ("n\($0)", SQSMessageAttribute.string("1")) }),
        ])
    mutating func attributes(_ attributes: [String: SQSMessageAttribute]) throws {
        let error = #expect(throws: SQSError.self) { try bench.send("a", attributes: attributes) }
        #expect(error?.queryCode == "InvalidParameterValue")
    }

    @Test(
        "A receive outside the ranges is refused",
        arguments: [(0, 0, 0), (11, 0, 0), (1, 43_201, 0), (1, -1, 0), (1, 0, 21), (1, 0, -1)])
    mutating func receiveRanges(limit: Int, visibility: Int, wait: Int) throws {
        let request = ReceiveMessageRequest(
            queueURL: QueueBench.url("jobs"), maxNumberOfMessages: limit, visibilityTimeoutSeconds: visibility,
            waitTimeSeconds: wait)
        let call = bench.call
        let error = #expect(throws: SQSError.self) { try bench.service.handle(request, in: call) }
        #expect(error?.queryCode == "InvalidParameterValue")
    }

    @Test("Attributes are shown by name, by prefix, all or not at all")
    mutating func filters() throws {
        let names = ["a.x", "a.y", "b"]
        for (filter, shown) in [
            (["a.*"], ["a.x", "a.y"]), (["b"], ["b"]), (["All"], names), ([".*"], names), ([], []),
        ] {
            try bench.send(
                "m", attributes: Dictionary(uniqueKeysWithValues: names.map { ($0, SQSMessageAttribute.string("1")) }))
            let request = ReceiveMessageRequest(
                queueURL: QueueBench.url("jobs"), messageAttributeNames: filter, waitTimeSeconds: 0)
            guard case .answered(let answer) = try bench.service.handle(request, in: bench.call) else { return }
            #expect(answer.messages.first?.messageAttributes.keys.sorted() == shown)
            #expect(answer.messages.first?.attributes == [:])
        }
    }

    @Test(
        "A batch that breaks a rule is refused whole",
        arguments: [
            ([], "EmptyBatchRequest"), (["a", "a"], "BatchEntryIdsNotDistinct"), (["a b"], "InvalidBatchEntryId"),
            ([""], "InvalidBatchEntryId"), ((0...10).map(String.init), "TooManyEntriesInBatchRequest"),
        ])
    mutating func batches(ids: [String], shape: String) throws {
        let request = SendMessageBatchRequest(
            queueURL: QueueBench.url("jobs"), entries: ids.map { SendMessageBatchEntry(id: $0, messageBody: "m") })
        let call = bench.call
        let error = #expect(throws: SQSError.self) { try bench.service.handle(request, in: call) }
        #expect(error?.shape == shape)
        #expect(try bench.counts() == ["0", "0", "0"])
    }

    @Test("A batch longer than a message may be is refused whole")
    mutating func batchSize() throws {
        let half = String(repeating: "x", count: 600_000)
        let request = SendMessageBatchRequest(
            queueURL: QueueBench.url("jobs"),
            entries: ["a", "b"].map { SendMessageBatchEntry(id: $0, messageBody: half) })
        let call = bench.call
        let error = #expect(throws: SQSError.self) { try bench.service.handle(request, in: call) }
        #expect(error?.shape == "BatchRequestTooLong")
    }

    @Test("A bad entry fails alone")
    mutating func oneBadEntry() throws {
        let request = SendMessageBatchRequest(
            queueURL: QueueBench.url("jobs"),
            entries: [
                SendMessageBatchEntry(id: "good", messageBody: "m"),
                SendMessageBatchEntry(id: "bad", messageBody: "\u{1}"),
            ])
        let response = try bench.service.handle(request, in: bench.call)
        #expect(response.successful.map(\.id) == ["good"])
        #expect(response.failed.map(\.id) == ["bad"])
        #expect(response.failed.first?.senderFault == true)
        #expect(try bench.counts() == ["1", "0", "0"])
    }

    @Test("A short receive of a queue with 120,000 messages in flight is over the limit")
    mutating func inFlightLimit() throws {
        for number in 0..<120_001 { try bench.send(String(number)) }
        for _ in 0..<12_000 { #expect(try bench.receive(upTo: 10).count == 10) }
        let error = #expect(throws: SQSError.self) { try bench.receive() }
        #expect(error?.shape == "OverLimit")
        #expect(try bench.wait() != nil)
    }
}
