import AWSWire
import FakeCloud
import HTTPTypes
import JobCore
import JobTestKit
import PureJSON
import Testing

extension RunningCloud {
    /// One request at the lab's door.
    func lab(
        _ method: HTTPRequest.Method, _ path: String, _ document: JSONValue? = nil, _ fields: [String: String] = [:]
    ) async throws -> (reply: RawClient.Reply, json: JSONValue) {
        let body = document.map { Array($0.serialized().utf8) } ?? []
        let reply = try await exchange(request(method, "/_lab/" + path, fields, body: body, credentials: nil))
        return (reply, try JSONValue(parsing: reply.body))
    }

    /// Makes a queue and sends messages to it.
    func queue(_ name: String, _ bodies: [String], attributes: [String: String] = [:]) async throws -> JSONValue {
        let url = try await server.administration().createQueue(name, attributes: attributes)
        for body in bodies {
            _ = try await sqs("SendMessage", ["QueueUrl": .string(url), "MessageBody": .string(body)])
        }
        return .string(url)
    }
}

@Suite("The lab's door")
struct LabDoorTests {
    @Test("It says what it has, and refuses what it has not")
    func manual() async throws {
        try await RunningCloud.run { cloud in
            let (reply, json) = try await cloud.lab(.get, "")
            #expect(reply.status == 200)
            #expect(json["routes"]?["POST /_lab/clock/advance"] != nil)
            let missing = try await cloud.lab(.get, "nothing")
            #expect(missing.reply.status == 404)
            #expect(missing.json["error"]?.stringValue?.contains("GET /_lab/") == true)
        }
    }

    @Test("Pages of other sites are sent away")
    func origin() async throws {
        try await RunningCloud.run { cloud in
            let stranger = try await cloud.lab(.post, "reset", nil, ["Origin": "http://elsewhere.example"])
            #expect(stranger.reply.status == 403)
            let own = try await cloud.lab(.get, "clock", nil, ["Origin": cloud.endpoint])
            #expect(own.reply.status == 200)
        }
    }

    @Test("The clock stands still, and moves by what it is told")
    func clock() async throws {
        try await RunningCloud.run { cloud in
            let frozen = try await cloud.lab(.put, "clock", ["mode": "frozen", "at": "2030-01-01T00:00:00Z"])
            #expect(frozen.json["mode"] == "frozen")
            let moved = try await cloud.lab(.post, "clock/advance", ["by": "14d"])
            #expect(moved.json["now"] == "2030-01-15T00:00:00.000Z")
            #expect(try await cloud.lab(.post, "clock/advance", ["by": "-1s"]).reply.status == 400)
            #expect(try await cloud.lab(.put, "clock", ["mode": "odd"]).reply.status == 400)
            #expect(try await cloud.lab(.put, "clock", ["mode": "real", "extra": 1]).reply.status == 400)
        }
    }

    @Test("Looking at messages in every state leaves receive counts and visibility alone")
    func peek() async throws {
        try await RunningCloud.run { cloud in
            let url = try await cloud.queue("jobs", ["a", "b"])
            _ = try await cloud.sqs("SendMessage", ["QueueUrl": url, "MessageBody": "late", "DelaySeconds": 60])
            _ = try await cloud.sqs("ReceiveMessage", ["QueueUrl": url])
            for _ in 0..<3 {
                for (state, bodies) in [("visible", ["b"]), ("in-flight", ["a"]), ("delayed", ["late"])] {
                    let (_, json) = try await cloud.lab(.get, "queues/jobs/messages?state=\(state)")
                    #expect(json["messages"]?.arrayValue?.compactMap { $0["body"]?.stringValue } == bodies)
                }
            }
            let (_, json) = try await cloud.lab(.get, "queues/jobs/messages")
            #expect(json["messages"]?.arrayValue?.compactMap { $0["receive_count"]?.integerValue } == [0, 1, 0])
            let (_, queues) = try await cloud.lab(.get, "queues")
            #expect(queues["queues"]?[0]?["visible"] == 1)
            #expect(queues["queues"]?[0]?["in_flight"] == 1)
            #expect(queues["queues"]?[0]?["delayed"] == 1)
        }
    }

    @Test("The alias shows messages in the form of ReceiveMessage, hidden ones when it is asked to")
    func alias() async throws {
        try await RunningCloud.run { cloud in
            let url = try await cloud.queue("jobs", ["a", "b"])
            _ = try await cloud.sqs("ReceiveMessage", ["QueueUrl": url])
            let path = "/_aws/sqs/messages?QueueUrl=http://x/000000000000/jobs"
            let visible = try await cloud.exchange(cloud.request(.get, path, credentials: nil))
            #expect(visible.text.contains("<Body>b</Body>") && !visible.text.contains("<Body>a</Body>"))
            let all = try await cloud.exchange(
                cloud.request(.get, path + "&ShowInvisible=true", ["Accept": "application/json"], credentials: nil))
            let shown = try JSONValue(parsing: all.body)["ReceiveMessageResponse"]?["ReceiveMessageResult"]?["Message"]
            #expect(shown?.arrayValue?.compactMap { $0["Body"]?.stringValue } == ["b", "a"])
        }
    }

