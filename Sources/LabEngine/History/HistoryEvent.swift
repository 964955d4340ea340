package import PureJSON

/// One thing that happened in a run.
package struct HistoryEvent: Sendable, Hashable {
    /// Its place in the history, from 1.
    package var sequence: Int
    /// The virtual time in nanoseconds since the start of the run.
    package var time: Int64
    /// Who did it: `lab`, `cloud` or the name of a process.
    package var source: String
    /// What happened, such as `job.claimed`.
    package var type: String
    /// Whom it is about: a job, a message, a key; may be empty.
    package var subject: String
    /// The details.
    package var data: JSONObject

    /// Makes an event.
    package init(
        sequence: Int, time: Int64, source: String, type: String, subject: String, data: JSONObject
    ) {
        self.sequence = sequence
        self.time = time
        self.source = source
        self.type = type
        self.subject = subject
        self.data = data
    }

    /// The event as a line of `history.ndjson`, with the attribute names of CloudEvents.
    package var json: JSONValue {
        .object([
            "seq": .integer(Int64(sequence)), "vt": .integer(time), "source": .string(source), "type": .string(type),
            "subject": .string(subject), "data": .object(data),
        ])
    }
}
