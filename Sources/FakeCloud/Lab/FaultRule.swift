/// A fault that testers script: which calls it hits and what becomes of them.
package struct FaultRule: Sendable, Hashable {
    /// What the journal calls it.
    package var name: String
    /// The calls that count.
    package var match = FaultMatch()
    /// What becomes of a call that is hit.
    package var action: FaultAction
    /// At most so many calls are hit; `nil` for any number.
    package var times: Int?

    /// Makes a rule.
    package init(name: String, match: FaultMatch = FaultMatch(), action: FaultAction, times: Int? = nil) {
        self.name = name
        self.match = match
        self.action = action
        self.times = times
    }
}

/// Which calls a fault hits.
///
/// Calls that fit service, operation and resource are numbered from 1 for each rule; `nth` and `probability` choose
/// among them by their numbers, so that a rule hits the same calls in every run.
package struct FaultMatch: Sendable, Hashable {
    /// The service; `nil` for both.
    package var service: CloudCall.Service?
    /// The operation by its API name, with wildcards.
    package var operation = NamePattern("*")
    /// The queue, the bucket, or `bucket/key`, with wildcards.
    package var resource = NamePattern("*")
    /// Which of the calls that fit, from 1; `nil` for all.
    package var ordinals: [ClosedRange<Int>]?
    /// The share of the calls that is hit, 0...1; `nil` for all.
    package var probability: Double?
    /// What `probability` draws from.
    package var seed: UInt64 = 0

    /// Makes a match that fits every call.
    package init() {}

    /// Whether a call counts.
    func fits(_ call: CloudCall) -> Bool {
        (service == nil || service == call.service) && operation.covers(call.operation)
            && resource.covers(call.resource)
    }

    /// Whether the n-th call that counts is hit.
    func chooses(_ ordinal: Int) -> Bool {
        if let ordinals, !ordinals.contains(where: { $0.contains(ordinal) }) { return false }
        guard let probability else { return true }
        var draw = IDSource(seed: seed ^ (UInt64(ordinal) &* 0xD134_2543_DE82_EF95))
        return Double(draw.next() >> 11) * 0x1p-53 < probability
    }
}

/// What a fault does to a call.
package enum FaultAction: Sendable, Hashable {
    /// Where a connection is reset.
    package enum ResetPoint: String, Sendable, Hashable, CaseIterable {
        /// Before the call is done.
        case before
        /// After the call is done and the head of the answer is written.
        case headers
    }

    /// What the client sees of a call that was done all the same.
    package enum Aftermath: String, Sendable, Hashable, CaseIterable {
        /// The connection ends without an answer.
        case reset
        /// No answer comes as long as the client waits.
        case timeout
        /// A 500 of the service.
        case error
    }

    /// Nothing is done; the service answers with this error.
    case error(status: Int, code: String, message: String)
    /// The call is done that much later.
    case latency(Duration)
    /// The connection ends.
    case reset(ResetPoint)
    /// The answer's body ends after so many bytes, and the connection with it.
    case truncate(afterBytes: Int)
    /// The call is done at once, and its answer held back for so long.
    case stall(Duration)
    /// The answer's body comes no faster than this.
    case slowBody(bytesPerSecond: Int)
    /// One bit in the middle of the answer's body is flipped.
    case corrupt
    /// Messages that are received stay visible, and are delivered again.
    case duplicate
    /// SQS says yes and does nothing.
    case drop
    /// The call is done, and the client cannot know.
    case applyThen(Aftermath)
}
