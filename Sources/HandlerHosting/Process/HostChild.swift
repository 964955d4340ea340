import HostProtocol
import JobCore
import Logging
import Synchronization

/// One host process of a handler, from the outside: takes one order at a time.
///
/// The process and everything that belongs to it is owned by a thread of its own, ``ChildLoop``.
final class HostChild: Sendable {
    /// A run to do.
    struct Order: Sendable {
        /// Distinguishes this order from the ones before and after it.
        var id: UInt64
        /// `nil` only waits until the handler is ready.
        var invocation: HandlerInvocation?
        var onSignal: @Sendable (HandlerSignal) -> Void
        /// Where requests of the run and the reply go.
        var events: OrderEvents

        func reply(_ reply: Reply) { events.post(.reply(reply)) }
    }

    /// What becomes of an order.
    enum Reply: Sendable {
        /// The run is over, one way or another.
        case report(HandlerReport)
        /// The process had ended before it got the order: nothing has happened.
        case notStarted
    }

    /// What the loop finds when it is woken.
    struct Mail {
        var order: Order?
        var cancelledOrder: UInt64?
        var stateReply: HostStateReply?
        var isStopped = false
    }

    private struct State {
        var mail = Mail()
        var isEnded = false
        var isReusable = true
        var waiters: [@Sendable () -> Void] = []
    }

    let launch: HandlerLaunch
    let logger: Logger
    private let wake: WakeSignal
    private let state = Mutex(State())

    /// Starts the thread, which starts the process.
    init(launch: HandlerLaunch, recycling: RecyclingRule, logger: Logger) throws(HandlerHostingError) {
        self.launch = launch
        self.logger = logger
        wake = try WakeSignal()
        let failed = HostThread.start { [self] in
            var loop = ChildLoop(owner: self, recycling: recycling)
            loop.run()
        }
        guard failed == 0 else { throw .noThread(errno: failed) }
    }

    /// Whether another order may be given.
    var isReusable: Bool { state.withLock { $0.isReusable && !$0.isEnded } }

    /// Gives an order; the reply comes on the child's thread, or at once when the process has ended.
    func run(_ order: Order) {
        let isTaken = state.withLock { state in
            guard !state.isEnded, !state.mail.isStopped else { return false }
            state.mail.order = order
            return true
        }
        guard isTaken else { return order.reply(.notStarted) }
        wake.signal()
    }

    /// Asks a run to stop; one that is over is left alone.
    func cancel(_ order: UInt64) {
        state.withLock { $0.mail.cancelledOrder = order }
        wake.signal()
    }

    /// Answers the request that the run under way waits for; a run that is over is left alone.
    func answer(_ reply: HostStateReply) {
        state.withLock { $0.mail.stateReply = reply }
        wake.signal()
    }

    /// Ends the process: politely when it is idle, else at once.
    func stop() {
        state.withLock { state in
            state.mail.isStopped = true
            state.isReusable = false
        }
        wake.signal()
    }

    /// Waits until the process is reaped.
    func ended() async {
        await withCheckedContinuation { continuation in whenEnded { continuation.resume() } }
    }

    /// Calls once the process is reaped; at once when it is.
    func whenEnded(_ body: @escaping @Sendable () -> Void) {
        let isEnded = state.withLock { state in
            if !state.isEnded { state.waiters.append(body) }
            return state.isEnded
        }
        if isEnded { body() }
    }

    // MARK: - For the loop

    var wakeDescriptor: Int32 { wake.descriptor }

    /// Takes the mail; the stop flag stays.
    func takeMail() -> Mail {
        wake.drain()
        return state.withLock { state in
            defer { state.mail = Mail(isStopped: state.mail.isStopped) }
            return state.mail
        }
    }

    /// No order after this one.
    func retire() { state.withLock { $0.isReusable = false } }

    /// The process is reaped; an order that came too late goes back.
    func end() {
        let (late, waiters) = state.withLock { state in
            state.isEnded = true
            defer {
                state.mail = Mail()
                state.waiters = []
            }
            return (state.mail.order, state.waiters)
        }
        // Whoever waits for the end may count descriptors next.
        wake.close()
        late?.reply(.notStarted)
        for waiter in waiters { waiter() }
    }
}
