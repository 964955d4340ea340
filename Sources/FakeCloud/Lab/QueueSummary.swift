internal import AWSWire
internal import JobCore
internal import PureJSON

/// A queue at a glance.
struct QueueSummary: Sendable {
    let name: String
    let visible: Int
    let inFlight: Int
    let delayed: Int
    let oldestSentAt: Timestamp?
    let attributes: [String: String]
    let deadLetterQueue: String?
    let maxReceives: Int?
    let sources: [String]

    /// The summary with ages as of a moment.
    func json(at now: Timestamp) -> JSONValue {
        var members: JSONObject = [
            "name": .string(name), "visible": .integer(Int64(visible)), "in_flight": .integer(Int64(inFlight)),
            "delayed": .integer(Int64(delayed)),
        ]
        if let oldestSentAt {
            members["oldest_sent_at"] = .string(oldestSentAt.rfc3339)
            members["oldest_age_seconds"] = .number((now - oldestSentAt).fractionalSeconds)
        }
        if let deadLetterQueue {
            members["dead_letter_queue"] = .string(deadLetterQueue)
            members["max_receives"] = maxReceives.map { .integer(Int64($0)) }
        }
        if !sources.isEmpty { members["dead_letters_of"] = .array(sources.map { .string($0) }) }
        let settings = attributes.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.string($0.value)) }
        var attributes: JSONObject = [:]
        for (name, value) in settings { attributes[name] = value }
        members["attributes"] = .object(attributes)
        return .object(members)
    }
}

extension QueueService {
    /// All queues at a glance, in the order of their names.
    mutating func summaries(at now: Timestamp) -> [QueueSummary] {
        settleEverything(at: now)
        return queueNames.compactMap { name in
            guard let place = places[name] else { return nil }
            let policy = queues[place].settings.redrivePolicy
            let target = policy.flatMap { self.place(ofARN: $0.deadLetterTargetARN) }
            let own = arn(of: name)
            let sources = queues.filter { $0.settings.redrivePolicy?.deadLetterTargetARN == own }.map(\.record.name)
            return QueueSummary(
                name: name, visible: queues[place].count(.visible), inFlight: queues[place].count(.inFlight),
                delayed: queues[place].count(.delayed), oldestSentAt: queues[place].oldestSentAt(),
                attributes: queues[place].settings.attributes, deadLetterQueue: target.map { queues[$0].record.name },
                maxReceives: policy?.maxReceiveCount, sources: sources.sorted())
        }
    }
}

extension StoredMessage {
    /// The message as the lab shows it.
    func labJSON(at now: Timestamp) -> JSONValue {
        var members: JSONObject = [
            "message_id": .string(id), "body": .string(body), "state": .string(placement(at: now).labName),
            "receive_count": .integer(Int64(receiveCount)), "sent_at": .string(sentAt.rfc3339),
            "available_at": .string(availableAt.rfc3339),
            "age_seconds": .number((now - sentAt).fractionalSeconds), "sender_id": .string(senderID),
        ]
        members["first_received_at"] = firstReceivedAt.map { .string($0.rfc3339) }
        members["last_received_at"] = lastReceivedAt.map { .string($0.rfc3339) }
        members["group_id"] = groupID.map { .string($0) }
        members["dead_lettered_from"] = deadLetterSourceARN.map { .string($0) }
        var shown: JSONObject = [:]
        for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) { shown[name] = attribute.json }
        if !shown.isEmpty { members["attributes"] = .object(shown) }
        return .object(members)
    }
}

extension StoredMessage.Placement {
    /// The word in URLs and documents.
    var labName: String {
        switch self {
        case .visible: "visible"
        case .inFlight: "in-flight"
        case .delayed: "delayed"
        }
    }
}
