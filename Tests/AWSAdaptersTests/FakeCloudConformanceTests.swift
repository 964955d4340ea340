import AWSAdapters
import AWSWire
import FakeCloud
import Foundation
import HTTPTransport
import JobCore
import JobTestKit
import Logging
import Testing

/// A fake cloud on a free port, a transport and clients for both services, for the time of one test.
struct LocalCloud: Sendable {
    let endpoint: AWSEndpoint
    let transport: CurlTransport

    static func with(_ body: @Sendable @escaping (LocalCloud) async throws -> Void) async throws {
        var logger = Logger(label: "fake-cloud")
        logger.logLevel = .critical
        let server = FakeCloudServer(
            configuration: FakeCloudConfiguration(), clock: InstantClock(), logger: logger)
        let transport = CurlTransport()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let cloud = LocalCloud(endpoint: try AWSEndpoint(url: try await server.endpoint()), transport: transport)
            let result: Result<Void, any Error>
            do {
                result = .success(try await body(cloud))
            } catch {
                result = .failure(error)
            }
            group.cancelAll()
            try? await group.waitForAll()
            try result.get()
        }
        await transport.shutdown()
    }

    func client(_ service: String) -> AWSClient {
        AWSClient(
            service: service, region: "us-east-1", endpoint: endpoint,
            credentials: StaticCredentials(FakeCloudConfiguration.localCredentials), transport: transport,
            clock: InstantClock())
    }

    func queue() async throws -> SQSMessageQueue {
        let admin = SQSAdmin(client: client("sqs"))
        _ = try await admin.createQueue(named: "jobs", attributes: ["VisibilityTimeout": "300"])
        return try await admin.queue(named: "jobs")
    }

    func store(partSizeBytes: Int64 = S3ObjectStore.defaultPartSizeBytes) async throws -> S3ObjectStore {
        let store = S3ObjectStore(client: client("s3"), partSizeBytes: partSizeBytes)
        try await S3Admin(store: store).createBucket("data")
        return store
    }
}

@Suite("The adapters against the fake cloud")
struct FakeCloudConformanceTests {
    @Test("The queue keeps the port's rules", arguments: MessageQueueConformance.Rule.allCases)
    func queue(_ rule: MessageQueueConformance.Rule) async throws {
        try await LocalCloud.with { cloud in
            try await MessageQueueConformance(queue: try await cloud.queue()).run(rule)
        }
    }

    @Test("The store keeps the port's rules", arguments: ObjectStoreConformance.Rule.allCases)
    func store(_ rule: ObjectStoreConformance.Rule) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "headrace-s3-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await LocalCloud.with { cloud in
            let suite = ObjectStoreConformance(
                store: try await cloud.store(), bucket: "data", directory: folder.path())
            try await suite.run(rule)
        }
    }

    @Test("A queue's redrive policy is told with the dead-letter queue's name")
    func redrivePolicy() async throws {
        try await LocalCloud.with { cloud in
            let admin = SQSAdmin(client: cloud.client("sqs"))
            let deadLetters = try await admin.createQueue(named: "jobs-dlq")
            let arn = try #require(try await admin.attributes(ofQueueAt: deadLetters)["QueueArn"])
            let policy = #"{"deadLetterTargetArn":"\#(arn)","maxReceiveCount":"3"}"#
            _ = try await admin.createQueue(named: "jobs", attributes: ["RedrivePolicy": policy])
            let attributes = try await admin.queue(named: "jobs").attributes()
            #expect(attributes.maxReceiveCount == 3)
            #expect(attributes.deadLetterQueueName == "jobs-dlq")
            #expect(try await admin.queueURLs(prefix: "jobs").count == 2)
        }
    }

    @Test("A queue that is not there is notFound")
    func missingQueue() async throws {
        try await LocalCloud.with { cloud in
            let error = await #expect(throws: DependencyError.self) {
                try await SQSAdmin(client: cloud.client("sqs")).queue(named: "nobody")
            }
            #expect(error?.kind == .notFound)
        }
    }

    @Test("A wrong secret is denied, with what to check")
    func wrongSecret() async throws {
        try await LocalCloud.with { cloud in
            let client = AWSClient(
                service: "sqs", region: "us-east-1", endpoint: cloud.endpoint,
                credentials: StaticCredentials(AWSCredentials(accessKeyID: "headrace", secretAccessKey: "wrong")),
                transport: cloud.transport, clock: InstantClock())
            let error = await #expect(throws: DependencyError.self) {
                try await SQSAdmin(client: client).queueURL(named: "jobs")
            }
            #expect(error?.kind == .denied)
            #expect(error?.message.contains("credentials") == true)
        }
    }

    @Test("An upload in parts is one object with the ETag of its parts, and its progress reaches the end")
    func multipart() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "headrace-parts-\(UUID())").path()
        let bytes = (0..<(12 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 5) }
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await LocalCloud.with { cloud in
            let store = try await cloud.store(partSizeBytes: 5 << 20)
            let location = ObjectLocation(bucket: "data", key: "big/ä b.csv")
            let reached = Counter()
            let info = try await store.upload(path, to: location, contentType: "text/csv") { done, total in
                if done == total { reached.increment() }
            }
            let part = { (range: Range<Int>) in Digest.md5.hash(bytes[range]) }
            let parts = [part(0..<(5 << 20)), part((5 << 20)..<(10 << 20)), part((10 << 20)..<(12 << 20))]
            #expect(info.etag == ETag.multipart(partMD5s: parts))
            #expect(try await store.head(InputReference(location: location)).sizeBytes == 12 << 20)
            #expect(reached.value > 0)
        }
    }

    @Test("Buckets are found, listed and created again")
    func buckets() async throws {
        try await LocalCloud.with { cloud in
            let admin = S3Admin(store: try await cloud.store())
            try await admin.headBucket("data")
            try await admin.createBucket("data")
            #expect(try await admin.bucketNames() == ["data"])
            let error = await #expect(throws: DependencyError.self) { try await admin.headBucket("other") }
            #expect(error?.kind == .notFound)
        }
    }
}
