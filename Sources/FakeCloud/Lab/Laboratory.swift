internal import AWSWire
internal import JobCore
internal import Synchronization

/// What testers do with a running cloud beside S3 and SQS: the machine room behind the door `/_lab/`.
final class Laboratory: Sendable {
    /// The cloud's time.
    let clock: CloudClock
    /// The queues.
    let queues: QueueHost
    /// The buckets.
    let objects: ObjectHost
    /// The last requests.
    let journal = RequestJournal()
    /// Whether nothing is kept on disk, so that states can be brought back.
    let isVolatile: Bool
    private let scratchLog: ChangeLog
    private let state: Mutex<State>

    private struct State: Sendable {
        var faults = FaultBook()
        var snapshots: [String: CloudSnapshot] = [:]
        var start: CloudSnapshot?
        let startMode: CloudClock.Mode
        var holds: [Int: Wakeup] = [:]
        var lastHold = 0
        var isClosed = false
        var gate: (any CallGate)?
        var observer: (any CloudObserver)?
    }

    /// At most so many snapshots are kept.
    static let snapshotLimit = 100
    /// How long an answer that never comes keeps a connection at most.
    static let patience: Duration = .seconds(900)

    init(clock: CloudClock, cloud: CloudState, isVolatile: Bool) {
        self.clock = clock
        queues = cloud.queues
        objects = cloud.objects
        scratchLog = cloud.scratchLog
        self.isVolatile = isVolatile
        state = Mutex(State(start: nil, startMode: clock.mode))
        if isVolatile { markStart() }
    }

    /// Ends everything that waits; nothing waits any more.
    func close() {
        journal.close()
        let holds = state.withLock { state in
            state.isClosed = true
            return Array(state.holds.values)
        }
        for hold in holds { hold.signal() }
    }
}

// MARK: Time

extension Laboratory {
    /// Moves the time forward from event to event, and returns once everything that fell due has settled.
    ///
    /// Messages appear and go, receivers that wait are answered, and delays of faults end in the order of their
    /// times, each at its own time.
    func advance(by duration: Duration) async throws(SQSError) {
        var left = duration
        try await queues.settle()
        while left > .zero {
            let now = clock.now()
            let due = [queues.nextWakeup, clock.nextDeadline].compactMap { $0 }.filter { $0 > now }.min()
            let step = due.map { min($0 - now, left) } ?? left
            clock.advance(by: step)
            left -= step
            try await queues.settle()
        }
    }

    /// Waits for so long in the cloud's time, or until the client is gone or the server ends.
    func hold(for duration: Duration, connection: ConnectionWatch?) async {
        guard duration > .zero else { return }
        if let call = GatedCall.current { return await call.wait(until: clock.now() + duration) }
        let wakeup = Wakeup()
        let id = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.lastHold += 1
            state.holds[state.lastHold] = wakeup
            return state.lastHold
        }
        guard let id else { return }
        let registration = connection?.onLoss { wakeup.signal() }
        await wakeup.wait(atMost: duration) { [clock] duration in
            // A cancelled sleep has been overtaken by a signal.
            do throws(CancellationError) { try await clock.sleep(for: duration) } catch { return }
        }
        registration.map { connection?.forget($0) }
        state.withLock { $0.holds[id] = nil }
    }
}

// MARK: Order

extension Laboratory {
    /// Who decides when calls that name themselves go on; `nil` when they go on by themselves.
    var gate: (any CallGate)? { state.withLock(\.gate) }

    /// Lets somebody else decide about calls that name themselves, and see all that happens.
    func attach(_ gate: any CallGate, _ observer: any CloudObserver) {
        state.withLock { state in
            state.gate = gate
            state.observer = observer
        }
    }

    /// Notes in the journal what came of a call.
    func note(_ entry: JournalEntry) {
        journal.append(entry)
        state.withLock(\.observer)?.answered(AnsweredCall(entry, name: GatedCall.current?.name))
    }
}

// MARK: Faults

