/// Decides when a run must stop and how hard it is pushed: the kill ladder.
///
/// Asked to stop (cancelled, deadline, silence): the cancel flag, SIGTERM after the grace period, SIGKILL a second
/// later. Beyond a hard limit (memory, processor time, disk, broken protocol): SIGKILL at once. The first cause stays.
struct RunWatch: Sendable {
    /// Bounds of one run; times in nanoseconds of the monotonic clock.
    struct Limits: Sendable {
        var deadline: Int64
        var cancelGrace: Int64
        var silence: Int64?
        var memoryBytes: Int64?
        var processorTime: Int64?
        var scratchBytes: Int64?

        /// Whether the process must be measured from time to time.
        var isMeasured: Bool { memoryBytes != nil || processorTime != nil || scratchBytes != nil }
    }

    /// Why a run must stop.
    enum Cause: Sendable, Hashable {
        case cancelled
        case deadline
        case silence
        case memory(residentBytes: Int64)
        case processorTime
        case scratch(bytes: Int64)
        case brokenProtocol(String)
    }

    enum Event: Sendable {
        case cancelRequested(at: Int64)
        /// The handler called the host: it lives.
        case heard(at: Int64)
        case measured(at: Int64, residentBytes: Int64?, processorTime: Int64?, scratchBytes: Int64? = nil)
        case protocolBroke(String)
        /// The process said that it ends, or cannot be talked to any more; it has until then.
        case lost(until: Int64, String)
        /// The runner shuts down and waits no longer.
        case abandoned
    }

    enum Action: Sendable, Hashable {
        case sendCancel
        case terminate
        case kill
    }

    /// How long a process may take to end after SIGTERM.
    static let terminateGrace: Int64 = 1_000_000_000

    private let limits: Limits
    private(set) var cause: Cause?
    private(set) var isPushed = false
    private(set) var peakResidentBytes: Int64 = 0
    private var heardAt: Int64
    private var terminateAt: Int64?
    private var killAt: Int64?
    private var lost: (until: Int64, text: String)?

    init(limits: Limits, startedAt: Int64) {
        self.limits = limits
        heardAt = startedAt
    }

    mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .cancelRequested(let now): return ask(.cancelled, at: now)
        case .heard(let now):
            heardAt = now
            return []
        case .protocolBroke(let text): return push(.brokenProtocol(text))
        case .lost(let until, let text):
            lost = (until, text)
            return []
        case .abandoned: return push(.cancelled)
        case .measured(let now, let resident, let processorTime, let scratch):
            if let resident { peakResidentBytes = max(peakResidentBytes, resident) }
            if let resident, let limit = limits.memoryBytes, resident > limit {
                return push(.memory(residentBytes: resident))
            }
            if let processorTime, let limit = limits.processorTime, processorTime > limit {
                return push(.processorTime)
            }
            if let scratch, let limit = limits.scratchBytes, scratch > limit { return push(.scratch(bytes: scratch)) }
            return passTime(now)
        }
    }

    /// When the next measurement is due at the latest, apart from the regular ones.
    var nextInstant: Int64 {
        let silent = limits.silence.map { heardAt + $0 } ?? .max
        let step: Int64 =
            switch (cause, terminateAt, killAt) {
            case (nil, _, _): min(limits.deadline, silent)
            case (_, let terminate?, _): terminate
            case (_, nil, let kill?): kill
            case (_, nil, nil): .max
            }
        return min(step, lost?.until ?? .max)
    }

    private mutating func passTime(_ now: Int64) -> [Action] {
        if let (until, text) = lost, now >= until {
            lost = nil
            return push(.brokenProtocol(text))
        }
        if cause == nil, now >= limits.deadline { return ask(.deadline, at: now) }
        if cause == nil, let silence = limits.silence, now - heardAt >= silence { return ask(.silence, at: now) }
        if let instant = terminateAt, now >= instant {
            terminateAt = nil
            killAt = now + Self.terminateGrace
            isPushed = true
            return [.terminate]
        }
        if let instant = killAt, now >= instant {
            killAt = nil
            return [.kill]
        }
        return []
    }

    private mutating func ask(_ reason: Cause, at now: Int64) -> [Action] {
        guard cause == nil else { return [] }
        cause = reason
        terminateAt = now + limits.cancelGrace
        return [.sendCancel]
    }

    private mutating func push(_ reason: Cause) -> [Action] {
        guard !isPushed || killAt != nil else { return [] }
        if cause == nil { cause = reason }
        isPushed = true
        terminateAt = nil
        killAt = nil
        return [.kill]
    }
}
