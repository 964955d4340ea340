internal import AWSWire
internal import JobCore
internal import Logging
internal import NIOPosix

/// Everything that a running server holds open: directory, database, files and the two services.
struct CloudState: Sendable {
    let queues: QueueHost
    let objects: ObjectHost
    let requestIDs: IDSource
    private let directory: DataDirectory
    private let database: CloudDatabase?
    let log: ChangeLog
    /// Takes changes that are to be forgotten.
    let scratchLog: ChangeLog

    /// Opens everything and reads what is there; blocks.
    init(
        _ configuration: FakeCloudConfiguration, clock: any RunnerClock, pool: NIOThreadPool, logger: Logger
    ) throws(FakeCloudError) {
        if let path = configuration.dataDirectory {
            directory = try DataDirectory(path: path)
            database = try CloudDatabase(path: path + "/cloud.sqlite")
        } else {
            directory = try DataDirectory.temporary()
            database = nil
        }
        let blobs = BlobStore(directory: directory, isDurable: database != nil)
        log = ChangeLog(database: database, blobs: blobs, pool: pool, logger: logger)
        scratchLog = ChangeLog(database: nil, blobs: blobs, pool: pool, logger: logger)
        var ids = configuration.seed.map { IDSource(seed: $0) } ?? IDSource()
        let queueIDs = IDSource(seed: ids.next())
        let objectIDs = IDSource(seed: ids.next())
        requestIDs = IDSource(seed: ids.next())
        let queueService = QueueService(
            account: configuration.account, region: configuration.region,
            enforcesCooldowns: configuration.enforcesCooldowns, ids: queueIDs,
            image: try database?.loadQueues() ?? QueueImage(), at: clock.now())
        let objectService = ObjectService(
            region: configuration.region, image: try database?.loadObjects() ?? ObjectImage())
        try blobs.sweep(keeping: objectService.blobs)
        queues = QueueHost(service: queueService, clock: clock, log: log)
        objects = ObjectHost(
            service: objectService, ids: objectIDs, blobs: blobs, pool: pool, clock: clock, log: log)
    }

    /// Writes what is not written and closes the database; a temporary directory goes.
    func close(on pool: NIOThreadPool) async throws {
        try await log.flush()
        try await pool.runIfActive { [database, directory] in
            try database?.close()
            try directory.removeIfTemporary()
        }
    }
}
