import JobCore

/// Follows one job through the database until it is over.
struct JobFollower: Sendable {
    /// The database.
    let store: any JobStore
    /// Paces the look-ups.
    let clock: any RunnerClock
    /// Time between two looks.
    var interval: Duration = .milliseconds(100)
    /// How long a job in a final state is waited for until its outputs are published.
    var settlingPatience: Duration = .seconds(10)

    /// What a follower tells as it goes.
    enum Word: Sendable {
        /// A new line of the audit trail.
        case event(JobEvent)
        /// How far the running attempt is.
        case progress(share: Double, note: String)
    }

    /// Follows the job until its final state's effects are done.
    ///
    /// - Returns: the record as it is then; its state is not final when `patience` ran out first, and it is `nil`
    ///   when the database never heard of the job.
    func follow(
        _ id: JobID, patience: Duration, onWord: (Word) -> Void
    ) async throws(CommandFailure) -> JobRecord? {
        let start = clock.uptime()
        var told = 0
        var finishedAt: Duration?
        while true {
            let record = try await look(at: id, told: &told, onWord: onWord)
            let elapsed = clock.uptime() - start
            if let record, record.state.isTerminal {
                let since = finishedAt ?? elapsed
                finishedAt = since
                if record.settledAt != nil || elapsed - since >= settlingPatience { return record }
            } else if elapsed >= patience {
                return record
            }
            do {
                try await clock.sleep(for: interval)
            } catch {
                throw CommandFailure(.interrupted, "interrupted")
            }
        }
    }

    private func look(
        at id: JobID, told: inout Int, onWord: (Word) -> Void
    ) async throws(CommandFailure) -> JobRecord? {
        do {
            let record = try await store.record(of: id)
            guard let record else { return nil }
            let events = try await store.events(of: id)
            for event in events.dropFirst(told) { onWord(.event(event)) }
            told = max(told, events.count)
            if record.state == .running, let share = record.progress {
                onWord(.progress(share: share, note: record.progressNote ?? ""))
            }
            return record
        } catch JobStoreError.busy {
            return nil
        } catch {
            throw CommandFailure(error)
        }
    }
}
