import GRDB
package import JobCore

/// The job database in one SQLite file, shared safely by any number of processes of one machine.
///
/// Write-ahead log, `synchronous = FULL`: what ``change(_:_:)`` has returned survives a power cut, the end of a job
/// as much as its start. Changes that wait at the same time share a transaction and its sync (``GroupCommit``).
/// All database work happens on GRDB's own threads; callers are suspended, never blocked.
package final class SQLiteJobStore: JobStore {
    /// How often a decision is made anew when the compare-and-set misses.
    static let decisionLimit = 3

    /// The file.
    package let path: String
    let pool: DatabasePool
    private let commits: GroupCommit

    private init(path: String, pool: DatabasePool) {
        self.path = path
        self.pool = pool
        commits = GroupCommit(writer: pool)
    }

    /// Opens a database; an empty or missing file gets its tables, an older one is refused.
    ///
    /// Blocks for the time of a few reads, plus `busyTimeout` where another process holds the lock.
    ///
    /// - Parameters:
    ///   - path: the file; its folder must exist and be writable.
    ///   - busyTimeout: how long a call waits for another process's lock before it throws `busy`.
    /// - Returns: the open database.
    /// - Throws: `schema` when `headrace db migrate` or a newer program is needed, `corrupt` when the file is something
    ///   else, `storage` when it may not be written, `unreachable` when its folder is missing, `busy` when it is locked.
    package static func open(
        path: String, busyTimeout: Duration = .seconds(5)
    ) throws(JobStoreError) -> SQLiteJobStore {
        try open(path: path, busyTimeout: busyTimeout, migrator: JobMigrations.migrator)
    }

    static func open(
        path: String, busyTimeout: Duration, migrator: DatabaseMigrator
    ) throws(JobStoreError) -> SQLiteJobStore {
        try DatabaseFile.prepare(path)
        let state = try schemaState(path, busyTimeout, migrator)
        if case .older(let pending) = state {
            let list = pending.joined(separator: ", ")
            throw .schema(detail: "\(path) lacks \(list); run `headrace db migrate`")
        }
        let pool = try makePool(path, busyTimeout)
        if state == .empty { _ = try applyMigrations(pool, migrator) }
        return SQLiteJobStore(path: path, pool: pool)
    }

    /// Closes the file; calls that are under way end first, later ones fail.
    package func close() throws(JobStoreError) {
        do {
            try pool.close()
        } catch {
            throw JobStoreError(error)
        }
    }

    /// Decides about one job and writes what was decided; runs to its end even when the calling task is cancelled.
    package func change<Decision: Sendable>(
        _ id: JobID, _ decide: @escaping @Sendable (JobRecord?) -> JobChange<Decision>
    ) async throws(JobStoreError) -> Decision {
        try await commit { try Self.apply(decide, to: id, $0) }
    }

    /// Writes in a transaction that other changes may share; runs to its end whatever becomes of the calling task.
    func commit<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JobStoreError) -> Value {
        let result: Result<Value, JobStoreError> = await withCheckedContinuation { continuation in
            commits.submit(
                PendingChange { db in
                    let value = try body(db)
                    return { continuation.resume(returning: .success(value)) }
                } fail: { error in
                    continuation.resume(returning: .failure(error))
                })
        }
        return try result.get()
    }

    package func record(of id: JobID) async throws(JobStoreError) -> JobRecord? {
        try await read { try JobTable.record(id, $0) }
    }

    package func records(matching filter: JobFilter) async throws(JobStoreError) -> [JobRecord] {
        try await read { try JobTable.records(filter, $0) }
    }

    package func events(of id: JobID) async throws(JobStoreError) -> [JobEvent] {
        try await read { try EventTable.events(of: id, $0) }
    }

    package func attempts(of id: JobID) async throws(JobStoreError) -> [AttemptRecord] {
        try await read { try AttemptTable.attempts(of: id, $0) }
    }

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(JobStoreError) -> Value {
        do {
            return try await pool.read { try body($0) }
        } catch {
            throw JobStoreError(error)
        }
    }

    /// Loads, decides and saves; the transaction is the caller's.
    private static func apply<Decision>(
        _ decide: (JobRecord?) -> JobChange<Decision>, to id: JobID, _ db: Database
    ) throws -> Decision {
        for _ in 1...decisionLimit {
            let loaded = try JobTable.record(id, db)
            let change = decide(loaded)
            guard let record = change.record else { return change.decision }
            let isSaved =
                if let loaded {
                    try JobTable.update(record, expecting: loaded, db)
                } else {
                    try JobTable.insert(record, db)
                }
            guard isSaved else { continue }
            if let attempt = change.attempt { try AttemptTable.save(attempt, db) }
            for event in change.events { try EventTable.append(event, db) }
            if record.state.isTerminal { try CheckpointTable.removeAll(of: id, db) }
            return change.decision
        }
        throw JobStoreError.busy(detail: "job \(id) changed \(decisionLimit) times during one decision")
    }
}
