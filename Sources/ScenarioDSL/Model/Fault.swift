/// A fault: what it hits, what it does, and how long it waits.
package struct Fault: Sendable, Hashable {
    /// What it hits.
    package enum Target: Sendable, Hashable {
        /// Calls to the cloud.
        case call(CallMatch)
        /// Accesses to the database of a runner, or of any.
        case database(DatabaseAccess, runner: TextTemplate?)
    }

    /// What becomes of what is hit.
    package enum Action: Sendable, Hashable {
        case error(ServiceError)
        case latency(Duration, jitter: Duration)
        case reset(after: BodyOffset)
        case truncate(after: BodyOffset)
        case stall(after: BodyOffset)
        /// `nil` for a byte drawn from the seed.
        case flipBit(at: BodyOffset?)
        case applyThen(Aftermath)
        case duplicate, reorder, drop
        case busy, full, inputOutputError
        /// A write of which only the first bytes arrive.
        case torn(keepBytes: Int64)
    }

    /// Its name in reports; `nil` when it has none, and is called by its number.
    package var id: String?
    package var target: Target
    /// Which of those that fit, from 1; empty for all.
    package var ordinals: [ClosedRange<Int>] = []
    package var action: Action
    /// A signal to the runner that was hit, right afterwards.
    package var thenSignal: SignalWord?
    /// How long it waits from when it is armed; `nil` for ever.
    package var duration: Duration?
    /// How often it hits at most; `nil` for any number.
    package var times: Int?
    /// The share of what fits that it hits, 0...1.
    package var share = 1.0
    /// How much later than the start, or than its step, it is armed.
    package var delay = Duration.zero
    /// Whether a run in which it never hits is inconclusive.
    package var mustFire = true
    /// Where it stands.
    package var place: SourcePlace
}

/// Which calls a fault hits.
package struct CallMatch: Sendable, Hashable {
    /// Service and API name, with `*` for any characters, such as `s3.*`.
    package var operation: String
    package var key: TextTemplate?
    package var queue: TextTemplate?
    package var job: TextTemplate?
    package var runner: TextTemplate?
    /// Which part of the call; `nil` for the part that the action is about.
    package var phase: CallPhase?
    package var condition: EventCondition?
}

/// An answer of a service.
package struct ServiceError: Sendable, Hashable {
    /// The HTTP status.
    package var status: Int
    /// The error's code; `nil` for the usual one of the status.
    package var code: String?
    package var retryAfter: Duration?
}

/// A place in a body.
package enum BodyOffset: Sendable, Hashable {
    /// So many bytes from its start.
    case bytes(Int64)
    /// Such a share of it, 0...1.
    case share(Double)
}
