import AWSWire
import FakeCloud
import HTTPTypes
import JobCore
import JobTestKit
import Logging
import NIOPosix
import PureJSON
import ServiceLifecycle

/// A server on a free port, with a client that signs.
struct RunningCloud: Sendable {
    let server: FakeCloudServer
    let endpoint: String
    let clock: ManualClock
    let group: ServiceGroup

    /// Runs a server as long as the body does, and shuts it down gracefully.
    static func run(
        _ configuration: FakeCloudConfiguration = FakeCloudConfiguration(), clock: ManualClock = ManualClock(),
        _ body: @escaping @Sendable (RunningCloud) async throws -> Void
    ) async throws {
        var logger = Logger(label: "fake-cloud-tests")
        logger.logLevel = .error
        let server = FakeCloudServer(configuration: configuration, clock: clock, logger: logger)
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: server)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let cloud = RunningCloud(
                server: server, endpoint: try await server.endpoint(), clock: clock, group: group)
            do {
                try await body(cloud)
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    func connect() throws -> RawClient { try RawClient(endpoint: endpoint) }

    var authority: String { String(endpoint.dropFirst("http://".count)) }

    /// The bytes of a signed request.
    func request(
        _ method: HTTPRequest.Method, _ path: String, _ fields: [String: String] = [:], body: [UInt8] = [],
        service: String = "s3", credentials: AWSCredentials? = FakeCloudConfiguration.localCredentials,
        authority: String? = nil, region: String = "us-east-1"
    ) -> [UInt8] {
        head(
            method, path, fields, bodyCount: body.count, payload: PayloadHash(of: body), service: service,
            credentials: credentials, authority: authority, region: region) + body
    }

    /// The bytes of a signed request's head.
    func head(
        _ method: HTTPRequest.Method, _ path: String, _ fields: [String: String] = [:], bodyCount: Int,
        payload: PayloadHash, service: String = "s3",
        credentials: AWSCredentials? = FakeCloudConfiguration.localCredentials, authority: String? = nil,
        region: String = "us-east-1"
    ) -> [UInt8] {
        var head = HTTPRequest(method: method, scheme: "http", authority: authority ?? self.authority, path: path)
        for (name, value) in fields {
            if let name = HTTPField.Name(name) { head.headerFields[name] = value }
        }
        head.headerFields[.contentLength] = String(bodyCount)
        if let credentials {
            head = SigV4Signer(credentials: credentials, region: region, service: service)
                .sign(head, payload: payload, at: clock.now())
        }
        var text = "\(head.method) \(head.path ?? "/") HTTP/1.1\r\nHost: \(head.authority ?? "")\r\n"
        for field in head.headerFields { text += "\(field.name): \(field.value)\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// One S3 request on a connection of its own.
    func s3(
        _ method: HTTPRequest.Method, _ path: String, _ fields: [String: String] = [:], body: [UInt8] = [],
        credentials: AWSCredentials? = FakeCloudConfiguration.localCredentials, authority: String? = nil,
        region: String = "us-east-1"
    ) async throws -> RawClient.Reply {
        let bytes = request(
            method, path, fields, body: body, credentials: credentials, authority: authority, region: region)
        return try await exchange(bytes, isHead: method == .head)
    }

    /// One SQS call on a connection of its own.
    func sqs(
        _ operation: String, _ document: JSONValue,
        credentials: AWSCredentials? = FakeCloudConfiguration.localCredentials
    ) async throws -> (reply: RawClient.Reply, json: JSONValue) {
        let reply = try await exchange(sqsRequest(operation, document, credentials: credentials))
        return (reply, try JSONValue(parsing: reply.body))
    }

    func sqsRequest(
        _ operation: String, _ document: JSONValue,
        credentials: AWSCredentials? = FakeCloudConfiguration.localCredentials
    ) -> [UInt8] {
        request(
            .post, "/", ["Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS." + operation],
            body: Array(document.serialized().utf8), service: "sqs", credentials: credentials)
    }

    func exchange(_ bytes: [UInt8], isHead: Bool = false) async throws -> RawClient.Reply {
        let endpoint = endpoint
        return try await RawClient.pool.runIfActive {
            let client = try RawClient(endpoint: endpoint)
            try client.write(bytes)
            return try client.read(isHead: isHead)
        }
    }
}
