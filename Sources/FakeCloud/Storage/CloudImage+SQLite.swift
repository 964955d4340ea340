internal import GRDB
internal import JobCore
internal import PureJSON

/// Why a stored record cannot be read.
private struct UnreadableRecord: Error, CustomStringConvertible {
    let table: String
    let row: String

    var description: String { "the record \(row) of the table \(table) is unreadable" }
}

extension QueueImage {
    /// Reads the queues' tables.
    init(reading database: Database) throws {
        self.init()
        for row in try Row.fetchAll(database, sql: "SELECT * FROM queues ORDER BY id") {
            let name: String = row["name"]
            guard let attributes = RecordText.strings(try JSONValue(parsing: row["settings"] as String)) else {
                throw UnreadableRecord(table: "queues", row: name)
            }
            var settings = QueueSettings(isFIFO: attributes["FifoQueue"] == "true")
            try settings.apply(attributes) { _ in true }
            queues.append(
                QueueRecord(
                    id: UInt64(row["id"] as Int64), name: name, settings: settings,
                    createdAt: Timestamp(column: row["created_at"]), modifiedAt: Timestamp(column: row["modified_at"]),
                    tags: RecordText.strings(try JSONValue(parsing: row["tags"] as String)) ?? [:]))
        }
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM messages ORDER BY sequence")
        while let row = try rows.next() {
            messages[UInt64(row["queue_id"] as Int64), default: []].append(try StoredMessage(reading: row))
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM deduplications ORDER BY end_at, sequence") {
            deduplications.append(
                Deduplication(
                    queueID: UInt64(row["queue_id"] as Int64), key: row["key"], messageID: row["message_id"],
                    sequence: UInt64(row["sequence"] as Int64), end: Timestamp(column: row["end_at"])))
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM move_tasks ORDER BY started_at, rowid") {
            moveTasks.append(try MoveTask(reading: row))
        }
        lastSequence = try Self.lastNumber(of: "messages", database)
        lastQueueID = try Self.lastNumber(of: "queues", database)
    }

    private static func lastNumber(of table: String, _ database: Database) throws -> UInt64 {
        let number = try Int64.fetchOne(
            database, sql: "SELECT seq FROM sqlite_sequence WHERE name = ?", arguments: [table])
        return UInt64(number ?? 0)
    }
}

extension MoveTask {
    fileprivate init(reading row: Row) throws {
        let id: String = row["id"]
        guard let status = Status(rawValue: row["status"]) else {
            throw UnreadableRecord(table: "move_tasks", row: id)
        }
        self.init(
            id: id, sourceID: UInt64(row["source_id"] as Int64), sourceARN: row["source_arn"],
            destinationARN: row["destination_arn"], ratePerSecond: row["rate_per_second"],
            startedAt: Timestamp(column: row["started_at"]), totalCount: row["total_count"],
            movedCount: row["moved_count"], status: status, failureReason: row["failure_reason"])
    }
}

extension StoredMessage {
    fileprivate init(reading row: Row) throws {
        self.init(
            sequence: UInt64(row["sequence"] as Int64), id: row["id"], body: row["body"], bodyMD5: row["body_md5"],
            attributes: try RecordText.attributes(row["attributes"] as String?),
            systemAttributes: try RecordText.attributes(row["system_attributes"] as String?),
            groupID: row["group_id"], senderID: row["sender_id"], sentAt: Timestamp(column: row["sent_at"]),
            availableAt: Timestamp(column: row["available_at"]), receiveCount: row["receive_count"],
            firstReceivedAt: (row["first_received_at"] as Int64?).map(Timestamp.init(column:)),
            lastReceivedAt: (row["last_received_at"] as Int64?).map(Timestamp.init(column:)),
            deadLetterSourceARN: row["dead_letter_source"], deduplicationID: row["deduplication_id"])
    }
}

extension ObjectImage {
    /// Reads the buckets' tables.
    init(reading database: Database) throws {
        self.init()
        for row in try Row.fetchAll(database, sql: "SELECT * FROM buckets") {
            let name: String = row["name"]
            buckets[name] = Timestamp(column: row["created_at"])
            if let text = row["settings"] as String? { settings[name] = try RecordText.settings(text) }
        }
        let rows = try Row.fetchCursor(database, sql: "SELECT * FROM objects ORDER BY bucket, key")
        while let row = try rows.next() {
            let key: String = row["key"]
            let modifiedAt = Timestamp(column: row["modified_at"])
            guard let record = try RecordText.object(row["record"], modifiedAt: modifiedAt) else {
                throw UnreadableRecord(table: "objects", row: key)
            }
            objects.append((row["bucket"], ObjectKey(key), record))
        }
        let archived = try Row.fetchCursor(database, sql: "SELECT * FROM object_versions ORDER BY bucket, key, number")
        while let row = try archived.next() {
            let key: String = row["key"]
            let modifiedAt = Timestamp(column: row["modified_at"])
            guard let record = try RecordText.object(row["record"], modifiedAt: modifiedAt) else {
                throw UnreadableRecord(table: "object_versions", row: key)
            }
            versions.append((row["bucket"], ObjectKey(key), ArchivedVersion(number: row["number"], record: record)))
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM uploads") {
            uploads.append(
                try RecordText.upload(
                    row["record"], id: row["id"], bucket: row["bucket"], key: row["key"],
                    startedAt: Timestamp(column: row["started_at"])))
        }
        for row in try Row.fetchAll(database, sql: "SELECT * FROM parts ORDER BY upload_id, number") {
            let uploadID: String = row["upload_id"]
            let modifiedAt = Timestamp(column: row["modified_at"])
            guard let part = try RecordText.part(row["record"], number: row["number"], modifiedAt: modifiedAt) else {
                throw UnreadableRecord(table: "parts", row: uploadID)
            }
            parts[uploadID, default: []].append(part)
        }
    }
}
