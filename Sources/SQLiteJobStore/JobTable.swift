import GRDB
import JobCore
import PureJSON

/// The table `jobs` together with `outputs`: one record each way.
enum JobTable {
    /// Loads one record with its outputs.
    static func record(_ id: JobID, _ db: Database) throws -> JobRecord? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM jobs WHERE job_id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.rawValue]) else { return nil }
        return try record(from: row, db)
    }

    /// Loads the records that match, newest first.
    static func records(_ filter: JobFilter, _ db: Database) throws -> [JobRecord] {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        if !filter.states.isEmpty {
            let states = filter.states.map(\.rawValue).sorted()
            conditions.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(states)
        }
        if let handler = filter.handler {
            conditions.append("handler = ?")
            arguments += [handler]
        }
        if let tenant = filter.tenant {
            conditions.append("tenant = ?")
            arguments += [tenant.rawValue]
        }
        let filtering = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        arguments += [max(0, filter.limit)]
        let rows = try Row.fetchAll(
            db, sql: "SELECT * FROM jobs \(filtering) ORDER BY created_at DESC, job_id DESC LIMIT ?",
            arguments: arguments)
        return try rows.map { try record(from: $0, db) }
    }

    /// Inserts a record.
    ///
    /// - Returns: whether it was inserted; `false` when another writer was faster.
    static func insert(_ record: JobRecord, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: insertion)
        try statement.execute(arguments: StatementArguments(values(of: record)))
        guard db.changesCount == 1 else { return false }
        try OutputTable.replace(record.outputs, of: record.id, db)
        return true
    }

    /// Replaces a record if it is still as it was when it was loaded.
    ///
    /// - Returns: whether it was replaced; `false` when another writer was faster.
    static func update(_ record: JobRecord, expecting loaded: JobRecord, _ db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: replacement)
        let condition: [(any DatabaseValueConvertible)?] = [
            loaded.id.rawValue, loaded.state.rawValue, loaded.epoch,
        ]
        try statement.execute(arguments: StatementArguments(values(of: record) + condition))
        guard db.changesCount == 1 else { return false }
        if record.outputs != loaded.outputs { try OutputTable.replace(record.outputs, of: record.id, db) }
        return true
    }

    private static let insertion: String = {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        return "INSERT INTO jobs (\(columns.joined(separator: ", "))) VALUES (\(marks)) ON CONFLICT (job_id) DO NOTHING"
    }()

    private static let replacement: String = {
        let assignments = columns.map { "\($0) = ?" }.joined(separator: ", ")
        return "UPDATE jobs SET \(assignments) WHERE job_id = ? AND state = ? AND epoch = ?"
    }()

    /// The columns in the order of ``values(of:)``.
    private static let columns = [
        "job_id", "handler", "handler_version", "tenant", "priority", "state", "epoch", "attempts",
        "unfinished_starts", "lease_owner", "lease_until", "not_before", "message_format", "message_id",
        "receive_count", "inputs", "params", "traceparent", "queued_at", "not_after", "created_at", "started_at",
        "finished_at", "settled_at", "output_key", "result", "rows_processed", "metrics", "error_class",
        "error_code", "error_message", "cancel_requested_by", "progress", "progress_note",
    ]

    private static func values(of record: JobRecord) -> [(any DatabaseValueConvertible)?] {
        let request = record.request
        return [
            record.id.rawValue, request.handler, record.handlerVersion, request.tenant?.rawValue,
            request.priority.rawValue, record.state.rawValue, record.epoch, record.attempts,
            record.unfinishedStarts, record.leaseOwner?.rawValue, record.leaseUntil?.stored,
            record.notBefore?.stored, request.format.rawValue, record.messageID, record.receiveCount,
            StoredInputs.text(request.inputs), request.params.serialized(), request.traceparent,
            request.submittedAt.stored, request.notAfter?.stored, record.createdAt.stored,
            record.startedAt?.stored, record.finishedAt?.stored, record.settledAt?.stored,
            record.outputs.first?.published.key, record.result?.serialized(), record.rowsProcessed,
            record.metrics?.serialized(), record.failure?.failureClass.rawValue, record.failure?.code,
            record.failure?.message, record.cancelRequestedBy, record.progress, record.progressNote,
        ]
    }

    private static func record(from row: Row, _ db: Database) throws -> JobRecord {
        let reader = StoredRow(row: row, table: "jobs", job: row["job_id"] ?? "?")
        let request = try request(from: reader)
        var record = JobRecord(
            request: request, messageID: try reader.optional("message_id"),
            receiveCount: try reader.required("receive_count"), createdAt: try reader.requiredTime("created_at"))
        record.state = try reader.known("state", JobState.init(rawValue:))
        record.epoch = try reader.required("epoch")
        record.attempts = try reader.required("attempts")
        record.unfinishedStarts = try reader.required("unfinished_starts")
        record.leaseOwner = try reader.knownIfAny("lease_owner", RunnerID.init)
        record.leaseUntil = try reader.time("lease_until")
        record.notBefore = try reader.time("not_before")
        record.startedAt = try reader.time("started_at")
        record.finishedAt = try reader.time("finished_at")
        record.settledAt = try reader.time("settled_at")
        record.handlerVersion = try reader.optional("handler_version")
        record.result = try reader.json("result")
        record.metrics = try reader.json("metrics")
        record.failure = try reader.failure()
        record.cancelRequestedBy = try reader.optional("cancel_requested_by")
        record.progress = try reader.optional("progress")
        record.progressNote = try reader.optional("progress_note")
        record.outputs = try OutputTable.outputs(of: request.id, db)
        return record
    }

    private static func request(from reader: StoredRow) throws -> JobRequest {
        guard let inputs = StoredInputs.inputs(from: try reader.requiredJSON("inputs")) else {
            throw reader.fault("inputs", "is not a map of names to {uri}")
        }
        return JobRequest(
            id: try reader.known("job_id", JobID.init), handler: try reader.required("handler"), inputs: inputs,
            params: try reader.requiredJSON("params"), tenant: try reader.knownIfAny("tenant", Tenant.init),
            priority: try reader.known("priority", Priority.init(rawValue:)),
            submittedAt: try reader.requiredTime("queued_at"), notAfter: try reader.time("not_after"),
            traceparent: try reader.optional("traceparent"),
            format: try reader.known("message_format", JobRequest.Format.init(rawValue:)))
    }
}
