import GRDB

/// The tables of the job database and every step that led to them; steps are only ever added.
enum JobMigrations {
    /// Marks the file as a job database: "HRJB" in ASCII.
    static let applicationID: Int32 = 0x4852_4A42

    /// The first step that made the tables.
    static let initial = "0001-jobs"

    /// The migrator with all steps, by name.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration(initial) { db in
            try db.execute(sql: jobs)
            try db.execute(sql: attempts)
            try db.execute(sql: events)
            try db.execute(sql: outputs)
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
        migrator.registerMigration("0002-handler-state") { db in
            try db.execute(sql: checkpoints)
            try db.execute(sql: handlerValues)
            // JSON: signal, exit code, limit, last progress, peak memory and details of the attempt's end.
            try db.execute(sql: "ALTER TABLE attempts ADD COLUMN evidence TEXT")
        }
        return migrator
    }

    // Times are RFC 3339 text in UTC with nine decimals: exact, sortable as text, and readable in the sqlite3 shell.
    private static let jobs = """
        CREATE TABLE jobs (
            job_id              TEXT NOT NULL PRIMARY KEY,
            handler             TEXT NOT NULL,
            handler_version     TEXT,                       -- of the last run
            tenant              TEXT,
            priority            TEXT NOT NULL CHECK (priority IN ('low', 'normal', 'high')),
            state               TEXT NOT NULL CHECK (state IN ('QUEUED', 'RUNNING', 'RETRYING', 'COMPLETED',
                                                               'FAILED', 'QUARANTINED', 'CANCELLED')),
            epoch               INTEGER NOT NULL,           -- claims so far; the fencing token
            attempts            INTEGER NOT NULL,           -- that count against the handler's limit
            unfinished_starts   INTEGER NOT NULL,
            lease_owner         TEXT,
            lease_until         TEXT,
            not_before          TEXT,                       -- of the next attempt, while retrying
            message_format      TEXT NOT NULL,
            message_id          TEXT,                       -- SQS's, of the last delivery
            receive_count       INTEGER NOT NULL,
            inputs              TEXT NOT NULL,              -- JSON: name -> {uri, version_id?, etag?}
            params              TEXT NOT NULL,              -- JSON
            traceparent         TEXT,
            queued_at           TEXT NOT NULL,              -- the message's submitted_at
            not_after           TEXT,
            created_at          TEXT NOT NULL,              -- first seen by a runner
            started_at          TEXT,                       -- of the last attempt
            finished_at         TEXT,
            settled_at          TEXT,                       -- outputs published, or dead letter sent
            output_key          TEXT,                       -- S3 key of the main output, once completed
            result              TEXT,                       -- JSON
            rows_processed      INTEGER,
            metrics             TEXT,                       -- JSON
            error_class         TEXT,
            error_code          TEXT,
            error_message       TEXT,
            cancel_requested_by TEXT,
            progress            REAL,                       -- 0 to 1
            progress_note       TEXT
        ) STRICT;
        CREATE INDEX jobs_by_state ON jobs (state, created_at);
        CREATE INDEX jobs_by_creation ON jobs (created_at, job_id);
        """

    private static let attempts = """
        CREATE TABLE attempts (
            job_id          TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
            epoch           INTEGER NOT NULL,
            runner          TEXT NOT NULL,
            started_at      TEXT NOT NULL,
            finished_at     TEXT,
            outcome         TEXT,
            error_class     TEXT,
            error_code      TEXT,
            error_message   TEXT,
            handler_version TEXT,
            last_log_lines  TEXT NOT NULL,                  -- JSON array of texts, oldest first
            PRIMARY KEY (job_id, epoch)
        ) STRICT, WITHOUT ROWID;
        """

    private static let events = """
        CREATE TABLE job_events (
            event_id   INTEGER PRIMARY KEY,
            job_id     TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
            at         TEXT NOT NULL,
            actor      TEXT NOT NULL,
            kind       TEXT NOT NULL,
            from_state TEXT,
            to_state   TEXT NOT NULL,
            epoch      INTEGER NOT NULL,
            detail     TEXT
        ) STRICT;
        CREATE INDEX job_events_by_job ON job_events (job_id, event_id);
        """

    private static let outputs = """
        CREATE TABLE outputs (
            job_id           TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
            position         INTEGER NOT NULL,              -- 0 is the main output
            name             TEXT NOT NULL,
            staged_bucket    TEXT NOT NULL,
            staged_key       TEXT NOT NULL,
            published_bucket TEXT NOT NULL,
            published_key    TEXT NOT NULL,
            size_bytes       INTEGER NOT NULL,
            etag             TEXT NOT NULL,
            content_type     TEXT NOT NULL,
            PRIMARY KEY (job_id, position)
        ) STRICT, WITHOUT ROWID;
        """

    private static let checkpoints = """
        CREATE TABLE checkpoints (
            job_id        TEXT NOT NULL REFERENCES jobs (job_id) ON DELETE CASCADE,
            handler_major INTEGER NOT NULL,
            epoch         INTEGER NOT NULL,                 -- of the attempt that saved it
            bytes         BLOB NOT NULL,
            PRIMARY KEY (job_id, handler_major)
        ) STRICT;
        """

    private static let handlerValues = """
        CREATE TABLE handler_values (
            handler TEXT NOT NULL,
            key     TEXT NOT NULL,
            bytes   BLOB NOT NULL,
            PRIMARY KEY (handler, key)
        ) STRICT;
        """
}
