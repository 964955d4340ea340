package import JobCore

/// Signals that a scenario can send to a runner.
package enum SignalWord: String, Word {
    case term = "TERM"
    case interrupt = "INT"
    case hangUp = "HUP"
    case kill = "KILL"
    case stop = "STOP"
    case resume = "CONT"
    case user1 = "USR1"

    package var meaning: String {
        switch self {
        case .term: "Asks the runner to drain: jobs in flight end or are handed back."
        case .interrupt: "The same as TERM, as Ctrl-C sends it."
        case .hangUp: "Asks the runner to read its configuration again."
        case .kill: "Ends the process at once; nothing can be put in order."
        case .stop: "Freezes the process: it lives, holds its leases, and is silent."
        case .resume: "Lets a frozen process go on."
        case .user1: "Asks the runner for a report of what it is doing."
        }
    }
}

/// How a run's time passes.
package enum TimeMode: String, Word {
    case virtual, scaled, real

    package var meaning: String {
        switch self {
        case .virtual: "Time jumps to the next thing that can happen; a seed gives one order of events."
        case .scaled: "The machine's time, `scale` times as fast; the order of events is not fixed."
        case .real: "The machine's time."
        }
    }
}

/// The database that runners keep jobs in.
package enum DatabaseKind: String, Word {
    case sqlite, postgres

    package var meaning: String {
        switch self {
        case .sqlite: "A file; runners of one machine can share it."
        case .postgres: "A server that the lab starts."
        }
    }
}

/// Where handlers run.
package enum IsolationWord: String, Word {
    case process, shared

    package var meaning: String {
        switch self {
        case .process: "Each job in a process of its own."
        case .shared: "Jobs of one handler share a host process."
        }
    }
}

/// Where runners get credentials from.
package enum CredentialSource: String, Word {
    case `static`, imds, container

    package var meaning: String {
        switch self {
        case .static: "Fixed keys in the environment."
        case .imds: "The instance metadata service, played by the lab."
        case .container: "The container credentials endpoint, played by the lab."
        }
    }
}

/// The tables of made-up rows that inputs are made of.
package enum SampleTable: String, Word {
    case telco

    package var meaning: String { "Customers of a telephone company: a header and 21 columns, UTF-8, comma-separated." }
}

/// The program that a runner or a handler is started from.
package enum BinaryWord: String, Word {
    case current, previous

    package var meaning: String {
        switch self {
        case .current: "The one under test."
        case .previous: "The release before, as `lab run --previous` names it."
        }
    }
}

/// A version of a handler.
package enum HandlerVersionWord: String, Word {
    case current, previous, broken

    package var meaning: String {
        switch self {
        case .current: "The one under test."
        case .previous: "The release before."
        case .broken: "A twin of it that fails every job."
        }
    }
}

/// A job's priority.
package enum PriorityWord: String, Word {
    case low, normal, high

    package var meaning: String {
        switch self {
        case .low: "Taken when nothing else waits."
        case .normal: "As jobs are without a priority."
        case .high: "Taken before others."
        }
    }
}

/// What a broken rule of a scenario means for the verdict.
package enum ExpectationSeverity: String, Word {
    case error, warn

    package var meaning: String {
        switch self {
        case .error: "The run fails."
        case .warn: "The run passes, and the report shows it."
        }
    }
}

/// Log levels from the quietest.
package enum LogLevelWord: String, Word {
    case trace, debug, info, warning, error

    package var meaning: String {
        switch self {
        case .trace: "Every step."
        case .debug: "What developers look for."
        case .info: "The start and the end of things."
        case .warning: "An operator may act."
        case .error: "An operator must act."
        }
    }
}

/// The state of an alarm.
package enum AlarmState: String, Word {
    case ok, firing

    package var meaning: String {
        switch self {
        case .ok: "The threshold holds."
        case .firing: "The threshold is broken."
        }
    }
}

/// How pauses between tries grow.
package enum BackoffWord: String, Word {
    case exponential, constant

    package var meaning: String {
        switch self {
        case .exponential: "Each pause is longer than the one before, up to a limit."
        case .constant: "All pauses are about as long."
        }
    }
}

/// What a snapshot holds.
package enum SnapshotSubject: String, Word {
    case jobs, objects, queues, history

    package var meaning: String {
        switch self {
        case .jobs: "All job records, without times and identifiers of attempts."
        case .objects: "Keys, sizes and hashes of all objects."
        case .queues: "Bodies and attributes of all messages."
        case .history: "Types and subjects of all events, in order."
        }
    }
}

/// Credentials that can be revoked.
package enum CredentialSelection: String, Word {
    case current, all

    package var meaning: String {
        switch self {
        case .current: "The ones that runners use now; the next signed call gets ExpiredToken."
        case .all: "These and the next ones, until the scenario ends."
        }
    }
}

/// What a runner does as a whole.
package enum RunnerPhase: String, Word {
    case ready, draining, exited

    package var meaning: String {
        switch self {
        case .ready: "Takes messages."
        case .draining: "Takes none any more and ends what it has."
        case .exited: "Its process is gone."
        }
    }
}

extension JobState: Word {
    package var meaning: String {
        switch self {
        case .queued: "It waits for a runner."
        case .running: "A runner holds its lease."
        case .retrying: "It failed and waits for the next attempt."
        case .completed: "It is done; final."
        case .failed: "It has failed for good; final."
        case .quarantined: "It was started twice and never ended; final."
        case .cancelled: "Somebody called it off; final."
        }
    }
}