extension Laboratory {
    /// The faults with their counts.
    var faults: [FaultBook.Entry] { state.withLock { $0.faults.entries } }

    /// Arms a fault and returns it with its number.
    func arm(_ rule: FaultRule) throws(LabRefusal) -> FaultBook.Entry {
        let entry = state.withLock { state in
            state.faults.arm(rule).flatMap { id in state.faults.entries.first { $0.id == id } }
        }
        guard let entry else {
            throw LabRefusal(409, "\(FaultBook.limit) faults are armed; take some away with DELETE /_lab/faults")
        }
        return entry
    }

    /// Takes a fault away.
    func disarm(_ id: Int) throws(LabRefusal) -> FaultBook.Entry {
        guard let entry = state.withLock({ $0.faults.disarm(id) }) else {
            throw LabRefusal(404, "there is no fault \(id); GET /_lab/faults lists them")
        }
        return entry
    }

    /// Takes all faults away.
    func disarmAll() -> [FaultBook.Entry] { state.withLock { $0.faults.disarmAll() } }

    /// Counts a call and says what becomes of it.
    func plan(for call: CloudCall) -> FaultPlan? {
        let firings = state.withLock { $0.faults.entries.isEmpty ? [] : $0.faults.handle(call) }
        return firings.isEmpty ? nil : FaultPlan(firings)
    }

    /// Queues that answer like the cloud's and forget what they did.
    func rehearsal() -> QueueHost { queues.rehearsal(clock: clock, log: scratchLog) }
}

// MARK: States

extension Laboratory {
    /// Makes the present what ``reset()`` brings back.
    func markStart() {
        guard isVolatile else { return }
        let now = snapshot()
        state.withLock { $0.start = now }
    }

    /// Brings the beginning back: queues, buckets, clock; takes faults away, and empties the journal.
    func reset() throws(LabRefusal) {
        try requireVolatile("resets")
        let (start, mode) = state.withLock { state in
            _ = state.faults.disarmAll()
            return (state.start, state.startMode)
        }
        if let start { restore(start) }
        clock.set(mode)
        journal.clear()
    }

    /// Keeps the present under a name, in place of what was kept under it.
    func takeSnapshot(_ name: String) throws(LabRefusal) -> CloudSnapshot {
        try requireVolatile("snapshots")
        let taken = snapshot()
        let isKept = state.withLock { state in
            guard state.snapshots.count < Self.snapshotLimit || state.snapshots[name] != nil else { return false }
            state.snapshots[name] = taken
            return true
        }
        guard isKept else {
            throw LabRefusal(409, "\(Self.snapshotLimit) snapshots are kept already; use one of theirs")
        }
        return taken
    }

    /// Brings queues and buckets back as they were; a clock that stands still goes back as well.
    func restoreSnapshot(_ name: String) throws(LabRefusal) -> CloudSnapshot {
        try requireVolatile("snapshots")
        guard let earlier = state.withLock({ $0.snapshots[name] }) else {
            let names = snapshotNames.joined(separator: ", ")
            throw LabRefusal(404, "there is no snapshot \"\(name)\"; there are: \(names.isEmpty ? "none" : names)")
        }
        restore(earlier)
        if case .frozen = clock.mode { clock.set(.frozen(at: earlier.takenAt)) }
        return earlier
    }

    /// The snapshots' names, in order.
    var snapshotNames: [String] { state.withLock { $0.snapshots.keys.sorted() } }

    private func snapshot() -> CloudSnapshot {
        CloudSnapshot(takenAt: clock.now(), queues: queues.snapshot(), objects: objects.snapshot())
    }

    private func restore(_ earlier: CloudSnapshot) {
        queues.restore(earlier.queues)
        objects.restore(earlier.objects)
    }

    private func requireVolatile(_ what: String) throws(LabRefusal) {
        guard isVolatile else {
            throw LabRefusal(
                409,
                "\(what) need a server that keeps everything in memory, and this one keeps it in a data directory; "
                    + "start one without --data, or stop this one and copy or empty the directory")
        }
    }
}
