/// What exploring may do to calls.
package enum CallTrouble: String, Word {
    case error, latency, reset, truncate, stall, duplicate, reorder, drop
    case flipBit = "flip_bit"
    case applyThenReset = "apply_then_reset"
    case applyThenTimeout = "apply_then_timeout"

    package var meaning: String {
        switch self {
        case .error: "An error of the service."
        case .latency: "The call is done later."
        case .reset: "The connection ends inside the request."
        case .truncate: "The answer ends early."
        case .stall: "The answer stops coming."
        case .duplicate: "A message is delivered again."
        case .reorder: "Messages are received in another order."
        case .drop: "The service says yes and does nothing."
        case .flipBit: "A bit of the answer is wrong."
        case .applyThenReset: "The call is done, and the connection ends without an answer."
        case .applyThenTimeout: "The call is done, and no answer comes."
        }
    }
}

/// What exploring may do to runners.
package enum ProcessTrouble: String, Word {
    case kill = "KILL"
    case term = "TERM"
    case pause, restart

    package var meaning: String {
        switch self {
        case .kill: "The process ends at once, and is started again."
        case .term: "The runner drains, and is started again."
        case .pause: "The process is frozen for a while."
        case .restart: "The runner drains and is started again at once."
        }
    }
}

/// What exploring may do to the database.
package enum DatabaseTrouble: String, Word {
    case busy, full, ioerr

    package var meaning: String {
        switch self {
        case .busy: "It is locked by somebody else."
        case .full: "Its disk is full."
        case .ioerr: "Its disk fails."
        }
    }
}

/// How exploring orders what can happen.
package enum ScheduleTrouble: String, Word {
    case shuffle

    package var meaning: String { "Any order, drawn from the seed." }
}
