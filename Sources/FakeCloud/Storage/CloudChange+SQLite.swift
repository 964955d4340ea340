internal import GRDB
internal import JobCore
internal import PureJSON

extension CloudChange {
    /// Makes the change in the database.
    func apply(to database: Database) throws {
        switch self {
        case .queue(let change): try change.apply(to: database)
        case .object(let change): try change.apply(to: database)
        }
    }
}

extension QueueChange {
    fileprivate func apply(to database: Database) throws {
        switch self {
        case .queueSaved(let record):
            try database.run(
                """
                INSERT INTO queues VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, modified_at = excluded.modified_at,
                tags = excluded.tags
                """,
                [
                    Int64(record.id), record.name,
                    RecordText.strings(record.settings.attributes).serialized(), record.createdAt.column,
                    record.modifiedAt.column, RecordText.strings(record.tags).serialized(),
                ])
        case .queueDeleted(let id):
            try Self.empty(queueID: id, in: database)
            try database.run("DELETE FROM move_tasks WHERE source_id = ?", [Int64(id)])
            try database.run("DELETE FROM queues WHERE id = ?", [Int64(id)])
        case .queuePurged(let id): try Self.empty(queueID: id, in: database)
        case .messageAdded(let queueID, let message): try Self.insert(message, queueID: queueID, into: database)
        case .messageRescheduled(let message):
            try database.run(
                """
                UPDATE messages SET available_at = ?, receive_count = ?, first_received_at = ?, last_received_at = ?
                WHERE sequence = ?
                """,
                [
                    message.availableAt.column, message.receiveCount, message.firstReceivedAt?.column,
                    message.lastReceivedAt?.column, Int64(message.sequence),
                ])
        case .messageMoved(let queueID, let message):
            try database.run(
                "UPDATE messages SET queue_id = ?, available_at = ?, dead_letter_source = ? WHERE sequence = ?",
                [Int64(queueID), message.availableAt.column, message.deadLetterSourceARN, Int64(message.sequence)])
        case .messageDeleted(let sequence):
            try database.run("DELETE FROM messages WHERE sequence = ?", [Int64(sequence)])
        case .deduplicationAdded(let record):
            try database.run(
                "INSERT OR REPLACE INTO deduplications VALUES (?, ?, ?, ?, ?)",
                [
                    Int64(record.queueID), record.key, record.messageID, Int64(record.sequence), record.end.column,
                ])
        case .deduplicationsExpired(let id, let now):
            try database.run(
                "DELETE FROM deduplications WHERE queue_id = ? AND end_at <= ?", [Int64(id), now.column])
        case .moveTaskSaved(let task):
            try database.run(
                "INSERT OR REPLACE INTO move_tasks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    task.id, Int64(task.sourceID), task.sourceARN, task.destinationARN, task.ratePerSecond,
                    task.startedAt.column, task.totalCount, task.movedCount, task.status.rawValue,
                    task.failureReason,
                ])
        case .moveTaskForgotten(let id): try database.run("DELETE FROM move_tasks WHERE id = ?", [id])
        }
    }

    private static func empty(queueID: UInt64, in database: Database) throws {
        try database.run("DELETE FROM messages WHERE queue_id = ?", [Int64(queueID)])
        try database.run("DELETE FROM deduplications WHERE queue_id = ?", [Int64(queueID)])
    }

    private static func insert(_ message: StoredMessage, queueID: UInt64, into database: Database) throws {
        try database.run(
            "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                Int64(message.sequence), Int64(queueID), message.id, message.body, message.bodyMD5,
                RecordText.attributes(message.attributes), RecordText.attributes(message.systemAttributes),
                message.groupID, message.senderID, message.sentAt.column, message.availableAt.column,
                message.receiveCount, message.firstReceivedAt?.column, message.lastReceivedAt?.column,
                message.deadLetterSourceARN, message.deduplicationID,
            ])
    }
}

extension ObjectChange {
    fileprivate func apply(to database: Database) throws {
        switch self {
        case .bucketCreated(let name, let at):
            try database.run("INSERT INTO buckets (name, created_at) VALUES (?, ?)", [name, at.column])
        case .bucketConfigured(let name, let settings):
            try database.run(
                "UPDATE buckets SET settings = ? WHERE name = ?", [RecordText.settings(settings), name])
        case .bucketDeleted(let name): try database.run("DELETE FROM buckets WHERE name = ?", [name])
        case .objectSaved(let bucket, let key, let record):
            try database.run(
                """
                INSERT INTO objects VALUES (?, ?, ?, ?)
                ON CONFLICT (bucket, key) DO UPDATE SET modified_at = excluded.modified_at, record = excluded.record
                """, [bucket, key.text, record.modifiedAt.column, RecordText.object(record)])
        case .objectDeleted(let bucket, let key):
            try database.run("DELETE FROM objects WHERE bucket = ? AND key = ?", [bucket, key.text])
        case .versionArchived(let bucket, let key, let version):
            try database.run(
                """
                INSERT INTO object_versions VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (bucket, key, number) DO UPDATE SET record = excluded.record
                """,
                [
                    bucket, key.text, version.number, version.record.modifiedAt.column,
                    RecordText.object(version.record),
                ])
        case .versionRemoved(let bucket, let key, let number):
            try database.run(
                "DELETE FROM object_versions WHERE bucket = ? AND key = ? AND number = ?", [bucket, key.text, number])
        case .uploadCreated(let record):
            try database.run(
                "INSERT INTO uploads VALUES (?, ?, ?, ?, ?)",
                [record.id, record.bucket, record.key.text, record.startedAt.column, RecordText.upload(record)])
        case .uploadEnded(let id):
            try database.run("DELETE FROM parts WHERE upload_id = ?", [id])
            try database.run("DELETE FROM uploads WHERE id = ?", [id])
        case .partSaved(let uploadID, let part):
            try database.run(
                """
                INSERT INTO parts VALUES (?, ?, ?, ?)
                ON CONFLICT (upload_id, number) DO UPDATE SET modified_at = excluded.modified_at,
                record = excluded.record
                """, [uploadID, part.number, part.modifiedAt.column, RecordText.part(part)])
        case .blobReleased: break
        }
    }
}

extension Database {
    fileprivate func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
