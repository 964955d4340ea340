import CHandlerABI
import CHostProcess
import Glibc
import ProbeProtocol
import Synchronization

/// One run: what the handler asked for, and what the conditions made of it.
final class ProbedRun: Sendable {
    private struct State {
        var streams: [ProbeStream?] = []
        var outputNames: [String] = []
        var result: [UInt8]?
        var error: ReportedError?
        var calls: Int64 = 0
        var bytesRead: Int64 = 0
        var bytesWritten: Int64 = 0
        var checkpoints: Int64 = 0
        var faultsMet: Int64 = 0
        var wall: Int64
        var random: SplitMix64
        var toldToStopAt: Int64?
        var misuses: [String: Int] = [:]
    }

    /// How long a host call waits for the handler's `cancel` that it set off.
    private static let cancelPatienceMilliseconds: Int64 = 50

    let number: UInt64
    let place: Int
    let plan: ProbeRun
    private let startedAt = host_monotonic_nanoseconds()
    private let state: Mutex<State>
    private let isToldToStop = Atomic(false)
    private let underWay = Mutex(true)
    /// Calls the handler's `cancel` with this run.
    private let cancelHandler = Mutex<(@Sendable () -> Void)?>(nil)

    init(number: UInt64, place: Int, plan: ProbeRun) {
        self.number = number
        self.place = place
        self.plan = plan
        let conditions = plan.conditions
        state = Mutex(
            State(wall: conditions.wallNanoseconds, random: SplitMix64(seed: UInt64(bitPattern: conditions.seed))))
    }

    var conditions: ProbeConditions { plan.conditions }
    var isCancelled: Bool { isToldToStop.load(ordering: .relaxed) }

    // MARK: - Moments

    func whenCancelled(_ body: @escaping @Sendable () -> Void) { cancelHandler.withLock { $0 = body } }

    /// Counts a host call, and does what is due at it.
    func count() {
        let calls = state.withLock { state in
            state.calls += 1
            return state.calls
        }
        reached(.call(calls))
    }

    /// Does what the conditions want at a moment.
    func reached(_ moment: ProbeConditions.Moment) {
        if conditions.killAt == moment { Self.killProcess() }
        guard conditions.cancelAt == moment else { return }
        cancel(tellsHandler: moment != .beforeStart)
    }

    private static func killProcess() {
        kill(getpid(), SIGKILL)
        // Nothing may happen between the signal and its delivery.
        pause()
    }

    private func cancel(tellsHandler: Bool) {
        guard !isToldToStop.exchange(true, ordering: .relaxed) else { return }
        state.withLock { $0.toldToStopAt = host_monotonic_nanoseconds() }
        // A run that has not begun finds the flag set; `cancel` is for runs under way.
        guard tellsHandler, let body = cancelHandler.withLock({ $0 }) else { return }
        ProbeChannel.send(.cancelling(run: place))
        let gate = Gate()
        let times = conditions.cancelCalls
        let failed = ProbeThread.start { [self] in
            underWay.withLock { isUnderWay in
                if isUnderWay { for _ in 0..<times { body() } }
            }
            gate.open()
        }
        guard failed == 0 else { return }
        // Not for ever: the handler may hold a lock that its `cancel` wants, until this call returns.
        _ = gate.wait(milliseconds: Self.cancelPatienceMilliseconds)
    }

    // MARK: - What the handler said

    func note(_ misuse: String) { state.withLock { $0.misuses[misuse, default: 0] += 1 } }

    func note(_ error: ReportedError) { state.withLock { $0.error = error } }

    func setResult(_ json: [UInt8]) {
        state.withLock { $0.result = json }
        reached(.result)
    }

    // MARK: - Streams

    func stream(_ place: Int) -> ProbeStream? {
        state.withLock { $0.streams.indices.contains(place - 1) ? $0.streams[place - 1] : nil }
    }

    func closeStream(_ place: Int) { state.withLock { $0.streams[place - 1] = nil } }

    /// Adds a stream; gives its place from 1.
    func add(_ stream: ProbeStream) -> Int {
        state.withLock { state in
            state.streams.append(stream)
            return state.streams.count
        }
    }

