/// Something about a subject that an expectation can look at.
package protocol CheckedProperty: Word {
    /// What kind of value it has.
    var kind: MatchedKind { get }
}

/// What can be said about a job.
package enum JobProperty: String, CheckedProperty {
    case state, attempts, epoch, error, result, history

    package var kind: MatchedKind {
        switch self {
        case .state: .jobState
        case .attempts, .epoch: .count
        case .error, .result: .value
        case .history: .words
        }
    }

    package var meaning: String {
        switch self {
        case .state: "Its state."
        case .attempts: "The attempts that count."
        case .epoch: "How often it was claimed."
        case .error: "Why the last attempt failed; the message for `matches`, the names of known facts for `has`."
        case .result: "What the handler returned."
        case .history: "The states that it went through, in order."
        }
    }
}

/// What can be said about a message.
package enum MessageProperty: String, CheckedProperty {
    case `in`, deleted, visible, receives
    case releasedWithin = "released_within"

    package var kind: MatchedKind {
        switch self {
        case .in: .text
        case .deleted, .visible: .flag
        case .receives: .count
        case .releasedWithin: .duration
        }
    }

    package var meaning: String {
        switch self {
        case .in: "The queue that holds it."
        case .deleted: "Whether it is gone for good."
        case .visible: "Whether a receiver would get it now."
        case .receives: "How often it was received."
        case .releasedWithin: "The longest that a draining runner kept it hidden."
        }
    }
}

/// What can be said about a queue.
package enum QueueProperty: String, CheckedProperty {
    case visible, delayed, total
    case inFlight = "in_flight"
    case oldestAge = "oldest_age"

    package var kind: MatchedKind { self == .oldestAge ? .duration : .count }

    package var meaning: String {
        switch self {
        case .visible: "Messages that a receiver would get now."
        case .delayed: "Messages that wait for their delay to end."
        case .total: "All messages."
        case .inFlight: "Messages that are hidden because somebody received them."
        case .oldestAge: "How long the oldest message has been there."
        }
    }
}

/// What can be said about an object.
package enum ObjectProperty: String, CheckedProperty {
    case exists, versions, size, sha256

    package var kind: MatchedKind {
        switch self {
        case .exists: .flag
        case .versions: .count
        case .size: .size
        case .sha256: .text
        }
    }

    package var meaning: String {
        switch self {
        case .exists: "Whether it is there."
        case .versions: "How often its key was written."
        case .size: "Its length."
        case .sha256: "The hash of its bytes, in hexadecimal digits."
        }
    }
}

/// What can be said about a runner's process.
package enum RunnerProperty: String, CheckedProperty {
    case ready, exited, signal, rss, zombies
    case exitCode = "exit_code"
    case peakRSS = "peak_rss"
    case openFilesGrowth = "open_files_growth"

    package var kind: MatchedKind {
        switch self {
        case .ready, .exited: .flag
        case .signal: .signal
        case .rss, .peakRSS: .size
        case .zombies: .count
        case .exitCode, .openFilesGrowth: .number
        }
    }

    package var meaning: String {
        switch self {
        case .ready: "Whether it takes messages."
        case .exited: "Whether its process is gone."
        case .signal: "The signal that ended it."
        case .rss: "The memory that it has now."
        case .zombies: "Children that it has not reaped."
        case .exitCode: "The code that it exited with."
        case .peakRSS: "The most memory that it has had."
        case .openFilesGrowth: "Open files more than when it became ready."
        }
    }
}

/// Shares of latencies, from a job's message sent to its final state.
package enum LatencyProperty: String, CheckedProperty {
    case p50, p95, p99, max

    package var kind: MatchedKind { .duration }

    package var meaning: String {
        switch self {
        case .p50: "What half of the jobs stay below."
        case .p95: "What 95 of 100 jobs stay below."
        case .p99: "What 99 of 100 jobs stay below."
        case .max: "The slowest job's."
        }
    }
}
