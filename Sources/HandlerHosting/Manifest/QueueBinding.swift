package import PureJSON

/// Which jobs are for a handler, by the queue they come from and by members of their message.
package struct QueueBinding: Sendable, Hashable {
    /// Queues; any when empty.
    package var queueNames: [String]
    /// Members of the message that must have these values, in the manifest's order.
    package var match: [Condition]

    /// A member of the message and its value.
    package struct Condition: Sendable, Hashable {
        package var member: String
        package var value: JSONValue
    }

    /// Whether some message of some queue is for both.
    func overlaps(_ other: QueueBinding) -> Bool {
        let sharesQueue =
            queueNames.isEmpty || other.queueNames.isEmpty || queueNames.contains(where: other.queueNames.contains)
        let contradicts = match.contains { own in
            other.match.contains { $0.member == own.member && $0.value != own.value }
        }
        return sharesQueue && !contradicts
    }

    /// The binding in words, such as `type "a" on queue q`.
    var summary: String {
        let conditions = match.map { "\($0.member) \($0.value.serialized())" }.joined(separator: " and ")
        let queues = queueNames.isEmpty ? "any queue" : "queue \(queueNames.joined(separator: ", "))"
        return "\(conditions.isEmpty ? "every message" : conditions) on \(queues)"
    }
}