    /// Whether an output of that name was not opened before in this run.
    func isFirstOutput(_ name: String) -> Bool {
        state.withLock { state in
            guard !state.outputNames.contains(name) else { return false }
            state.outputNames.append(name)
            return true
        }
    }

    // MARK: - Conditions

    /// The code that a function fails with now; `nil` when it works.
    func fault(_ place: ProbeConditions.Fault.Place) -> Int32? {
        guard let fault = conditions.fault, fault.place == place else { return nil }
        return state.withLock { state in
            let passed = place == .write ? state.bytesWritten : place == .read ? state.bytesRead : fault.afterBytes
            guard passed >= fault.afterBytes else { return nil }
            state.faultsMet += 1
            return fault.code
        }
    }

    /// How many bytes a read may give now, at least 1 once ``fault(_:)`` has passed.
    func readRoom(_ wanted: Int) -> Int {
        let passed = state.withLock { $0.bytesRead }
        return Self.room(wanted, passed, conditions.bytesPerRead, limit(.read))
    }

    /// How many bytes a write may take now, at least 1 once ``fault(_:)`` has passed.
    func writeRoom(_ wanted: Int) -> Int {
        let passed = state.withLock { $0.bytesWritten }
        return Self.room(wanted, passed, conditions.bytesPerWrite, limit(.write))
    }

    private func limit(_ place: ProbeConditions.Fault.Place) -> Int64? {
        conditions.fault.flatMap { $0.place == place ? $0.afterBytes : nil }
    }

    private static func room(_ wanted: Int, _ passed: Int64, _ step: Int64?, _ limit: Int64?) -> Int {
        var room = Int64(wanted)
        if let step { room = min(room, step) }
        if let limit { room = min(room, limit - passed) }
        return Int(max(room, 1))
    }

    func didRead(_ count: Int) {
        let (before, after) = state.withLock { state in
            defer { state.bytesRead += Int64(count) }
            return (state.bytesRead, state.bytesRead + Int64(count))
        }
        for case .bytesRead(let mark)? in [conditions.cancelAt, conditions.killAt] where before < mark && after >= mark
        {
            reached(.bytesRead(mark))
        }
    }

    func didWrite(_ count: Int) { state.withLock { $0.bytesWritten += Int64(count) } }

    func didCheckpoint() {
        let count = state.withLock { state in
            state.checkpoints += 1
            return state.checkpoints
        }
        if conditions.killAfterCheckpoint == count { Self.killProcess() }
    }

    func wallTime() -> Int64 {
        state.withLock { state in
            defer { state.wall += conditions.wallStepNanoseconds }
            return state.wall
        }
    }

    func random(_ buffer: UnsafeMutableRawBufferPointer) {
        state.withLock { state in
            for place in buffer.indices { unsafe buffer[place] = UInt8(truncatingIfNeeded: state.random.next()) }
        }
    }

    // MARK: - The end

    /// Ends all streams, keeps the result, and says how the run went.
    func finish(status: Int32) -> RunFacts {
        let now = host_monotonic_nanoseconds()
        underWay.withLock { $0 = false }
        return state.withLock { state in
            for case .output(let output)? in state.streams { output.close() }
            state.streams = []
            var facts = RunFacts(run: place, status: status)
            facts.error = state.error
            facts.outputs = state.outputNames
            facts.calls = state.calls
            facts.bytesRead = state.bytesRead
            facts.bytesWritten = state.bytesWritten
            facts.checkpoints = state.checkpoints
            facts.faultsMet = state.faultsMet
            facts.stopMilliseconds = state.toldToStopAt.map { (now - $0) / 1_000_000 }
            facts.durationMilliseconds = (now - startedAt) / 1_000_000
            facts.peakMemoryBytes = max(host_own_peak_bytes(), 0)
            facts.misuses = state.misuses.sorted { $0.key < $1.key }.map { Misuse(what: $0.key, count: $0.value) }
            if let result = state.result {
                facts.hasResult = WholeFile.write(result, to: plan.resultPath) == 0
            }
            return facts
        }
    }
}
