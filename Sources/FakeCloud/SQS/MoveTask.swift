internal import AWSWire
package import JobCore
internal import PureJSON

/// A task that moves the messages of a dead-letter queue to another queue or back to where they came from.
///
/// Source: Amazon SQS API reference, StartMessageMoveTask.
package struct MoveTask: Sendable, Hashable {
    /// How far a task is.
    package enum Status: String, Sendable, Hashable {
        case running = "RUNNING"
        case completed = "COMPLETED"
        case cancelled = "CANCELLED"
        case failed = "FAILED"
    }

    /// Its name.
    package let id: String
    /// The dead-letter queue's number.
    package let sourceID: UInt64
    /// The dead-letter queue.
    package let sourceARN: String
    /// Where the messages go; each to the queue that it came from when absent.
    package let destinationARN: String?
    /// How many go in a second, 1...500; all at once when absent.
    package let ratePerSecond: Int?
    /// When it began.
    package let startedAt: Timestamp
    /// How many messages there were then.
    package let totalCount: Int
    /// How many have been moved.
    package var movedCount = 0
    /// How far it is.
    package var status = Status.running
    /// Why it failed.
    package var failureReason: String?

    /// Names the task for clients: the task's and the queue's name as JSON in base 64, as AWS does.
    var handle: String {
        let document: JSONValue = ["taskId": .string(id), "sourceArn": .string(sourceARN)]
        return Base64.encode(document.serialized().utf8)
    }

    /// The task's name in a handle; `nil` for a text that is none.
    static func id(inHandle handle: String) -> String? {
        guard let bytes = Base64.decode(handle) else { return nil }
        return (try? JSONValue(parsing: bytes))?["taskId"]?.stringValue
    }

    /// How many messages should have been moved by then.
    func dueCount(at now: Timestamp) -> Int {
        guard let ratePerSecond else { return totalCount }
        let elapsed = max(0, now.nanoseconds - startedAt.nanoseconds)
        return Int(min(Int128(totalCount), elapsed * Int128(ratePerSecond) / 1_000_000_000))
    }

    /// When the next message should be moved.
    var nextMove: Timestamp {
        guard let ratePerSecond else { return startedAt }
        let nanoseconds = (Int128(movedCount) + 1) * 1_000_000_000
        return Timestamp(
            nanoseconds: startedAt.nanoseconds + (nanoseconds + Int128(ratePerSecond) - 1) / Int128(ratePerSecond))
    }

    /// The task as clients see it.
    var shown: MessageMoveTaskResult {
        MessageMoveTaskResult(
            taskHandle: status == .running ? handle : nil, status: status.rawValue, sourceARN: sourceARN,
            destinationARN: destinationARN, ratePerSecond: ratePerSecond, movedCount: movedCount,
            totalCount: totalCount, failureReason: failureReason, startedMilliseconds: Int(startedAt.milliseconds))
    }
}
