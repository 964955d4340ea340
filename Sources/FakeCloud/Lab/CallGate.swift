internal import HTTPTypes
package import JobCore

/// Holds the calls of processes whose order somebody else decides: the lab.
///
/// A call names itself in the header `x-lab-call`; calls without it are answered as they come.
package protocol CallGate: Sendable {
    /// Waits until a call may begin.
    ///
    /// - Returns: `false` when nobody waits for its answer any more.
    func admit(_ call: String) async -> Bool

    /// Waits until a call that has begun may go on: at a time, or earlier when a queue has something to receive.
    ///
    /// - Returns: `false` when nobody waits for its answer any more.
    func park(_ call: String, until time: Timestamp, queue: String?) async -> Bool

    /// Notes a call's answer, or the end of its connection in the place of one.
    func finished(_ call: String) async
}

/// Sees what happens in a cloud, in the order in which it happens; must return at once.
package protocol CloudObserver: Sendable {
    /// Queues or buckets have changed, in one step.
    func changed(_ changes: [CloudChange])

    /// A call has got its answer, or the end of its connection in the place of one.
    func answered(_ call: AnsweredCall)
}

/// What came of a call.
package struct AnsweredCall: Sendable, Hashable {
    /// The name that it gave itself; `nil` when it goes through no gate.
    package let name: String?
    /// What it asked for.
    package let call: CloudCall
    /// The status of the answer; 0 when there was none.
    package let status: Int
    /// The error's code in the answer.
    package let errorCode: String?
    /// The length of the request's body in bytes.
    package let requestBytes: Int
    /// The length of the answer's body in bytes.
    package let responseBytes: Int
    /// The faults that hit it.
    package let faults: [String]

    init(_ entry: JournalEntry, name: String?) {
        self.name = name
        call = entry.call
        status = entry.status
        errorCode = entry.errorCode
        requestBytes = entry.requestBytes
        responseBytes = entry.responseBytes
        faults = entry.faults
    }
}

/// A call that goes through a gate, known to everything that is done for it.
struct GatedCall: Sendable {
    /// Its name.
    let name: String
    /// The gate.
    let gate: any CallGate

    /// The call that the current task answers; `nil` when it goes through no gate.
    @TaskLocal static var current: GatedCall?

    /// The call that a request is, when it names itself and there is a gate.
    init?(_ head: HTTPRequest, _ gate: (any CallGate)?) {
        guard let gate, let field = HTTPField.Name("x-lab-call"), let name = head.headerFields[field] else {
            return nil
        }
        self.name = name
        self.gate = gate
    }

    /// Waits until a time.
    func wait(until time: Timestamp) async { _ = await gate.park(name, until: time, queue: nil) }
}
