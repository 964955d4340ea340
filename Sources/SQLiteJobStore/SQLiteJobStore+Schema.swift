import GRDB
package import JobCore

/// What `headrace db status` shows.
package struct DatabaseStatus: Sendable, Hashable {
    /// The file.
    package var path: String
    /// The size of the file.
    package var sizeBytes: Int64
    /// The size of the write-ahead log beside it.
    package var logSizeBytes: Int64
    /// Bytes in the file that hold nothing.
    package var freeBytes: Int64
    /// Names of the migrations that have been applied, oldest first.
    package var appliedMigrations: [String]
    /// Names of the migrations that this program would apply.
    package var pendingMigrations: [String]
    /// Names of the migrations that this program does not know: a newer one was here.
    package var unknownMigrations: [String]
    /// What SQLite's integrity and foreign-key checks complain about; empty when all is well.
    package var integrityFaults: [String]
    /// How many jobs are in each state that has any, by the state's name.
    package var jobsByState: [String: Int]
    /// The version of the SQLite library.
    package var sqliteVersion: String
}

extension SQLiteJobStore {
    /// Whether a database's tables fit this program.
    enum SchemaState: Equatable {
        case empty
        case current
        case older(pending: [String])
    }

    /// Brings a database to this program's tables; makes it when it does not exist.
    ///
    /// - Returns: the names of the migrations that were applied now.
    /// - Throws: as ``open(path:busyTimeout:)``, but for `schema`: only when a newer program was here.
    package static func migrate(
        path: String, busyTimeout: Duration = .seconds(5)
    ) throws(JobStoreError) -> [String] {
        try migrate(path: path, busyTimeout: busyTimeout, migrator: JobMigrations.migrator)
    }

    static func migrate(
        path: String, busyTimeout: Duration, migrator: DatabaseMigrator
    ) throws(JobStoreError) -> [String] {
        try DatabaseFile.prepare(path)
        _ = try schemaState(path, busyTimeout, migrator)
        return try applyMigrations(makePool(path, busyTimeout), migrator)
    }

    /// Looks at a database without changing it; reads the whole file for the integrity check.
    ///
    /// - Returns: what there is to know.
    /// - Throws: `unreachable` when there is no file, `corrupt` when it is not a database.
    package static func status(
        path: String, busyTimeout: Duration = .seconds(5)
    ) throws(JobStoreError) -> DatabaseStatus {
        try DatabaseFile.requireReadable(path)
        return try readOnly(path, busyTimeout) { try status(path: path, $0) }
    }

    /// Reads with a connection that cannot change the file, not even its journal mode.
    private static func readOnly<Value>(
        _ path: String, _ busyTimeout: Duration, _ body: (Database) throws -> Value
    ) throws(JobStoreError) -> Value {
        var configuration = makeConfiguration(busyTimeout)
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            return try queue.read(body)
        } catch {
            throw JobStoreError(error)
        }
    }

    private static func status(path: String, _ db: Database) throws -> DatabaseStatus {
        let migrator = JobMigrations.migrator
        let hasMigrations = try db.tableExists("grdb_migrations")
        let applied = hasMigrations ? try migrator.appliedIdentifiers(db) : []
        let pageSize = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        let freePages = try Int64.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0
        var counts: [String: Int] = [:]
        if try db.tableExists("jobs") {
            for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS jobs FROM jobs GROUP BY state") {
                counts[row["state"]] = row["jobs"]
            }
        }
        return DatabaseStatus(
            path: path, sizeBytes: DatabaseFile.sizeBytes(path), logSizeBytes: DatabaseFile.sizeBytes(path + "-wal"),
            freeBytes: pageSize * freePages,
            appliedMigrations: migrator.migrations.filter(applied.contains),
            pendingMigrations: migrator.migrations.filter { !applied.contains($0) },
            unknownMigrations: applied.subtracting(migrator.migrations).sorted(),
            integrityFaults: try integrityFaults(db), jobsByState: counts,
            sqliteVersion: try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? "")
    }

    private static func integrityFaults(_ db: Database) throws -> [String] {
        let report = try String.fetchAll(db, sql: "PRAGMA integrity_check(20)")
        let orphans = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").prefix(20)
        return report.filter { $0 != "ok" } + orphans.map { "row of \($0["table"] ?? "?") without its job" }
    }

    static func makePool(_ path: String, _ busyTimeout: Duration) throws(JobStoreError) -> DatabasePool {
        do {
            let pool = try DatabasePool(path: path, configuration: makeConfiguration(busyTimeout))
            // GRDB's own choice for pools is NORMAL, which a power cut may roll back.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            return pool
        } catch {
            throw JobStoreError(error)
        }
    }

    private static func makeConfiguration(_ busyTimeout: Duration) -> Configuration {
        var configuration = Configuration()
        configuration.label = "job-store"
        configuration.busyMode = .timeout(busyTimeout.fractionalSeconds)
        configuration.maximumReaderCount = 2
        return configuration
    }

    static func schemaState(
        _ path: String, _ busyTimeout: Duration, _ migrator: DatabaseMigrator
    ) throws(JobStoreError) -> SchemaState {
        try readOnly(path, busyTimeout) { db in
            let applied = try db.tableExists("grdb_migrations") ? migrator.appliedIdentifiers(db) : []
            let unknown = applied.subtracting(migrator.migrations).sorted()
            guard unknown.isEmpty else {
                let list = unknown.joined(separator: ", ")
                throw JobStoreError.schema(detail: "\(path) has \(list); run a newer headrace")
            }
            let pending = migrator.migrations.filter { !applied.contains($0) }
            if pending.isEmpty { return .current }
            if !applied.isEmpty { return .older(pending: pending) }
            let tables = try String.fetchAll(
                db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'grdb_%' LIMIT 3")
            guard tables.isEmpty else {
                let list = tables.joined(separator: ", ")
                throw JobStoreError.schema(
                    detail: "\(path) is another program's database (tables \(list)); choose another path")
            }
            return .empty
        }
    }

    /// Applies what is missing; another process that does the same at the same time is let through.
    static func applyMigrations(
        _ pool: DatabasePool, _ migrator: DatabaseMigrator
    ) throws(JobStoreError) -> [String] {
        var lastError = JobStoreError.busy(detail: "another process is migrating \(pool.path)")
        for _ in 1...decisionLimit {
            do {
                let before = try pool.read {
                    try $0.tableExists("grdb_migrations") ? migrator.appliedIdentifiers($0) : []
                }
                try migrator.migrate(pool)
                return migrator.migrations.filter { !before.contains($0) }
            } catch {
                lastError = JobStoreError(error)
                guard case .schema = lastError else { throw lastError }
            }
        }
        throw lastError
    }
}
