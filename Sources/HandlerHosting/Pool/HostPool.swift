import HostProtocol
import JobCore
import Logging
import Synchronization

/// The host processes of one handler: as many as it may run jobs at once, kept warm between jobs.
final class HostPool: Sendable {
    private struct State {
        var idle: [HostChild] = []
        var living: [ObjectIdentifier: HostChild] = [:]
        var slotsTaken = 0
        var waiters: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
        var lastID: UInt64 = 0
        var isShutDown = false
    }

    /// How often an order is given again after a process that had ended in the meantime.
    private static let startLimit = 3

    private let launch: HandlerLaunch
    private let slots: Int
    private let recycling: RecyclingRule
    private let desk: HandlerStateDesk
    private let logger: Logger
    private let state = Mutex(State())

    init(
        launch: HandlerLaunch, slots: Int, recycling: RecyclingRule,
        state store: any HandlerStateStore, logger: Logger
    ) {
        self.launch = launch
        self.slots = slots
        self.recycling = recycling
        desk = HandlerStateDesk(
            store: store, handler: launch.name, major: launch.majorVersion,
            checkpointBytes: launch.limits.checkpointBytes,
            quota: HandlerStateQuota(bytes: launch.limits.keyValueBytes), logger: logger)
        self.logger = logger
    }

    deinit {
        for child in state.withLock({ $0.living.values }) { child.stop() }
    }

    /// Waits for a free slot, then runs; always ends with a report.
    ///
    /// Without an invocation it only waits until a process with the handler is ready, which then stays.
    func run(
        _ invocation: HandlerInvocation?, onSignal: @escaping @Sendable (HandlerSignal) -> Void
    ) async -> HandlerReport {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        guard await takeSlot(id) else {
            return HandlerReport(outcome: .cancelled, handlerVersion: launch.version)
        }
        defer { releaseSlot() }
        for _ in 0..<Self.startLimit {
            let child: HostChild
            do throws(HandlerHostingError) {
                child = try takeChild()
            } catch {
                return failure(code: "host-not-started", "\(error)")
            }
            let reply = await give(id, invocation, onSignal, to: child)
            giveBack(child)
            if case .report(let report) = reply { return report }
        }
        return failure(code: "host-not-started", "host processes of \(launch.name) end before they get a job")
    }

    /// Ends all processes and waits until they are reaped; later runs are refused.
    func shutdown() async {
        let (children, waiters) = state.withLock { state in
            state.isShutDown = true
            defer {
                state.waiters = []
                state.idle = []
            }
            return (Array(state.living.values), state.waiters)
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
        for child in children { child.stop() }
        for child in children { await child.ended() }
    }

    private func failure(code: String, _ message: String) -> HandlerReport {
        HandlerReport(
            outcome: .retry(after: nil, code: code, message: message), handlerVersion: launch.version)
    }

    // MARK: - One order

    private func give(
        _ id: UInt64, _ invocation: HandlerInvocation?, _ onSignal: @escaping @Sendable (HandlerSignal) -> Void,
        to child: HostChild
    ) async -> HostChild.Reply {
        let events = OrderEvents()
        child.run(HostChild.Order(id: id, invocation: invocation, onSignal: onSignal, events: events))
        return await withTaskCancellationHandler {
            // A cancellation from before the order was placed.
            if Task.isCancelled { child.cancel(id) }
            while true {
                switch await events.next() {
                case .reply(let reply): return reply
                case .stateRequest(let request):
                    guard let invocation else { continue }
                    let answer = await desk.answer(request.operation, of: invocation)
                    child.answer(HostStateReply(number: request.number, answer: answer))
                }
            }
        } onCancel: {
            child.cancel(id)
        }
    }

    // MARK: - Children

    private func takeChild() throws(HandlerHostingError) -> HostChild {
        let (idle, worn) = state.withLock { state in
            var worn: [HostChild] = []
            while let child = state.idle.popLast() {
                if child.isReusable { return (child as HostChild?, worn) }
                worn.append(child)
            }
            return (nil, worn)
        }
        for child in worn { child.stop() }
        if let idle { return idle }
        let child = try HostChild(launch: launch, recycling: recycling, logger: logger)
        let isShutDown = state.withLock { state in
            state.living[ObjectIdentifier(child)] = child
            return state.isShutDown
        }
        child.whenEnded { [weak self, weak child] in
            guard let self, let child else { return }
            state.withLock { _ = $0.living.removeValue(forKey: ObjectIdentifier(child)) }
        }
        if isShutDown { child.stop() }
        return child
    }

    private func giveBack(_ child: HostChild) {
        let isKept = state.withLock { state in
            guard child.isReusable, !state.isShutDown else { return false }
            state.idle.append(child)
            return true
        }
        if !isKept { child.stop() }
    }

    // MARK: - Slots

    private func takeSlot(_ id: UInt64) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    guard !state.isShutDown, !Task.isCancelled else { return false }
                    guard state.slotsTaken >= slots else {
                        state.slotsTaken += 1
                        return true
                    }
                    state.waiters.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    private func releaseSlot() {
        let next = state.withLock { state in
            if state.waiters.isEmpty {
                state.slotsTaken -= 1
                return nil as CheckedContinuation<Bool, Never>?
            }
            return state.waiters.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
