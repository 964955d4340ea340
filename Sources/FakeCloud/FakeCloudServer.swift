internal import AWSWire
internal import HummingbirdCore
package import JobCore
package import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Synchronization

/// An S3 and SQS server for one machine, for tests and for the lab.
///
/// ``run()`` opens the data directory, listens, and serves until the service group shuts down or the task is
/// cancelled; then long polls are answered at once and requests under way are finished. ``endpoint()`` may be asked
/// from any task before, while and after the server starts.
package final class FakeCloudServer: Service {
    private let configuration: FakeCloudConfiguration
    private let clock: CloudClock
    private let logger: Logger
    private let readiness = Readiness()

    /// Makes a server; nothing is opened before ``run()``.
    ///
    /// `clock` is the machine's; the cloud's own time starts from it and goes on as the configuration says.
    package init(configuration: FakeCloudConfiguration, clock: any RunnerClock, logger: Logger) {
        self.configuration = configuration
        self.clock = CloudClock(base: clock, mode: configuration.clock)
        self.logger = logger
    }

    /// Serves until it is told to stop.
    ///
    /// - Throws: `FakeCloudError` when it cannot start.
    package func run() async throws {
        do {
            try await serve()
            readiness.fail(.notRunning)
        } catch let error as FakeCloudError {
            readiness.fail(error)
            throw error
        } catch {
            readiness.fail(.notRunning)
            throw error
        }
    }

    /// The address to give to clients, such as `http://127.0.0.1:4566`; waits until the server listens.
    package func endpoint() async throws(FakeCloudError) -> String { try await readiness.wait().endpoint }

    /// What the process that embeds the server does without HTTP; waits until the server listens.
    package func administration() async throws(FakeCloudError) -> FakeCloudAdministration {
        try await readiness.wait().administration
    }

    private func serve() async throws {
        let pool = NIOThreadPool.singleton
        let cloud = try await Self.onPool(pool) { [configuration, clock, logger] in
            try CloudState(configuration, clock: clock, pool: pool, logger: logger)
        }
        let laboratory = Laboratory(
            clock: clock, cloud: cloud, isVolatile: configuration.dataDirectory == nil)
        let responder = CloudResponder(cloud, laboratory, configuration, clock: clock, logger: logger)
        let server = LoopBoundChannel(
            HTTP1Channel(
                responder: { try await responder.respond(to: $0, $1, $2) },
                configuration: .init(additionalChannelHandlers: [ConnectionWatch()]))
        ).server(
            configuration: ServerConfiguration(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { [readiness, configuration, logger] channel in
                let port = channel.localAddress?.port ?? configuration.port
                let endpoint = "http://\(configuration.host):\(port)"
                ProcessMemory.releaseCode()
                logger.debug("fake cloud is listening", metadata: [LogKeys.endpoint: "\(endpoint)"])
                readiness.succeed(
                    Readiness.Value(
                        endpoint: endpoint,
                        administration: FakeCloudAdministration(
                            cloud: cloud, laboratory: laboratory, endpoint: endpoint)))
            }, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: Self.quiet(logger))
        try await serve(server, cloud, laboratory, pool)
    }

    private func serve(
        _ server: any Service, _ cloud: CloudState, _ laboratory: Laboratory, _ pool: NIOThreadPool
    ) async throws {
        let outcome = await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self, returning: Result<Void, any Error>.self) { group in
                group.addTask { await cloud.queues.run() }
                let outcome: Result<Void, any Error>
                do {
                    try await server.run()
                    outcome = .success(())
                } catch {
                    outcome = .failure(error)
                }
                group.cancelAll()
                return outcome
            }
        } onGracefulShutdown: {
            cloud.queues.close()
            laboratory.close()
        }
        laboratory.close()
        cloud.queues.close()
        try await cloud.close(on: pool)
        if case .failure(let error) = outcome { throw cannotListen(error) }
    }

    private func cannotListen(_ error: any Error) -> any Error {
        guard let error = error as? IOError else { return error }
        let (host, port) = (configuration.host, configuration.port)
        if error.errnoCode == EADDRINUSE { return FakeCloudError.portInUse(host: host, port: port) }
        return FakeCloudError.cannotListen(
            host: host, port: port, reason: DataDirectory.reason(error.errnoCode))
    }

    private static func onPool<Value: Sendable>(
        _ pool: NIOThreadPool, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await pool.runIfActive(body)
    }

    /// The HTTP server's own words are for whoever debugs it.
    private static func quiet(_ logger: Logger) -> Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        return quiet
    }
}
