package import PureJSON

/// Something that a process did, for the lab's history.
package struct WorldEvent: Sendable, Hashable {
    /// What, such as `job.claimed` or `handler.started`.
    package var type: String
    /// Whom it is about, such as a job's identifier; empty when it is about the process.
    package var subject: String
    /// The details.
    package var data: JSONObject

    /// Makes an event.
    package init(_ type: String, subject: String = "", data: JSONObject = [:]) {
        self.type = type
        self.subject = subject
        self.data = data
    }
}
