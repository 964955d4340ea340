internal import FakeCloud
internal import JobCore
internal import LabProtocol
internal import PureJSON
internal import Synchronization

/// What happens in the cloud, as events that the world takes into its history at its next step.
final class CloudWatch: CloudObserver {
    private struct State {
        var events: [WorldEvent] = []
        var messages: [UInt64: Seen] = [:]
        var queueNames: [UInt64: String] = [:]
        var deletedObjects: Set<String> = []
    }

    /// A message as it was seen last.
    private struct Seen {
        var id: String
        var queue: String
        var receiveCount: Int
    }

    private let state = Mutex(State())

    /// The events since the last time.
    func take() -> [WorldEvent] {
        state.withLock { state in
            defer { state.events = [] }
            return state.events
        }
    }

    func changed(_ changes: [CloudChange]) {
        state.withLock { state in
            for change in changes {
                switch change {
                case .queue(let change): Self.note(change, &state)
                case .object(let change): Self.note(change, &state)
                }
            }
        }
    }

    func answered(_ call: AnsweredCall) {
        let operation = "\(call.call.service.rawValue).\(call.call.operation)"
        var data: JSONObject = [
            "op": .string(operation), "status": .integer(Int64(call.status)),
            "request_bytes": .integer(Int64(call.requestBytes)),
            "response_bytes": .integer(Int64(call.responseBytes)),
        ]
        if let name = call.name { data["by"] = .string(String(name.prefix { $0 != "/" })) }
        if let code = call.errorCode { data["error"] = .string(code) }
        state.withLock { state in
            for fault in call.faults {
                state.events.append(
                    WorldEvent("fault.fired", subject: fault, data: ["op": .string(operation)]))
            }
            state.events.append(WorldEvent("request", subject: call.call.resource, data: data))
        }
    }

    private static func note(_ change: QueueChange, _ state: inout State) {
        switch change {
        case .queueSaved(let record): state.queueNames[record.id] = record.name
        case .messageAdded(let queueID, let message):
            let queue = state.queueNames[queueID] ?? ""
            state.messages[message.sequence] = Seen(id: message.id, queue: queue, receiveCount: message.receiveCount)
            state.events.append(event("message.sent", message, queue: queue))
        case .messageRescheduled(let message):
            guard let seen = state.messages[message.sequence] else { return }
            let isReceived = message.receiveCount > seen.receiveCount
            state.messages[message.sequence]?.receiveCount = message.receiveCount
            state.events.append(event(isReceived ? "message.received" : "message.extended", message, queue: seen.queue))
        case .messageMoved(let queueID, let message):
            let from = state.messages[message.sequence]?.queue ?? ""
            let queue = state.queueNames[queueID] ?? ""
            state.messages[message.sequence] = Seen(id: message.id, queue: queue, receiveCount: message.receiveCount)
            var moved = event("message.moved", message, queue: queue)
            moved.data["from"] = .string(from)
            state.events.append(moved)
        case .messageDeleted(let sequence):
            guard let seen = state.messages.removeValue(forKey: sequence) else { return }
            state.events.append(
                WorldEvent("message.deleted", subject: seen.id, data: ["queue": .string(seen.queue)]))
        case .queueDeleted, .queuePurged, .deduplicationAdded, .deduplicationsExpired, .moveTaskSaved,
            .moveTaskForgotten:
            break
        }
    }

    private static func event(_ type: String, _ message: StoredMessage, queue: String) -> WorldEvent {
        WorldEvent(
            type, subject: message.id,
            data: [
                "queue": .string(queue), "receives": .integer(Int64(message.receiveCount)),
                "visible_at": .string(message.availableAt.rfc3339), "body": .string(String(message.body.prefix(512))),
            ])
    }

    private static func note(_ change: ObjectChange, _ state: inout State) {
        switch change {
        case .objectSaved(let bucket, let key, let record):
            state.events.append(
                WorldEvent(
                    "object.stored", subject: "\(bucket)/\(key.text)",
                    data: ["etag": .string(record.etag), "bytes": .integer(record.sizeBytes)]))
        case .objectDeleted(let bucket, let key):
            state.events.append(WorldEvent("object.deleted", subject: "\(bucket)/\(key.text)"))
        case .bucketCreated, .bucketConfigured, .bucketDeleted, .versionArchived, .versionRemoved, .uploadCreated,
            .uploadEnded, .partSaved, .blobReleased:
            break
        }
    }
}
