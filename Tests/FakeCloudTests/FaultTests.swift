import AWSWire
import FakeCloud
import Glibc
import HTTPTypes
import JobCore
import JobTestKit
import NIOPosix
import PureJSON
import Testing

@Suite("Faults over sockets")
struct FaultTests {
    /// Runs a server with one fault armed and an object `/bucket/key` of ten bytes.
    private func run(
        _ fault: JSONValue, _ body: @escaping @Sendable (RunningCloud) async throws -> Void
    ) async throws {
        try await RunningCloud.run { cloud in
            _ = try await cloud.s3(.put, "/bucket")
            _ = try await cloud.s3(.put, "/bucket/key", body: Array("0123456789".utf8))
            #expect(try await cloud.lab(.post, "faults", fault).reply.status == 201)
            try await body(cloud)
            let (_, json) = try await cloud.lab(.get, "faults")
            #expect((json["faults"]?[0]?["fired"]?.integerValue ?? 0) > 0)
        }
    }

    @Test("An error is answered as the service says it, for the calls that are named, and nothing is done")
    func error() async throws {
        try await run([
            "match": ["operation": "s3.PutObject", "nth": "2"],
            "action": ["error": ["status": 503, "code": "SlowDown", "message": "Reduce your request rate."]],
        ]) { cloud in
            #expect(try await cloud.s3(.put, "/bucket/one").status == 200)
            let refused = try await cloud.s3(.put, "/bucket/two")
            #expect(refused.status == 503)
            #expect(refused.text.contains("<Code>SlowDown</Code>"))
            #expect(try await cloud.s3(.put, "/bucket/three").status == 200)
            #expect(try await cloud.s3(.head, "/bucket/two").status == 404)
        }
    }

    @Test("An error of SQS has its own form")
    func queueError() async throws {
        try await run([
            "match": ["operation": "sqs.*"], "times": 1,
            "action": ["error": ["status": 500, "code": "InternalFailure"]],
        ]) { cloud in
            let (reply, json) = try await cloud.sqs("ListQueues", [:])
            #expect(reply.status == 500)
            #expect(json["__type"]?.stringValue?.hasSuffix("#InternalFailure") == true)
            #expect(try await cloud.sqs("ListQueues", [:]).reply.status == 200)
        }
    }

    @Test("A connection is reset before a call, or after it by an answer that is hidden", arguments: [true, false])
    func reset(isBefore: Bool) async throws {
        let action: JSONValue = isBefore ? ["reset": "before"] : ["applyThen": "reset"]
        try await run(["match": ["operation": "s3.PutObject"], "times": 1, "action": action]) { cloud in
            await #expect(throws: RawClient.Failure.self) { try await cloud.s3(.put, "/bucket/new") }
            let status = try await cloud.s3(.head, "/bucket/new").status
            #expect(status == (isBefore ? 404 : 200))
        }
    }

    @Test(
        "A reset is one of TCP, before or behind the head; a body that is cut short ends in an orderly way",
        arguments: [
            (["reset": "before"], "", true), (["reset": "headers"], "HTTP/1.1 200 OK", true),
            (["applyThen": "reset"], "", true), (["truncate": ["after": 4]], "HTTP/1.1 200 OK", false),
        ] as [(JSONValue, String, Bool)])
    func ending(action: JSONValue, start: String, isReset: Bool) async throws {
        try await run(["match": ["operation": "s3.GetObject"], "action": action]) { cloud in
            let (endpoint, bytes) = (cloud.endpoint, cloud.request(.get, "/bucket/key"))
            let (text, error) = try await RawClient.pool.runIfActive {
                let client = try RawClient(endpoint: endpoint)
                try client.write(bytes)
                return client.readToEnd()
            }
            #expect(start.isEmpty ? text.isEmpty : text.hasPrefix(start))
            #expect(error == (isReset ? ECONNRESET : nil))
        }
    }