    @Test("Messages of a FIFO queue that come back are shown in the order of their group")
    func orderOfGroup() async throws {
        try await RunningCloud.run { cloud in
            let attributes: JSONValue = ["FifoQueue": "true", "ContentBasedDeduplication": "true"]
            let (_, made) = try await cloud.sqs("CreateQueue", ["QueueName": "q.fifo", "Attributes": attributes])
            let url = try #require(made["QueueUrl"])
            for body in ["1", "2", "3"] {
                let message: JSONValue = ["QueueUrl": url, "MessageBody": .string(body), "MessageGroupId": "g"]
                _ = try await cloud.sqs("SendMessage", message)
            }
            _ = try await cloud.sqs("ReceiveMessage", ["QueueUrl": url, "MaxNumberOfMessages": 2])
            _ = try await cloud.lab(.post, "clock/advance", ["by": "30s"])
            let (_, json) = try await cloud.lab(.get, "queues/q.fifo/messages?state=visible")
            #expect(json["messages"]?.arrayValue?.compactMap { $0["body"]?.stringValue } == ["1", "2", "3"])
        }
    }

    @Test("The journal names what was asked for and how it ended, and pages by number")
    func journal() async throws {
        try await RunningCloud.run { cloud in
            _ = try await cloud.queue("jobs", ["a"])
            _ = try await cloud.s3(.get, "/missing/key")
            let (_, json) = try await cloud.lab(.get, "journal?since=0")
            let entries = try #require(json["entries"]?.arrayValue)
            #expect(entries.map { $0["operation"]?.stringValue } == ["SendMessage", "GetObject"])
            #expect(entries.map { $0["resource"]?.stringValue } == ["jobs", "missing/key"])
            #expect(entries.map { $0["status"]?.integerValue } == [200, 404])
            #expect(entries[1]["error"] == "NoSuchBucket")
            let (_, rest) = try await cloud.lab(.get, "journal?since=1")
            #expect(rest["entries"]?.arrayValue?.count == 1)
        }
    }

    @Test("A reset brings the beginning back: queues, objects, clock, faults and journal")
    func reset() async throws {
        try await RunningCloud.run { cloud in
            _ = try await cloud.queue("jobs", ["a"])
            _ = try await cloud.s3(.put, "/bucket")
            _ = try await cloud.lab(.post, "clock/advance", ["by": "1h"])
            _ = try await cloud.lab(.post, "faults", ["action": ["corrupt": true]])
            #expect(try await cloud.lab(.post, "reset").reply.status == 200)
            #expect(try await cloud.lab(.get, "queues").json["queues"] == [])
            #expect(try await cloud.lab(.get, "objects").json["buckets"] == [])
            #expect(try await cloud.lab(.get, "faults").json["faults"] == [])
            #expect(try await cloud.lab(.get, "journal?since=0").json["entries"] == [])
            #expect(try await cloud.lab(.get, "clock").json["mode"] == "real")
            _ = try await cloud.s3(.head, "/bucket")
            let first = try await cloud.lab(.get, "journal?since=0&limit=1").json["entries"]?[0]
            #expect(first?["operation"] == "HeadBucket")
        }
    }

    @Test("A snapshot brings messages and objects back, bytes included, as often as one likes")
    func snapshot() async throws {
        try await RunningCloud.run { cloud in
            let url = try await cloud.queue("jobs", ["a"])
            _ = try await cloud.s3(.put, "/bucket")
            _ = try await cloud.s3(.put, "/bucket/key", body: Array("first".utf8))
            #expect(try await cloud.lab(.post, "snapshots/one").reply.status == 201)
            for _ in 0..<2 {
                _ = try await cloud.sqs("SendMessage", ["QueueUrl": url, "MessageBody": "b"])
                _ = try await cloud.s3(.put, "/bucket/key", body: Array("second".utf8))
                _ = try await cloud.s3(.delete, "/bucket/key")
                #expect(try await cloud.lab(.post, "snapshots/one/restore").reply.status == 200)
                #expect(try await cloud.s3(.get, "/bucket/key").text == "first")
                let (_, json) = try await cloud.lab(.get, "queues/jobs/messages")
                #expect(json["messages"]?.arrayValue?.compactMap { $0["body"]?.stringValue } == ["a"])
            }
            #expect(try await cloud.lab(.post, "snapshots/two/restore").reply.status == 404)
        }
    }

    @Test("A server that keeps its state on disk says that it cannot bring states back")
    func durable() async throws {
        try await TemporaryDirectory.with { directory in
            try await RunningCloud.run(FakeCloudConfiguration(dataDirectory: directory)) { cloud in
                let reset = try await cloud.lab(.post, "reset").reply.status
                let snapshot = try await cloud.lab(.post, "snapshots/one").reply.status
                #expect([reset, snapshot] == [409, 409])
            }
        }
    }
}
