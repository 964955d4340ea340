import CHandlerABI
import CHostProcess
import HostProtocol
import Synchronization

/// What the functions that a handler calls can reach.
let hostState = HostState()

/// The control channel, the loaded handler and the run under way.
final class HostState: Sendable {
    /// What a handler said about a failure.
    struct ErrorNote: Sendable {
        var code = ""
        var message = ""
        /// A JSON object; empty where the handler gave none.
        var details: [UInt8] = []
        var retryAfterMilliseconds: Int64 = -1
    }

    /// Limits of what the runner keeps for the handler, from its manifest.
    struct Limits: Sendable {
        var checkpointBytes: UInt64 = 0
        var keyValueBytes: UInt64 = 0
    }

    private struct State {
        var limits = Limits()
        var active: ActiveRun?
        var library: HandlerLibrary?
        var creationError: ErrorNote?
    }

    let channel = ControlChannel()
    let exchange = StateExchange()
    let logBudget = LogBudget()
    private let state = Mutex(State())
    // Asked once a block from the handler's loops, so without a lock.
    private let cancelledRun = Atomic<UInt64>(0)
    private let lastBeat = Atomic<Int64>(host_monotonic_nanoseconds())
    private static let beatInterval: Int64 = 1_000_000_000

    /// The run that a handle stands for; `nil` for one that is over.
    func run(_ job: OpaquePointer?) -> ActiveRun? {
        let number = UInt64(UInt(bitPattern: job))
        return state.withLock { $0.active?.request.run == number ? $0.active : nil }
    }

    /// The stream that a handle stands for; `nil` for one that is over.
    func stream(_ stream: OpaquePointer?) -> HostStream? {
        let number = UInt64(UInt(bitPattern: stream))
        beat()
        let active = state.withLock { $0.active?.request.run == number >> StreamHandle.shift ? $0.active : nil }
        return active?.stream(Int(number & StreamHandle.mask))
    }

    func isCancelled(_ job: OpaquePointer?) -> Bool {
        beat()
        let number = UInt64(UInt(bitPattern: job))
        return cancelledRun.load(ordering: .relaxed) == number && number != 0
    }

    /// Tells the runner about once a second that the handler still calls.
    func beat() {
        let (now, last) = (host_monotonic_nanoseconds(), lastBeat.load(ordering: .relaxed))
        guard now - last >= Self.beatInterval,
            lastBeat.compareExchange(expected: last, desired: now, ordering: .relaxed).exchanged,
            let active = state.withLock({ $0.active })
        else { return }
        channel.send(.alive(run: active.request.run))
    }

    /// Sets the flag, then tells the handler; a run that is over is left alone.
    func cancel(_ run: UInt64) {
        let (active, library) = state.withLock { ($0.active, $0.library) }
        guard let active, active.request.run == run else {
            // Not begun: the flag waits for it.
            cancelledRun.store(run, ordering: .relaxed)
            return
        }
        cancelledRun.store(run, ordering: .relaxed)
        active.whileUnderWay { library?.cancel(run) }
    }

    var limits: Limits { state.withLock { $0.limits } }

    func set(_ limits: Limits) { state.withLock { $0.limits = limits } }

    func begin(_ run: ActiveRun) { state.withLock { $0.active = run } }

    func end() { state.withLock { $0.active = nil } }

    func adopt(_ library: HandlerLibrary) { state.withLock { $0.library = library } }

    /// Keeps an error of `create` or of a run; `false` for a stale handle.
    func note(_ error: ErrorNote, for job: OpaquePointer?) -> Bool {
        guard unsafe job != nil else {
            state.withLock { $0.creationError = error }
            return true
        }
        guard let active = unsafe run(job) else { return false }
        active.note(error)
        return true
    }

    func takeCreationError() -> ErrorNote? {
        state.withLock { state in
            defer { state.creationError = nil }
            return state.creationError
        }
    }
}

/// How a stream's place in a run is packed into a handle beside the run's number.
enum StreamHandle {
    static let shift: UInt64 = 16
    static let mask: UInt64 = 0xFFFF
    /// The most streams of one run.
    static let limit = 0xFFFF

    static func make(run: UInt64, place: Int) -> OpaquePointer? {
        unsafe OpaquePointer(bitPattern: UInt(run << shift | UInt64(place)))
    }
}

/// How many log lines may pass: a burst, then a steady rate.
final class LogBudget: Sendable {
    private static let burst = 200.0
    private static let perSecond = 100.0

    private struct State {
        var tokens = LogBudget.burst
        var last = host_monotonic_nanoseconds()
        var dropped: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Takes room for one line; counts it as dropped where there is none.
    func take() -> Bool {
        state.withLock { state in
            let now = host_monotonic_nanoseconds()
            state.tokens = min(Self.burst, state.tokens + Double(now - state.last) / 1e9 * Self.perSecond)
            state.last = now
            guard state.tokens >= 1 else {
                state.dropped += 1
                return false
            }
            state.tokens -= 1
            return true
        }
    }

    /// The lines dropped since the last call.
    func takeDropped() -> UInt64 {
        state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
    }
}