    @Test("A body is cut short, and one of its bits flipped")
    func body() async throws {
        try await run(["match": ["operation": "s3.GetObject", "nth": 1], "action": ["corrupt": true]]) { cloud in
            #expect(try await cloud.s3(.get, "/bucket/key").text == "0123446789")
            #expect(try await cloud.s3(.get, "/bucket/key").text == "0123456789")
            _ = try await cloud.lab(
                .post, "faults", ["match": ["operation": "s3.GetObject"], "action": ["truncate": ["after": 4]]])
            await #expect(throws: RawClient.Failure.self) { try await cloud.s3(.get, "/bucket/key") }
        }
    }

    @Test("Latency passes in the cloud's time")
    func latency() async throws {
        try await run(["match": ["operation": "s3.GetObject"], "action": ["latency": "90s"]]) { cloud in
            let lab = try await cloud.server.administration()
            lab.clock.freeze()
            async let reply = cloud.s3(.get, "/bucket/key")
            while lab.clock.nextDeadline == nil { await Task.yield() }
            try await lab.advance(by: .seconds(90))
            #expect(try await reply.status == 200)
        }
    }

    @Test("A dropped delete is answered like one that was done, and the message comes back")
    func drop() async throws {
        try await run(["match": ["operation": "sqs.DeleteMessage"], "times": 1, "action": ["drop": true]]) { cloud in
            let url = try await cloud.queue("jobs", ["a"])
            let (_, received) = try await cloud.sqs("ReceiveMessage", ["QueueUrl": url])
            let handle = try #require(received["Messages"]?[0]?["ReceiptHandle"])
            let deletion: JSONValue = ["QueueUrl": url, "ReceiptHandle": handle]
            #expect(try await cloud.sqs("DeleteMessage", deletion).reply.status == 200)
            let lab = try await cloud.server.administration()
            #expect(lab.peek(atQueue: "jobs")?.inFlight.count == 1)
            #expect(try await cloud.sqs("DeleteMessage", deletion).reply.status == 200)
            #expect(lab.peek(atQueue: "jobs")?.inFlight.isEmpty == true)
        }
    }

    @Test("A message is delivered twice at once")
    func duplicate() async throws {
        try await run(["match": ["operation": "sqs.ReceiveMessage"], "times": 1, "action": ["duplicate": true]]) {
            cloud in
            let url = try await cloud.queue("jobs", ["a"])
            for _ in 0..<2 {
                let (_, received) = try await cloud.sqs("ReceiveMessage", ["QueueUrl": url])
                #expect(received["Messages"]?[0]?["Body"] == "a")
            }
            #expect(try await cloud.sqs("ReceiveMessage", ["QueueUrl": url]).json["Messages"] == nil)
        }
    }

    @Test(
        "A rule that says nothing sensible is refused with a sentence",
        arguments: [
            #"{}"#, #"{"action": {}}"#, #"{"action": {"explode": true}}"#, #"{"action": {"reset": "never"}}"#,
            #"{"match": {"nth": "0"}, "action": {"corrupt": true}}"#,
            #"{"match": {"nth": "3..2"}, "action": {"corrupt": true}}"#,
            #"{"match": {"operation": "ec2.*"}, "action": {"corrupt": true}}"#,
            #"{"match": {"probability": 2}, "action": {"corrupt": true}}"#,
            #"{"match": {"operation": "s3.*"}, "action": {"drop": true}}"#, #"{"action": {"latency": "fast"}}"#,
            #"{"action": {"corrupt": true}, "times": 0}"#, #"{"actions": {"corrupt": true}}"#, #"["#,
        ])
    func refused(rule: String) async throws {
        try await RunningCloud.run { cloud in
            let reply = try await cloud.exchange(
                cloud.request(.post, "/_lab/faults", body: Array(rule.utf8), credentials: nil))
            #expect(reply.status == 400)
            #expect(try JSONValue(parsing: reply.body)["error"]?.stringValue?.isEmpty == false)
        }
    }
}
