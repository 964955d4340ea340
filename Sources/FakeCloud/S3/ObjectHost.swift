internal import AWSWire
internal import JobCore
internal import NIOPosix
internal import Synchronization

/// The object service with its clock, its log and its files: the shell of ``ObjectService``.
final class ObjectHost: Sendable {
    /// The files.
    let blobs: BlobStore
    /// Where blocking calls run.
    let pool: NIOThreadPool
    private let clock: any RunnerClock
    private let log: ChangeLog
    private let state: Mutex<State>

    private struct State: Sendable {
        var service: ObjectService
        var ids: IDSource
        var lastSequencer: UInt64 = 0
        /// Files that snapshots refer to, which stay whatever happens to their objects.
        var pinned: Set<BlobID> = []

        /// The changes to keep since this was asked last.
        mutating func takeChanges() -> [CloudChange] {
            service.takeChanges().compactMap { change in
                if case .blobReleased(let blob) = change, pinned.contains(blob) { return nil }
                return .object(change)
            }
        }
    }

    init(
        service: ObjectService, ids: IDSource, blobs: BlobStore, pool: NIOThreadPool, clock: any RunnerClock,
        log: ChangeLog
    ) {
        self.blobs = blobs
        self.pool = pool
        self.clock = clock
        self.log = log
        state = Mutex(State(service: service, ids: ids))
    }

    /// The time.
    var now: Timestamp { clock.now() }

    /// A name that was never given before.
    func newID() -> String { state.withLock { $0.ids.token() } }

    /// The time in nanoseconds, or one more than the last such number where time stands still or went back.
    func newSequencer() -> UInt64 {
        state.withLock { state in
            state.lastSequencer = max(state.lastSequencer + 1, UInt64(clamping: clock.now().nanoseconds))
            return state.lastSequencer
        }
    }

    /// Reads from the machine.
    func read<Value: Sendable>(
        _ body: (ObjectService) throws(S3Refusal) -> Value
    ) throws(S3Refusal) -> Value {
        try state.withLock { state -> Result<Value, S3Refusal> in
            do throws(S3Refusal) { return .success(try body(state.service)) } catch { return .failure(error) }
        }.get()
    }

    /// Does one call and returns once what it changed is on the disk.
    func change<Value: Sendable>(
        _ body: (inout ObjectService, Timestamp) throws(S3Refusal) -> Value
    ) async throws(S3Refusal) -> Value {
        let (result, ticket) = state.withLock { state -> (Result<Value, S3Refusal>, ChangeLog.Ticket) in
            let result: Result<Value, S3Refusal>
            do throws(S3Refusal) {
                result = .success(try body(&state.service, clock.now()))
            } catch {
                result = .failure(error)
            }
            return (result, log.append(state.takeChanges()))
        }
        do throws(FakeCloudError) {
            try await log.wait(for: ticket)
        } catch {
            throw S3Refusal("InternalError", "\(error)")
        }
        return try result.get()
    }

    /// The buckets at this moment; their files stay from now on.
    func snapshot() -> ObjectService {
        state.withLock { state in
            state.pinned.formUnion(state.service.blobs)
            return state.service
        }
    }

    /// Brings the buckets back; files that nothing refers to any more are removed.
    func restore(_ earlier: ObjectService) {
        state.withLock { state in
            let gone = state.service.blobs.subtracting(state.pinned).subtracting(earlier.blobs)
            state.service = earlier
            _ = log.append(gone.sorted().map { .object(.blobReleased($0)) })
        }
    }

    /// An object with a hold on its files.
    func open(
        _ key: ObjectKey, in bucket: String, versionID: String? = nil, if condition: ObjectCondition
    ) throws(S3Refusal) -> (record: ObjectRecord, lease: BlobLease) {
        try state.withLock { state -> Result<(record: ObjectRecord, lease: BlobLease), S3Refusal> in
            do throws(S3Refusal) {
                let record = try state.service.object(key, in: bucket, versionID: versionID, if: condition)
                state.service.retain(record.segments)
                return .success((record, BlobLease(record.segments) { [self] in release($0) }))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// The bytes of an object.
    func stream(_ record: ObjectRecord, _ range: Range<Int64>, lease: BlobLease) -> BlobStream {
        BlobStream(range: range, segments: record.segments, blobs: blobs, pool: pool, lease: lease)
    }

    /// Removes a file that no record came to refer to.
    func discard(_ blob: BlobID) async throws(S3Refusal) {
        do {
            try await pool.runIfActive { [blobs] in try blobs.remove(blob) }
        } catch {
            throw S3Refusal("InternalError", "\(error)")
        }
    }

    private func release(_ segments: [BlobSegment]) {
        state.withLock { state in
            state.service.release(segments)
            _ = log.append(state.takeChanges())
        }
    }
}
