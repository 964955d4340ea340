import AWSWire
import FakeCloud
import Foundation
import HTTPTypes
import JobCore
import JobTestKit
import Logging
import PureJSON
import Testing

@Suite("What a killed server leaves behind", .timeLimit(.minutes(1)))
struct DurabilityTests {
    /// A directory for one test; what is in it goes with the value.
    private final class Folder: Sendable {
        let path = FileManager.default.temporaryDirectory.appending(path: "headrace-\(UUID())").path

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        /// The files as a kill at this moment would leave them.
        func killed() throws -> String {
            let image = path + "/killed-\(UUID())"
            try FileManager.default.copyItem(atPath: path + "/data", toPath: image)
            return image
        }
    }

    private static func configuration(_ path: String) -> FakeCloudConfiguration {
        FakeCloudConfiguration(dataDirectory: path)
    }

    @Test("Messages are there again with their deadlines and counts")
    func messages() async throws {
        let folder = try Folder()
        let clock = ManualClock()
        try await RunningCloud.run(Self.configuration(folder.path + "/data"), clock: clock) { cloud async throws in
            let administration = try await cloud.server.administration()
            let url = JSONValue.string(
                try await administration.createQueue("jobs", attributes: ["VisibilityTimeout": "30"]))
            for body in ["taken", "left"] {
                _ = try await cloud.sqs(
                    "SendMessage",
                    [
                        "QueueUrl": url, "MessageBody": .string(body),
                        "MessageAttributes": ["n": ["DataType": "Number", "StringValue": "7"]],
                    ])
            }
            _ = try await cloud.sqs("SendMessage", ["QueueUrl": url, "MessageBody": "late", "DelaySeconds": 60])
            _ = try await cloud.sqs("ReceiveMessage", ["QueueUrl": url])
            let before = try #require(administration.peek(atQueue: "jobs"))
            let image = try folder.killed()
            try await RunningCloud.run(Self.configuration(image), clock: clock) { second async throws in
                let after = try await second.server.administration().peek(atQueue: "jobs")
                #expect(after == before)
                clock.advance(by: .seconds(30))
                let visible = try await second.server.administration().peek(atQueue: "jobs")?.visible
                #expect(visible?.map(\.body) == ["left", "taken"])
                #expect(visible?.map(\.receiveCount) == [0, 1])
            }
        }
    }

    @Test("A FIFO queue keeps its order, its locks and the ids that it has seen")
    func fifo() async throws {
        let folder = try Folder()
        try await RunningCloud.run(Self.configuration(folder.path + "/data")) { cloud async throws in
            let url = JSONValue.string(
                try await cloud.server.administration().createQueue("q.fifo", attributes: ["FifoQueue": "true"]))
            @Sendable func message(_ body: JSONValue) -> JSONValue {
                ["QueueUrl": url, "MessageBody": body, "MessageGroupId": "g", "MessageDeduplicationId": body]
            }
            for body: JSONValue in ["1", "2", "3"] { _ = try await cloud.sqs("SendMessage", message(body)) }
            let got = try await cloud.sqs("ReceiveMessage", ["QueueUrl": url])
            let handle = try #require(got.json["Messages"]?[0]?["ReceiptHandle"])
            let image = try folder.killed()
            try await RunningCloud.run(Self.configuration(image)) { second async throws in
                let again = try await second.sqs("SendMessage", message("1"))
                #expect(again.json["MessageId"] == got.json["Messages"]?[0]?["MessageId"])
                #expect(try await second.sqs("ReceiveMessage", ["QueueUrl": url]).json == [:])
                _ = try await second.sqs("DeleteMessage", ["QueueUrl": url, "ReceiptHandle": handle])
                let rest = try await second.sqs("ReceiveMessage", ["QueueUrl": url, "MaxNumberOfMessages": 10])
                #expect(rest.json["Messages"]?.arrayValue?.map { $0["Body"] } == ["2", "3"])
            }
        }
    }

    @Test("Tags and tasks that move messages are there again, and go on")
    func tagsAndTasks() async throws {
        let folder = try Folder()
        let clock = ManualClock()
        try await RunningCloud.run(Self.configuration(folder.path + "/data"), clock: clock) { cloud async throws in
            let administration = try await cloud.server.administration()
            let dead = JSONValue.string(try await administration.createQueue("dead"))
            let arn = "arn:aws:sqs:us-east-1:000000000000:dead"
            let policy = #"{"deadLetterTargetArn":"\#(arn)","maxReceiveCount":1}"#
            _ = try await administration.createQueue("jobs", attributes: ["RedrivePolicy": policy])
            _ = try await cloud.sqs("TagQueue", ["QueueUrl": dead, "Tags": ["team": "mill"]])
            for body: JSONValue in ["1", "2"] {
                _ = try await cloud.sqs("SendMessage", ["QueueUrl": dead, "MessageBody": body])
            }
            let move: JSONValue = [
                "SourceArn": .string(arn), "DestinationArn": "arn:aws:sqs:us-east-1:000000000000:jobs",
                "MaxNumberOfMessagesPerSecond": 1,
            ]
            #expect(try await cloud.sqs("StartMessageMoveTask", move).reply.status == 200)
            let image = try folder.killed()
            try await RunningCloud.run(Self.configuration(image), clock: clock) { second async throws in
                let tags = try await second.sqs("ListQueueTags", ["QueueUrl": dead])
                #expect(tags.json["Tags"] == ["team": "mill"])
                clock.advance(by: .seconds(2))
                let tasks = try await second.sqs("ListMessageMoveTasks", ["SourceArn": .string(arn)])
                #expect(tasks.json["Results"]?[0]?["Status"] == "COMPLETED")
                #expect(try await second.server.administration().peek(atQueue: "jobs")?.visible.count == 2)
            }
        }
    }

