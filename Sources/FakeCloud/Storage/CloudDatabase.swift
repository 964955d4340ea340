internal import GRDB
internal import JobCore

/// The SQLite database of a data directory.
///
/// All calls block; they belong on the thread pool.
////// WAL with synchronous=NORMAL: a transaction that was committed survives the end of the process in any way, as the
/// kernel has its bytes; only the loss of power may take back the last ones, in order and without damage to the file.
final class CloudDatabase: Sendable {
    private let queue: DatabaseQueue
    private let path: String

    /// Opens or makes the database and brings its tables up to date.
    init(path: String) throws(FakeCloudError) {
        self.path = path
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try Self.migrator.migrate(queue)
        } catch {
            throw .databaseUnusable(path: path, reason: "\(error)")
        }
    }

    /// Keeps changes in one transaction.
    func write(_ changes: [CloudChange]) throws(FakeCloudError) {
        do {
            try queue.write { database in
                for change in changes { try change.apply(to: database) }
            }
        } catch {
            throw .databaseUnusable(path: path, reason: "\(error)")
        }
    }

    /// Reads all queues and messages.
    func loadQueues() throws(FakeCloudError) -> QueueImage {
        do {
            return try queue.read { try QueueImage(reading: $0) }
        } catch {
            throw .databaseUnusable(path: path, reason: "\(error)")
        }
    }

    /// Reads all buckets, objects and uploads.
    func loadObjects() throws(FakeCloudError) -> ObjectImage {
        do {
            return try queue.read { try ObjectImage(reading: $0) }
        } catch {
            throw .databaseUnusable(path: path, reason: "\(error)")
        }
    }

    /// Closes the file.
    func close() throws(FakeCloudError) {
        do {
            try queue.close()
        } catch {
            throw .databaseUnusable(path: path, reason: "\(error)")
        }
    }

    /// Points in time are nanoseconds since 1970; AUTOINCREMENT never gives a number twice.
    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("queues and buckets") { database in
            try database.execute(
                sql: """
                    CREATE TABLE queues (
                        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, settings TEXT NOT NULL,
                        created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL
                    ) STRICT;
                    CREATE TABLE messages (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT, queue_id INTEGER NOT NULL, id TEXT NOT NULL,
                        body TEXT NOT NULL, body_md5 TEXT NOT NULL, attributes TEXT, system_attributes TEXT,
                        group_id TEXT, sender_id TEXT NOT NULL, sent_at INTEGER NOT NULL,
                        available_at INTEGER NOT NULL, receive_count INTEGER NOT NULL, first_received_at INTEGER,
                        last_received_at INTEGER, dead_letter_source TEXT
                    ) STRICT;
                    CREATE TABLE buckets (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL) STRICT;
                    CREATE TABLE objects (
                        bucket TEXT NOT NULL, key TEXT NOT NULL, modified_at INTEGER NOT NULL, record TEXT NOT NULL,
                        PRIMARY KEY (bucket, key)
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE uploads (
                        id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, started_at INTEGER NOT NULL,
                        record TEXT NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    CREATE TABLE parts (
                        upload_id TEXT NOT NULL, number INTEGER NOT NULL, modified_at INTEGER NOT NULL,
                        record TEXT NOT NULL, PRIMARY KEY (upload_id, number)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("settings of buckets") { database in
            try database.execute(sql: "ALTER TABLE buckets ADD COLUMN settings TEXT")
        }
        migrator.registerMigration("versions of objects") { database in
            try database.execute(
                sql: """
                    CREATE TABLE object_versions (
                        bucket TEXT NOT NULL, key TEXT NOT NULL, number INTEGER NOT NULL,
                        modified_at INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (bucket, key, number)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("FIFO queues") { database in
            try database.execute(
                sql: """
                    ALTER TABLE messages ADD COLUMN deduplication_id TEXT;
                    CREATE TABLE deduplications (
                        queue_id INTEGER NOT NULL, key TEXT NOT NULL, message_id TEXT NOT NULL,
                        sequence INTEGER NOT NULL, end_at INTEGER NOT NULL, PRIMARY KEY (queue_id, key)
                    ) STRICT, WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("tags and tasks that move messages") { database in
            try database.execute(
                sql: """
                    ALTER TABLE queues ADD COLUMN tags TEXT NOT NULL DEFAULT '{}';
                    CREATE TABLE move_tasks (
                        id TEXT PRIMARY KEY, source_id INTEGER NOT NULL, source_arn TEXT NOT NULL,
                        destination_arn TEXT, rate_per_second INTEGER, started_at INTEGER NOT NULL,
                        total_count INTEGER NOT NULL, moved_count INTEGER NOT NULL, status TEXT NOT NULL,
                        failure_reason TEXT
                    ) STRICT;
                    """)
        }
        return migrator
    }
}

extension Timestamp {
    /// The value of a column; the years 1678 to 2262 fit.
    var column: Int64 { Int64(clamping: nanoseconds) }

    /// Reads a column.
    init(column: Int64) { self.init(nanoseconds: Int128(column)) }
}
