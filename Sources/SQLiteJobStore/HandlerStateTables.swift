import FoundationEssentials
import GRDB
import JobCore

/// The table `checkpoints`.
enum CheckpointTable {
    static func bytes(_ key: CheckpointKey, _ db: Database) throws -> [UInt8]? {
        let statement = try db.cachedStatement(
            sql: "SELECT bytes FROM checkpoints WHERE job_id = ? AND handler_major = ?")
        let found = try Row.fetchOne(statement, arguments: [key.jobID.rawValue, key.handlerMajor])
        return try found.map { row in
            try StoredRow(row: row, table: "checkpoints", job: key.jobID.rawValue).blob("bytes")
        }
    }

    /// Replaces a checkpoint; `false` when the job is not running under that epoch.
    static func save(_ bytes: [UInt8], _ key: CheckpointKey, epoch: Epoch, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO checkpoints (job_id, handler_major, epoch, bytes)
                SELECT job_id, ?, epoch, ? FROM jobs WHERE job_id = ? AND epoch = ? AND state = 'RUNNING'
                """)
        try statement.execute(arguments: [key.handlerMajor, Data(bytes), key.jobID.rawValue, epoch])
        return db.changesCount == 1
    }

    static func removeAll(of id: JobID, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "DELETE FROM checkpoints WHERE job_id = ?")
        try statement.execute(arguments: [id.rawValue])
    }
}

/// The table `handler_values`.
enum HandlerValueTable {
    static func bytes(of key: String, handler: String, _ db: Database) throws -> [UInt8]? {
        let statement = try db.cachedStatement(
            sql: "SELECT bytes FROM handler_values WHERE handler = ? AND key = ?")
        let found = try Row.fetchOne(statement, arguments: [handler, key])
        return try found.map { try StoredRow(row: $0, table: "handler_values", job: handler).blob("bytes") }
    }

    static func remove(_ key: String, handler: String, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: "DELETE FROM handler_values WHERE handler = ? AND key = ?")
        try statement.execute(arguments: [handler, key])
    }

    /// Sets a value; `false` when the quota forbids it.
    static func set(
        _ bytes: [UInt8], of key: String, handler: String, quota: HandlerStateQuota, _ db: Database
    ) throws -> Bool {
        let counting = try db.cachedStatement(
            sql: """
                SELECT count(*) AS keys, coalesce(sum(length(CAST(key AS BLOB)) + length(bytes)), 0) AS bytes
                FROM handler_values WHERE handler = ? AND key <> ?
                """)
        guard let row = try Row.fetchOne(counting, arguments: [handler, key]) else { return false }
        let reader = StoredRow(row: row, table: "handler_values", job: handler)
        let isAllowed = quota.allows(
            addedBytes: Int64(key.utf8.count + bytes.count), otherBytes: try reader.required("bytes"),
            otherKeys: try reader.required("keys"))
        guard isAllowed else { return false }
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO handler_values (handler, key, bytes) VALUES (?, ?, ?)")
        try statement.execute(arguments: [handler, key, Data(bytes)])
        return true
    }
}