    @Test("A receipt from before still deletes, and what was deleted stays away")
    func receipts() async throws {
        let folder = try Folder()
        try await RunningCloud.run(Self.configuration(folder.path + "/data")) { cloud async throws in
            let administration = try await cloud.server.administration()
            let url = JSONValue.string(try await administration.createQueue("jobs"))
            for body in ["a", "b"] {
                _ = try await cloud.sqs("SendMessage", ["QueueUrl": url, "MessageBody": .string(body)])
            }
            let got = try await cloud.sqs("ReceiveMessage", ["QueueUrl": url, "MaxNumberOfMessages": 2])
            let handles = try #require(got.json["Messages"]?.arrayValue?.compactMap { $0["ReceiptHandle"] })
            _ = try await cloud.sqs("DeleteMessage", ["QueueUrl": url, "ReceiptHandle": handles[0]])
            let image = try folder.killed()
            try await RunningCloud.run(Self.configuration(image)) { second async throws in
                let peek = try await second.server.administration().peek(atQueue: "jobs")
                #expect(peek?.inFlight.map(\.body) == ["b"])
                _ = try await second.sqs("DeleteMessage", ["QueueUrl": url, "ReceiptHandle": handles[1]])
                let after = try await second.server.administration().peek(atQueue: "jobs")
                #expect(after?.inFlight.isEmpty == true)
            }
        }
    }

    @Test("Objects, copies and uploads under way are there again")
    func objects() async throws {
        let folder = try Folder()
        try await RunningCloud.run(Self.configuration(folder.path + "/data")) { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data/a", ["Content-Type": "text/csv"], body: Array("one".utf8))
            _ = try await cloud.s3(.put, "/data/copy", ["x-amz-copy-source": "/data/a"])
            _ = try await cloud.s3(.put, "/data/a", body: Array("two".utf8))
            let begun = try await cloud.s3(.post, "/data/parts?uploads=")
            let upload = try S3MultipartUpload(body: begun.body).uploadID
            let part = try await cloud.s3(.put, "/data/parts?partNumber=1&uploadId=\(upload)", body: [7])
            let image = try folder.killed()
            try await RunningCloud.run(Self.configuration(image)) { second async throws in
                #expect(try await second.s3(.get, "/data/a").text == "two")
                let copy = try await second.s3(.get, "/data/copy")
                #expect(copy.text == "one")
                #expect(copy.fields["content-type"] == "text/csv")
                let manifest = S3MultipartManifest(parts: [.init(number: 1, etag: part.fields["etag"] ?? "")])
                let done = try await second.s3(.post, "/data/parts?uploadId=\(upload)", body: manifest.body)
                #expect(done.status == 200)
                #expect(try await second.s3(.get, "/data/parts").body == [7])
            }
        }
    }

    @Test("Files of deleted and unfinished objects are swept away")
    func sweep() async throws {
        let folder = try Folder()
        let data = folder.path + "/data"
        try await RunningCloud.run(Self.configuration(data)) { cloud async throws in
            _ = try await cloud.s3(.put, "/data")
            _ = try await cloud.s3(.put, "/data/kept", body: [1])
            _ = try await cloud.s3(.put, "/data/gone", body: [2])
            _ = try await cloud.s3(.delete, "/data/gone")
        }
        try Data([3]).write(to: URL(filePath: data + "/incoming/half"))
        try FileManager.default.createDirectory(atPath: data + "/blobs/00", withIntermediateDirectories: true)
        try Data([4]).write(to: URL(filePath: data + "/blobs/00/00orphan"))
        try await RunningCloud.run(Self.configuration(data)) { cloud async throws in
            #expect(try await cloud.s3(.get, "/data/kept").body == [1])
            let files = try #require(FileManager.default.enumerator(atPath: data))
                .compactMap { $0 as? String }.filter { $0.hasPrefix("blobs/") || $0.hasPrefix("incoming/") }
                .filter { $0.split(separator: "/").last.map { $0.count > 2 } == true && $0 != "blobs" }
            #expect(files.filter { $0.contains("orphan") || $0.contains("half") } == [])
            #expect(files.filter { $0.hasPrefix("blobs/") }.count == 1)
        }
    }

    @Test("A data directory belongs to one server at a time")
    func lock() async throws {
        let folder = try Folder()
        let data = folder.path + "/data"
        try await RunningCloud.run(Self.configuration(data)) { _ in
            let second = FakeCloudServer(
                configuration: Self.configuration(data), clock: ManualClock(), logger: Logger(label: "x"))
            await #expect(throws: FakeCloudError.dataDirectoryInUse(path: data)) { try await second.run() }
        }
        try await RunningCloud.run(Self.configuration(data)) { _ in }
    }

    @Test("A data directory that cannot be made is a clear error")
    func unusable() async throws {
        let server = FakeCloudServer(
            configuration: Self.configuration("/proc/nothing/here"), clock: ManualClock(), logger: Logger(label: "x"))
        let error = await #expect(throws: FakeCloudError.self) { try await server.run() }
        guard case .dataDirectoryUnusable("/proc/nothing/here", _)? = error else {
            Issue.record("expected dataDirectoryUnusable, found \(String(describing: error))")
            return
        }
    }
}
