/// The phases of a shutdown, in order; each is entered once.
package enum DrainPhase: Int, Sendable, Hashable, Comparable, CaseIterable {
    /// Taking messages.
    case running
    /// No new poll; the outstanding one is awaited, what it brings is handed back.
    case stoppingPolls
    /// Running jobs may finish within the grace period.
    case finishingJobs
    /// The grace period is over: handlers are told to stop, jobs handed back.
    case stoppingJobs
    /// Nothing is left.
    case drained

    /// Earlier phases are lesser.
    package static func < (left: DrainPhase, right: DrainPhase) -> Bool { left.rawValue < right.rawValue }
}

/// All policy about a runner's shutdown.
///
/// Pure: the shell says what happened, and does what comes out.
package struct DrainLifecycle: Sendable {
    /// What happened.
    package enum Event: Sendable, Hashable {
        /// The first SIGTERM or SIGINT, or a call.
        case drainRequested
        /// A further signal.
        case signalRepeated
        /// The poll that was under way has returned.
        case pollReturned
        /// A message was taken into work.
        case jobStarted
        /// A message's work is over.
        case jobFinished
        /// The grace period, counted from the request, is over.
        case graceElapsed
    }

    /// What the shell does.
    package enum Action: Sendable, Hashable {
        /// Say in the log that a phase begins.
        case announce(DrainPhase)
        /// Start no further poll.
        case stopPolling
        /// Start counting the grace period.
        case startGraceTimer
        /// Tell every running handler to stop.
        case stopJobs
        /// Leave the process at once.
        case exitAtOnce
        /// Return from the runner.
        case finish
    }

    /// The phase now.
    package private(set) var phase = DrainPhase.running
    private var pollIsOutstanding = true
    private var jobs = 0

    /// A runner that takes messages.
    package init() {}

    /// Whether new messages may be taken into work.
    package var acceptsJobs: Bool { phase == .running }

    /// Takes in what happened and says what to do next.
    ///
    /// - Parameter event: what happened.
    /// - Returns: what to do, in order.
    package mutating func handle(_ event: Event) -> [Action] {
        switch event {
        case .drainRequested:
            guard phase == .running else { return [.exitAtOnce] }
            phase = .stoppingPolls
            return [.announce(.stoppingPolls), .stopPolling, .startGraceTimer] + advance()
        case .signalRepeated: return phase == .running ? handle(.drainRequested) : [.exitAtOnce]
        case .pollReturned:
            pollIsOutstanding = false
            return advance()
        case .jobStarted:
            jobs += 1
            return []
        case .jobFinished:
            jobs -= 1
            return advance()
        case .graceElapsed:
            guard phase == .stoppingPolls || phase == .finishingJobs, jobs > 0 else { return advance() }
            phase = .stoppingJobs
            return [.announce(.stoppingJobs), .stopJobs]
        }
    }

    private mutating func advance() -> [Action] {
        guard phase != .running, phase != .drained else { return [] }
        var actions: [Action] = []
        if phase == .stoppingPolls, !pollIsOutstanding {
            phase = .finishingJobs
            actions.append(.announce(.finishingJobs))
        }
        if phase >= .finishingJobs, !pollIsOutstanding, jobs == 0 {
            phase = .drained
            actions += [.announce(.drained), .finish]
        }
        return actions
    }
}
