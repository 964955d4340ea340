import GRDB
import JobCore
import PureJSON

/// The table `attempts`.
enum AttemptTable {
    /// A job's attempts, oldest first.
    static func attempts(of id: JobID, _ db: Database) throws -> [AttemptRecord] {
        let statement = try db.cachedStatement(sql: "SELECT * FROM attempts WHERE job_id = ? ORDER BY epoch")
        return try Row.fetchAll(statement, arguments: [id.rawValue]).map { row in
            let reader = StoredRow(row: row, table: "attempts", job: id.rawValue)
            var attempt = AttemptRecord(
                jobID: id, epoch: try reader.required("epoch"), runner: try reader.known("runner", RunnerID.init),
                startedAt: try reader.requiredTime("started_at"))
            attempt.finishedAt = try reader.time("finished_at")
            attempt.outcome = try reader.optional("outcome")
            attempt.failure = try reader.failure()
            attempt.handlerVersion = try reader.optional("handler_version")
            let lines = try reader.requiredJSON("last_log_lines")
            attempt.lastLogLines = lines.arrayValue?.compactMap(\.stringValue) ?? []
            attempt.evidence = try reader.json("evidence").map(AttemptEvidence.init(json:))
            return attempt
        }
    }

    /// Inserts an attempt, or replaces the one of the same job and epoch.
    static func save(_ attempt: AttemptRecord, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO attempts (job_id, epoch, runner, started_at, finished_at, outcome,
                    error_class, error_code, error_message, handler_version, last_log_lines,
                    evidence)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let lines = JSONValue.array(attempt.lastLogLines.map { .string($0) })
        try statement.execute(arguments: [
            attempt.jobID.rawValue, attempt.epoch, attempt.runner.rawValue, attempt.startedAt.stored,
            attempt.finishedAt?.stored, attempt.outcome, attempt.failure?.failureClass.rawValue,
            attempt.failure?.code, attempt.failure?.message, attempt.handlerVersion, lines.serialized(),
            attempt.evidence?.json.serialized(),
        ])
    }
}

/// The table `job_events`.
enum EventTable {
    /// A job's audit trail, oldest first.
    static func events(of id: JobID, _ db: Database) throws -> [JobEvent] {
        let statement = try db.cachedStatement(sql: "SELECT * FROM job_events WHERE job_id = ? ORDER BY event_id")
        return try Row.fetchAll(statement, arguments: [id.rawValue]).map { row in
            let reader = StoredRow(row: row, table: "job_events", job: id.rawValue)
            return JobEvent(
                jobID: id, at: try reader.requiredTime("at"), actor: try reader.required("actor"),
                kind: try reader.required("kind"),
                from: try reader.knownIfAny("from_state", JobState.init(rawValue:)),
                to: try reader.known("to_state", JobState.init(rawValue:)), epoch: try reader.required("epoch"),
                detail: try reader.optional("detail"))
        }
    }

    /// Adds a line to a job's audit trail.
    static func append(_ event: JobEvent, _ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO job_events (job_id, at, actor, kind, from_state, to_state, epoch, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            event.jobID.rawValue, event.at.stored, event.actor, event.kind, event.from?.rawValue,
            event.to.rawValue, event.epoch, event.detail,
        ])
    }
}
