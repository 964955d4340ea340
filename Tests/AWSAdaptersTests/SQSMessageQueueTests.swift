import AWSAdapters
import AWSWire
import HTTPTransport
import HTTPTypes
import JobCore
import Testing

@Suite("The SQS queue")
struct SQSMessageQueueTests {
    private func queue(_ transport: ScriptedTransport) throws -> SQSMessageQueue {
        let client = AWSClient(
            service: "sqs", region: "eu-central-1", endpoint: try AWSEndpoint(url: "http://vpc-endpoint:8443/"),
            credentials: RotatingCredentials(), transport: transport, clock: InstantClock(), randomness: { 0 })
        return SQSMessageQueue(name: "jobs", queueURL: "https://queue.amazonaws.com/1/jobs", client: client)
    }

    @Test("The configured endpoint wins over the host of the queue's URL")
    func endpoint() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200)])
        try await queue(transport).delete(ReceiptHandle("h"))
        let request = try #require(transport.requests.first)
        #expect(request.head.authority == "vpc-endpoint:8443")
        #expect(request.head.path == "/")
        guard case .bytes(let body) = request.body else {
            Issue.record("no body")
            return
        }
        #expect(String(decoding: body, as: UTF8.self).contains("https://queue.amazonaws.com/1/jobs"))
    }

    @Test("The limit of a long poll is well over its wait")
    func longPollLimit() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200)])
        let messages = try await queue(transport).receive(
            upTo: 10, waitingFor: .seconds(20), visibility: .seconds(300))
        #expect(messages.isEmpty)
        let total = try #require(transport.requests.first?.timeouts.total)
        #expect(total >= .seconds(30))
    }

    @Test("A damaged body is refused and not handed on")
    func damagedBody() async throws {
        let answer = ScriptedTransport.answer(
            200,
            #"{"Messages":[{"MessageId":"m","ReceiptHandle":"h","Body":"hello","MD5OfBody":"00000000000000000000000000000000"}]}"#
        )
        let error = await #expect(throws: DependencyError.self) {
            try await queue(ScriptedTransport([answer])).receive(
                upTo: 1, waitingFor: .zero, visibility: .seconds(1))
        }
        #expect(error?.code == "ChecksumMismatch")
        #expect(error?.kind == .unavailable)
    }

    @Test("Another body stored than was sent is told")
    func damagedSend() async throws {
        let answer = ScriptedTransport.answer(
            200, #"{"MessageId":"m","MD5OfMessageBody":"00000000000000000000000000000000"}"#)
        let error = await #expect(throws: DependencyError.self) {
            try await queue(ScriptedTransport([answer])).send(body: "x", attributes: [:], delay: .zero)
        }
        #expect(error?.code == "ChecksumMismatch")
    }

    @Test("Of a batch only what failed on the service's side is repeated, and what was refused is returned")
    func partialBatch() async throws {
        let first = ScriptedTransport.answer(
            200,
            #"""
            {"Successful":[{"Id":"0"}],"Failed":[
              {"Id":"1","SenderFault":true,"Code":"ReceiptHandleIsInvalid","Message":"bad"},
              {"Id":"2","SenderFault":false,"Code":"InternalError"}]}
            """#)
        let second = ScriptedTransport.answer(200, #"{"Successful":[{"Id":"2"}]}"#)
        let transport = ScriptedTransport([first, second])
        let receipts = ["a", "b", "c"].map { ReceiptHandle($0) }
        let refused = try await queue(transport).changeVisibility(of: receipts, to: .seconds(60))
        #expect(refused.keys.map(\.rawValue) == ["b"])
        #expect(refused.values.map(\.kind) == [.stale])
        #expect(transport.requests.count == 2)
    }

    @Test("Twenty-five receipts are three requests")
    func batches() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200, #"{"Successful":[]}"#)])
        let receipts = (0..<25).map { ReceiptHandle("\($0)") }
        #expect(try await queue(transport).changeVisibility(of: receipts, to: .zero).isEmpty)
        #expect(transport.requests.count == 3)
    }

    @Test("An answer that is not SQS's is told with the endpoint")
    func notSQS() async throws {
        let transport = ScriptedTransport([ScriptedTransport.answer(200, "<html>")])
        let error = await #expect(throws: DependencyError.self) { try await queue(transport).attributes() }
        #expect(error?.code == "UnreadableAnswer")
        #expect(error?.message.contains("vpc-endpoint:8443") == true)
    }
}
