internal import AWSWire
internal import PureJSON

/// Which queues may name a queue as their dead-letter queue.
///
/// Source: Amazon SQS API reference, SetQueueAttributes, RedriveAllowPolicy.
package enum RedriveAllowPolicy: Sendable, Hashable {
    /// Every queue, as without a policy.
    case allowAll
    /// No queue.
    case denyAll
    /// The queues with these ARNs, 1...10.
    case byQueue([String])

    /// Reads the attribute's JSON text.
    init(text: String) throws(SQSError) {
        func refusal(_ reason: String) -> SQSError {
            MessageRules.invalid("Value \(text) for parameter RedriveAllowPolicy is invalid. Reason: \(reason)")
        }
        let problem = "Amazon SQS can't create the redrive allow policy. "
        let format = refusal(problem + "The policy must be in JSON format with a redrivePermission.")
        guard let policy = (try? JSONValue(parsing: text))?.objectValue,
            let permission = policy["redrivePermission"]?.stringValue,
            policy.allSatisfy({ ["redrivePermission", "sourceQueueArns"].contains($0.key) })
        else { throw format }
        let listed = policy["sourceQueueArns"]?.arrayValue
        let names = listed?.compactMap(\.stringValue)
        guard names?.count == listed?.count else { throw format }
        switch (permission, names) {
        case ("allowAll", nil): self = .allowAll
        case ("denyAll", nil): self = .denyAll
        case ("allowAll", _), ("denyAll", _):
            throw refusal(
                problem + "To specify one or more source queue ARNs, you must set redrivePermission to byQueue.")
        case ("byQueue", let names?) where (1...10).contains(names.count): self = .byQueue(names)
        case ("byQueue", let names?) where !names.isEmpty:
            throw refusal(problem + "The maximum number of source queue ARNs you can specify is 10.")
        case ("byQueue", _):
            throw refusal(
                problem + "When you specify the byQueue permission type, you must also specify one or more "
                    + "sourceQueueArns values.")
        default: throw format
        }
    }

    /// Whether a queue may name the owner of the policy as its dead-letter queue.
    package func allows(sourceARN: String) -> Bool {
        switch self {
        case .allowAll: true
        case .denyAll: false
        case .byQueue(let names): names.contains(sourceARN)
        }
    }
}
