import GRDB
import JobCore
import Synchronization

/// One change that waits for its transaction.
struct PendingChange: Sendable {
    /// Reads, decides and writes; what it returns is called once the transaction is on disk.
    let apply: @Sendable (Database) throws -> @Sendable () -> Void
    /// Called when nothing was written.
    let fail: @Sendable (JobStoreError) -> Void
}

/// Lets changes that are waiting at the same time share one transaction, hence one sync of the disk.
///
/// Everything runs on the database's own serial queue; callers only wait. There are as many pending changes as
/// there are callers, so the list needs no limit of its own; one transaction takes ``batchLimit`` of them.
final class GroupCommit: Sendable {
    private struct State {
        var pending: [PendingChange] = []
        var isDraining = false
    }

    /// Changes in one transaction at most; keeps the lock on the file short for other processes.
    static let batchLimit = 64

    private let writer: any DatabaseWriter
    private let state = Mutex(State())

    init(writer: any DatabaseWriter) { self.writer = writer }

    /// Queues a change; returns at once.
    func submit(_ change: PendingChange) {
        let mustStart = state.withLock { state in
            state.pending.append(change)
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if mustStart { writer.asyncWriteWithoutTransaction { db in self.drain(db) } }
    }

    private func drain(_ db: Database) {
        while let batch = nextBatch() { commit(batch, db) }
    }

    private func nextBatch() -> [PendingChange]? {
        state.withLock { state in
            guard !state.pending.isEmpty else {
                state.isDraining = false
                return nil
            }
            let batch = Array(state.pending.prefix(Self.batchLimit))
            state.pending.removeFirst(batch.count)
            return batch
        }
    }

    private func commit(_ batch: [PendingChange], _ db: Database) {
        var completions: [@Sendable () -> Void] = []
        do {
            try db.inTransaction(.immediate) {
                for change in batch { completions.append(try change.apply(db)) }
                return .commit
            }
        } catch {
            let fault = JobStoreError(error)
            if batch.count > 1, fault.isOfOneChange {
                // One change's fault is not the others': each gets a transaction of its own.
                for change in batch { commit([change], db) }
            } else {
                for change in batch { change.fail(fault) }
            }
            return
        }
        for complete in completions { complete() }
    }
}
