internal import CTaskHook
internal import Glibc
package import LabProtocol
internal import Offloading
internal import Synchronization

/// This process's place in the lab's world: one thread runs all tasks, one at a time and in a fixed order, and what
/// they wait for happens when the lab says so.
///
/// When no task can go on, the process stands still: it reports what happened and what it waits for, and the lab
/// answers with the one thing that happens next. Work that other threads do (the database, a host process) is begun
/// one piece at a time, and time stands still until it is done. So the same seed gives the same history, however fast
/// or slow the machine is.
package final class LabWorld: Sendable {
    private struct State {
        var now: Int64
        var lastID: UInt64 = 0
        var turn: UInt64 = 0
        var events: [WorldEvent] = []
        var added: [PendingEffect] = []
        var withdrawn: [UInt64] = []
        /// Sleeps and holds; `true` ends the wait, `false` means that it was cancelled.
        var waits: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var calls: Set<UInt64> = []
        /// Calls that are with the transport.
        var sent: Set<UInt64> = []
        /// Those of them that come back in a moment; nothing else happens before.
        var awaited: Set<UInt64> = []
        /// The world goes on once so many jobs have come from other threads.
        var arrivalsDue: UInt64 = 0
        /// How many there were at the last standstill.
        var arrivalsAtReport: UInt64 = 0
        var work = WorkLine()
        var random: KeyedRandom
        var hasEntered = false
        var isOver = false
    }

    /// The name that the lab gave this process.
    package let name: String
    /// The virtual time of the start, in nanoseconds since the Unix epoch.
    package let startedAt: Int64
    private let line: LabLine
    private let state: Mutex<State>

    /// Joins the world that an environment names; `nil` when it names none.
    package static func join(environment: [String: String]) throws(LabLinkError) -> LabWorld? {
        guard let place = environment[LabWire.variable], !place.isEmpty else { return nil }
        let parts = place.split(separator: "#", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw LabLinkError("\(LabWire.variable) must be PATH#NAME, found \"\(place)\"; only the lab sets it")
        }
        let line = try LabLine(path: parts[0])
        try line.send(LabWire.Greeting(name: parts[1], processID: getpid()).line)
        do {
            return LabWorld(name: parts[1], line: line, start: try LabWire.Start(line: try line.receive()))
        } catch {
            throw LabLinkError("the lab does not start this process: \(error)")
        }
    }

    private init(name: String, line: LabLine, start: LabWire.Start) {
        self.name = name
        self.line = line
        startedAt = start.now
        state = Mutex(State(now: start.now, random: KeyedRandom(seed: start.seed)))
    }

    /// The virtual time in nanoseconds since the Unix epoch.
    package var now: Int64 { state.withLock(\.now) }

    /// A number in 0..<1, the same sequence for the same seed.
    package func random() -> Double { state.withLock { $0.random.next() } }

    /// Whether tasks run under the lab's order; before, they run as usual and nothing waits for the lab.
    package var hasEntered: Bool { state.withLock(\.hasEntered) }

    /// Runs a body, and all tasks that come of it, in the world; to be called once, while no other task runs.
    ///
    /// When the body returns, the process has left the world and is about to end.
    package func run<Result: Sendable>(
        _ body: @escaping @Sendable () async -> Result
    ) async throws(LabLinkError) -> Result {
        guard WorldQueue.shared.takeOver() else {
            throw LabLinkError("this build of Swift does not let the lab order its tasks")
        }
        BlockingWork.runInPlace()
        state.withLock { state in
            state.hasEntered = true
            state.arrivalsDue = WorldQueue.shared.arrivals + 1
        }
        startThread()
        return await Task.detached { [self] in
            let result = await body()
            state.withLock { $0.isOver = true }
            return result
        }.value
    }

    // MARK: - What tasks wait for

    /// Waits until a virtual time.
    package func sleep(until deadline: Int64) async throws(CancellationError) {
        let id = nextID()
        let isOver = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(id, .sleep(until: deadline), $0) }
        } onCancel: {
            withdraw(id)
        }
        guard isOver else { throw CancellationError() }
    }

    /// Reports an event and waits for leave to go on: whoever waits for the event finds the process at this place.
    package func hold(_ event: WorldEvent) async {
        let id = nextID()
        note(event)
        _ = await withCheckedContinuation { wait(id, .hold, $0) }
    }

    /// Reports an event with the next standstill.
    package func note(_ event: WorldEvent) { state.withLock { $0.events.append(event) } }

    /// Announces an HTTP request, whose answer comes when the lab says so; to be followed by ``endCall(_:)``.
    package func beginCall() -> UInt64 {
        let id = nextID()
        state.withLock { state in
            state.calls.insert(id)
            state.added.append(PendingEffect(id: id, kind: .call))
        }
        return id
    }

    /// The request is over, answered or given up.
    package func endCall(_ id: UInt64) {
        state.withLock { state in
            if state.calls.remove(id) != nil { state.withdrawn.append(id) }
        }
    }

    /// A request goes to the transport.
    package func sendCall(_ id: UInt64) { state.withLock { _ = $0.sent.insert(id) } }

    /// A request that is with the transport comes back in a moment.
    package func awaitCall(_ id: UInt64) {
        state.withLock { state in if state.sent.contains(id) { state.awaited.insert(id) } }
    }

    /// A request has come back from the transport.
    package func takeCall(_ id: UInt64) {
        state.withLock { state in
            state.sent.remove(id)
            state.awaited.remove(id)
        }
    }

    /// Waits for the turn to do work on another thread; to be followed by ``endWork()``.
    package func beginWork() async {
        await withCheckedContinuation { continuation in state.withLock { $0.work.waiting.append(continuation) } }
    }

    /// The work on another thread is done.
    package func endWork() { state.withLock { $0.work.isUnderWay = false } }

    private func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    private func wait(
        _ id: UInt64, _ kind: PendingEffect.Kind, _ continuation: CheckedContinuation<Bool, Never>
    ) {
        let isCancelled = Task.isCancelled && kind != .hold
        state.withLock { state in
            guard !isCancelled else { return }
            state.waits[id] = continuation
            state.added.append(PendingEffect(id: id, kind: kind))
        }
        if isCancelled { continuation.resume(returning: false) }
    }

    private func withdraw(_ id: UInt64) {
        let continuation = state.withLock { state in
            let continuation = state.waits.removeValue(forKey: id)
            if continuation != nil { state.withdrawn.append(id) }
            return continuation
        }
        continuation?.resume(returning: false)
    }

    // MARK: - The thread

    private func startThread() {
        let failed = WorldThread.start { [self] in
            WorldQueue.shared.adoptThread()
            do throws(LabLinkError) {
                try run()
            } catch {
                // Without the lab nothing can happen any more.
                _exit(3)
            }
        }
        precondition(failed == 0, "the system refuses another thread (errno \(failed))")
    }

    private enum Standstill {
        case arrivalIsDue
        case over
        case workBegins(CheckedContinuation<Void, Never>)
        case report(StandstillReport)
    }

    private func run() throws(LabLinkError) {
        while true {
            while let job = WorldQueue.shared.take() { WorldThread.run(job) }
            switch standstill() {
            case .arrivalIsDue: awaitArrival()
            case .over: _ = WorldQueue.shared.waitForArrival()
            case .workBegins(let continuation): continuation.resume()
            case .report(let report): try obey(try exchange(report))
            }
        }
    }

    private func standstill() -> Standstill {
        state.withLock { state in
            guard !state.isOver else { return .over }
            let arrivals = WorldQueue.shared.arrivals
            if arrivals < state.arrivalsDue || !state.awaited.isEmpty || state.work.isUnderWay { return .arrivalIsDue }
            if let next = state.work.begin() { return .workBegins(next) }
            state.turn += 1
            state.arrivalsAtReport = arrivals
            defer {
                state.events = []
                state.added = []
                state.withdrawn = []
            }
            return .report(
                StandstillReport(
                    turn: state.turn, events: state.events, added: state.added, withdrawn: state.withdrawn))
        }
    }

    /// Work may take any time; an announced arrival that does not come was a mistake of this process.
    private func awaitArrival() {
        guard !WorldQueue.shared.waitForArrival() else { return }
        state.withLock { state in
            guard !state.work.isUnderWay else { return }
            state.arrivalsDue = 0
            state.awaited = []
            state.events.append(WorldEvent("world.overdue"))
        }
    }

    private func exchange(_ report: StandstillReport) throws(LabLinkError) -> WorldOrder {
        try line.send(report.line)
        do {
            return try WorldOrder(line: try line.receive())
        } catch let error as LabLinkError {
            throw error
        } catch {
            throw LabLinkError("the lab's order cannot be read: \(error)")
        }
    }

    private func obey(_ order: WorldOrder) throws(LabLinkError) {
        let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            state.now = order.now
            switch order.happening {
            case .signal:
                state.arrivalsDue = state.arrivalsAtReport + 1
                return nil
            case .effect(let id):
                if state.calls.remove(id) != nil {
                    // It may have come before this order.
                    if state.sent.contains(id) { state.awaited.insert(id) }
                    return nil
                }
                return state.waits.removeValue(forKey: id)
            }
        }
        continuation?.resume(returning: true)
    }
}
