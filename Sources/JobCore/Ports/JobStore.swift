/// Why the database could not do what was asked.
package enum JobStoreError: Error, Sendable, Hashable {
    /// Another connection held the database for longer than the adapter waits.
    case busy(detail: String)
    /// The database cannot be reached or opened.
    case unreachable(detail: String)
    /// The disk is full or may not be written.
    case storage(detail: String)
    /// The tables are older or newer than this program; `headrace db migrate` or a newer program mends it.
    case schema(detail: String)
    /// What is stored is not what this program writes.
    case corrupt(detail: String)
    /// The caller gave up.
    case cancelled
}

extension JobStoreError: CustomStringConvertible {
    /// What happened, with what to do next.
    package var description: String {
        switch self {
        case .busy(let detail): "the job database is locked by another process (\(detail)); it is retried"
        case .unreachable(let detail): "the job database cannot be opened: \(detail)"
        case .storage(let detail): "the job database cannot be written: \(detail); free disk space or mend permissions"
        case .schema(let detail): "the job database's tables do not fit this program: \(detail)"
        case .corrupt(let detail): "the job database holds something unreadable: \(detail)"
        case .cancelled: "the database call was cancelled"
        }
    }
}

/// What one decision about a job writes, in one transaction.
package struct JobChange<Decision: Sendable>: Sendable {
    /// The record as it shall be; `nil` writes nothing at all.
    package var record: JobRecord?
    /// Lines to add to the audit trail.
    package var events: [JobEvent]
    /// The attempt to insert or to replace, by job and epoch.
    package var attempt: AttemptRecord?
    /// What the caller is told once the transaction has been committed.
    package var decision: Decision

    /// Makes a change.
    package init(
        _ decision: Decision, record: JobRecord? = nil, events: [JobEvent] = [], attempt: AttemptRecord? = nil
    ) {
        self.decision = decision
        self.record = record
        self.events = events
        self.attempt = attempt
    }
}

/// Which jobs to list.
package struct JobFilter: Sendable, Hashable {
    /// Only these states; all when empty.
    package var states: Set<JobState>
    /// Only this handler.
    package var handler: String?
    /// Only this tenant.
    package var tenant: Tenant?
    /// At most so many, newest first.
    package var limit: Int

    /// Makes a filter.
    package init(states: Set<JobState> = [], handler: String? = nil, tenant: Tenant? = nil, limit: Int = 100) {
        self.states = states
        self.handler = handler
        self.tenant = tenant
        self.limit = limit
    }
}

/// The database of jobs.
///
/// All policy is in the pure functions that are passed to ``change(_:_:)``; an adapter loads, calls, and saves with
/// a compare-and-set on (job_id, state, epoch), all in one transaction that no other writer can interleave with.
package protocol JobStore: Sendable {
    /// Decides about one job and writes what was decided, atomically and durably.
    ///
    /// `decide` gets the job's record with its outputs, or `nil`; it must be pure, for it may be called again when
    /// the compare-and-set finds that another writer was faster.
    func change<Decision: Sendable>(
        _ id: JobID, _ decide: @escaping @Sendable (JobRecord?) -> JobChange<Decision>
    ) async throws(JobStoreError) -> Decision

    /// One job; `nil` when it is unknown.
    func record(of id: JobID) async throws(JobStoreError) -> JobRecord?

    /// Jobs that match, newest first.
    func records(matching filter: JobFilter) async throws(JobStoreError) -> [JobRecord]

    /// A job's audit trail, oldest first.
    func events(of id: JobID) async throws(JobStoreError) -> [JobEvent]

    /// A job's attempts, oldest first.
    func attempts(of id: JobID) async throws(JobStoreError) -> [AttemptRecord]
}
