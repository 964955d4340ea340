import AWSWire
import FakeCloud
import Foundation
import HTTPTypes
import JobCore
import PureJSON
import Testing

@Suite("What buckets are told to do", .timeLimit(.minutes(1)))
struct S3SettingsTests {
    private static let cors = S3CORSConfiguration(rules: [
        .init(
            allowedOrigins: ["http://*.example.com"], allowedMethods: ["PUT"], allowedHeaders: ["x-amz-*"],
            maxAgeSeconds: 60),
        .init(allowedOrigins: ["*"], allowedMethods: ["GET"]),
    ])

    @Test(
        "A browser is told what the first fitting rule says",
        arguments: [
            ("http://a.example.com", "PUT", "X-Amz-Date", 200), ("http://a.example.com", "PUT", "content-type", 403),
            ("http://a.example.org", "PUT", "", 403), ("http://a.example.org", "GET", "", 200),
            ("http://a.example.com", "DELETE", "", 403), ("http://a.example.com", "PATCH", "", 400),
        ])
    func preflight(origin: String, method: String, header: String, status: Int) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            #expect(try await cloud.s3(.put, "/data?cors", body: Self.cors.body).status == 200)
            let reply = try await cloud.s3(
                .options, "/data/k",
                [
                    "Origin": origin, "Access-Control-Request-Method": method,
                    "Access-Control-Request-Headers": header,
                ], credentials: nil)
            #expect(reply.status == status)
            #expect((reply.fields["access-control-allow-origin"] != nil) == (status == 200))
        }
    }

    @Test("An answer tells a page of another origin that it may be read")
    func simpleRequest() async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data?cors", body: Self.cors.body)
            let reply = try await cloud.s3(.get, "/data/k", ["Origin": "http://b.org"])
            #expect(reply.status == 404)
            #expect(reply.fields["access-control-allow-origin"] == "*")
        }
    }

    @Test(
        "Tags that S3 does not allow are refused",
        arguments: [
            ([S3Tag(key: "a", value: "1"), S3Tag(key: "a", value: "2")], "InvalidTag"),
            ([S3Tag(key: "aws:a", value: "1")], "InvalidTag"),
            ([S3Tag(key: String(repeating: "k", count: 129), value: "")], "InvalidTag"),
            ([S3Tag(key: "k", value: String(repeating: "v", count: 257))], "InvalidTag"),
            ([S3Tag(key: "k", value: "<")], "InvalidTag"),
            ((0..<11).map { S3Tag(key: String($0), value: "") }, "BadRequest"),
        ])
    func tagRules(tags: [S3Tag], code: String) async throws {
        try await RunningCloud.run { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data/k", ["x-amz-tagging": "kept=1"])
            let refusal = try await cloud.s3(.put, "/data/k?tagging", body: S3Tagging(tags: tags).body)
            #expect(refusal.text.contains("<Code>\(code)</Code>"))
            let kept = try await cloud.s3(.get, "/data/k?tagging")
            #expect(try S3Tagging(body: kept.body).tags == [S3Tag(key: "kept", value: "1")])
        }
    }

    @Test("A queue is told of the events that its configuration names, and of no others")
    func notifications() async throws {
        try await RunningCloud.run { cloud async throws in
            let administration = try await cloud.server.administration()
            _ = try await administration.createQueue("events")
            _ = try await cloud.s3(.put, "/data")
            let configuration = S3NotificationConfiguration(queues: [
                .init(
                    id: "one", arn: "arn:aws:sqs:us-east-1:000000000000:events", events: ["s3:ObjectRemoved:*"],
                    prefix: "in/")
            ])
            #expect(try await cloud.s3(.put, "/data?notification", body: configuration.body).status == 200)
            _ = try await cloud.s3(.put, "/data/in/a")
            _ = try await cloud.s3(.delete, "/data/in/a")
            _ = try await cloud.s3(.delete, "/data/out/a")
            let bodies = administration.peek(atQueue: "events")?.visible.map(\.body) ?? []
            let messages = try bodies.map { try JSONValue(parsing: $0) }
            #expect(messages.count == 2)
            #expect(messages.first?["Event"] == "s3:TestEvent")
            let record = messages.last?["Records"]?[0]
            #expect(record?["eventName"] == "ObjectRemoved:Delete")
            #expect(record?["s3"]?["object"]?["key"] == "in/a")
        }
    }

    @Test("Events are told apart and ordered by their sequencers though the clock stands still")
    func sequencers() async throws {
        try await RunningCloud.run { cloud async throws in
            let administration = try await cloud.server.administration()
            _ = try await administration.createQueue("events")
            _ = try await cloud.s3(.put, "/data")
            let configuration = S3NotificationConfiguration(queues: [
                .init(
                    id: "one", arn: "arn:aws:sqs:us-east-1:000000000000:events", events: ["s3:ObjectCreated:*"])
            ])
            _ = try await cloud.s3(
                .put, "/data?notification", ["x-amz-skip-destination-validation": "true"], body: configuration.body)
            for _ in 0..<3 { _ = try await cloud.s3(.put, "/data/k") }
            let bodies = administration.peek(atQueue: "events")?.visible.map(\.body) ?? []
            let sequencers = try bodies.map {
                try JSONValue(parsing: $0)["Records"]?[0]?["s3"]?["object"]?["sequencer"]?.stringValue ?? ""
            }
            #expect(sequencers.count == 3)
            #expect(Set(sequencers).count == 3)
            #expect(sequencers == sequencers.sorted())
            #expect(sequencers.allSatisfy { $0.utf8.count == 18 })
        }
    }

    @Test("Configurations that share an event and a key are refused")
    func overlap() async throws {
        try await RunningCloud.run { cloud async throws in
            let administration = try await cloud.server.administration()
            _ = try await administration.createQueue("events")
            _ = try await cloud.s3(.put, "/data")
            let arn = "arn:aws:sqs:us-east-1:000000000000:events"
            let queues = [("s3:ObjectCreated:*", "in/"), ("s3:ObjectCreated:Put", "in/a")].map {
                S3NotificationConfiguration.Queue(id: $0.1, arn: arn, events: [$0.0], prefix: $0.1)
            }
            let refusal = try await cloud.s3(
                .put, "/data?notification", body: S3NotificationConfiguration(queues: queues).body)
            #expect(refusal.text.contains("Configurations overlap"))
        }
    }

    @Test("Tags and settings are there again after the server was killed")
    func durability() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "headrace-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let configuration = FakeCloudConfiguration(dataDirectory: folder + "/data")
        try await RunningCloud.run(configuration) { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data/k", ["x-amz-tagging": "a=1"])
            _ = try await cloud.s3(.put, "/data?cors", body: Self.cors.body)
            _ = try await cloud.s3(.put, "/data?tagging", body: S3Tagging(tags: [S3Tag(key: "t", value: "2")]).body)
            try FileManager.default.copyItem(atPath: folder + "/data", toPath: folder + "/killed")
        }
        try await RunningCloud.run(FakeCloudConfiguration(dataDirectory: folder + "/killed")) { cloud async throws in
            #expect(try await cloud.s3(.get, "/data/k?tagging").text.contains("<Key>a</Key>"))
            #expect(try S3CORSConfiguration(body: try await cloud.s3(.get, "/data?cors").body) == Self.cors)
            #expect(try await cloud.s3(.get, "/data?tagging").text.contains("<Key>t</Key>"))
        }
    }
}
