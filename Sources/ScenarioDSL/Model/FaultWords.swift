/// Accesses to the database that a fault can hit.
package enum DatabaseAccess: String, Word {
    case read, write, commit
    case walAppend = "wal_append"

    package var meaning: String {
        switch self {
        case .read: "A page is read."
        case .write: "Anything is written."
        case .commit: "A transaction is committed."
        case .walAppend: "A frame is appended to the write-ahead log."
        }
    }
}

/// Parts of a call that a fault can hit.
package enum CallPhase: String, Word {
    case request, response, body

    package var meaning: String {
        switch self {
        case .request: "Before the call is done."
        case .response: "After the call is done, before the answer's head."
        case .body: "While the answer's body is sent."
        }
    }
}

/// Where in a body a bit is wrong.
package enum BitPlace: String, Word {
    case random

    package var meaning: String { "Anywhere, drawn from the seed." }
}

/// What the client sees of a call that was done all the same.
package enum Aftermath: String, Word {
    case reset, timeout, error

    package var meaning: String {
        switch self {
        case .reset: "The connection ends without an answer."
        case .timeout: "No answer comes."
        case .error: "The answer is a 500."
        }
    }
}
