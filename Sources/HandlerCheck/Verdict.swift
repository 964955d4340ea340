/// What one check found.
package enum Verdict: Sendable, Hashable {
    /// As it should be; the text says what was seen, and may be empty.
    case passed(String = "")
    /// It works, but will bite: what was found, and what to do.
    case warned(String)
    /// It breaks the contract or a claim: what was expected and what was found.
    case failed(String)
    /// Not looked at: why.
    case skipped(String)

    /// The text for people.
    package var detail: String {
        switch self {
        case .passed(let text), .warned(let text), .failed(let text), .skipped(let text): text
        }
    }

    /// The word for programs.
    package var name: String {
        switch self {
        case .passed: "passed"
        case .warned: "warned"
        case .failed: "failed"
        case .skipped: "skipped"
        }
    }

    /// Whether the handler must be mended.
    package var isFailure: Bool {
        if case .failed = self { true } else { false }
    }

    /// Whether the handler should be mended.
    package var isWarning: Bool {
        if case .warned = self { true } else { false }
    }
}

extension Verdict {
    /// Whether all is as it should be.
    package var isPassed: Bool {
        if case .passed = self { true } else { false }
    }
}
