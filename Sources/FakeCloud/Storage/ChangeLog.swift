internal import Logging
internal import NIOPosix
internal import Synchronization

/// One thing that changed in the cloud.
package enum CloudChange: Sendable, Hashable {
    /// In the queues.
    case queue(QueueChange)
    /// In the buckets.
    case object(ObjectChange)
}

/// Takes changes to the disk in the order in which they were made, many at a time.
///
/// A call appends its changes while it holds its machine's lock, so that the order on the disk is that of the
/// machine, and then waits without the lock until they are kept. One thread writes at a time; what arrives
/// meanwhile goes together into the next transaction.
/// After a failure nothing is kept any more, and every wait fails: what the machines hold is ahead of the disk.
final class ChangeLog: Sendable {
    /// Names a point in the log.
    typealias Ticket = UInt64

    private struct Waiter: Sendable {
        let ticket: Ticket
        let continuation: CheckedContinuation<FakeCloudError?, Never>
    }

    private struct State: Sendable {
        var pending: [CloudChange] = []
        var lastTicket: Ticket = 0
        var keptTicket: Ticket = 0
        var isWriting = false
        var failure: FakeCloudError?
        var waiters: [Waiter] = []
        var observer: (any CloudObserver)?
    }

    private let database: CloudDatabase?
    private let blobs: BlobStore
    private let pool: NIOThreadPool
    private let logger: Logger
    private let state = Mutex(State())

    /// Without a database changes are kept nowhere, and only files are removed.
    init(database: CloudDatabase?, blobs: BlobStore, pool: NIOThreadPool, logger: Logger) {
        self.database = database
        self.blobs = blobs
        self.pool = pool
        self.logger = logger
    }

    /// Shows all changes from now on to an observer.
    func show(to observer: any CloudObserver) { state.withLock { $0.observer = observer } }

    /// Adds the changes of one call; to be called in the order in which they were made.
    func append(_ changes: [CloudChange]) -> Ticket {
        state.withLock(\.observer)?.changed(changes)
        let relevant = database == nil ? changes.filter(\.isBlobReleased) : changes
        guard !relevant.isEmpty else { return 0 }
        let (ticket, mustStart) = state.withLock { state in
            state.lastTicket += 1
            state.pending.append(contentsOf: relevant)
            defer { state.isWriting = true }
            return (state.lastTicket, !state.isWriting)
        }
        if mustStart { pool.submit { [self] _ in drain() } }
        return database == nil ? 0 : ticket
    }

    /// Returns once everything up to a point is on the disk.
    func wait(for ticket: Ticket) async throws(FakeCloudError) {
        guard ticket > 0 else { return }
        let failure = await withCheckedContinuation { continuation in
            let done: FakeCloudError?? = state.withLock { state in
                if let failure = state.failure { return .some(failure) }
                if state.keptTicket >= ticket { return .some(nil) }
                state.waiters.append(Waiter(ticket: ticket, continuation: continuation))
                return nil
            }
            if let done { continuation.resume(returning: done) }
        }
        if let failure { throw failure }
    }

    /// Returns once everything is on the disk.
    func flush() async throws(FakeCloudError) { try await wait(for: state.withLock { $0.lastTicket }) }

    private func drain() {
        while true {
            let (batch, ticket) = state.withLock { state in
                if state.pending.isEmpty { state.isWriting = false }
                defer { state.pending = [] }
                return (state.pending, state.lastTicket)
            }
            guard !batch.isEmpty else { return }
            let failure = keep(batch)
            let ready = state.withLock { state in
                state.failure = state.failure ?? failure
                state.keptTicket = ticket
                let ready = state.waiters.filter { $0.ticket <= ticket }
                state.waiters.removeAll { $0.ticket <= ticket }
                return ready
            }
            for waiter in ready { waiter.continuation.resume(returning: failure) }
        }
    }

    private func keep(_ batch: [CloudChange]) -> FakeCloudError? {
        if let failure = state.withLock({ $0.failure }) { return failure }
        do throws(FakeCloudError) {
            try database?.write(batch)
        } catch {
            logger.error("cannot keep changes", metadata: [LogKeys.reason: "\(error)"])
            return error
        }
        for case .object(.blobReleased(let blob)) in batch {
            do throws(FakeCloudError) {
                try blobs.remove(blob)
            } catch {
                // The sweep at the next start removes it.
                logger.warning("cannot remove a file", metadata: [LogKeys.reason: "\(error)"])
            }
        }
        return nil
    }
}

extension CloudChange {
    fileprivate var isBlobReleased: Bool {
        if case .object(.blobReleased) = self { return true }
        return false
    }
}
