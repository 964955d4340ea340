package import JobCore

/// One thing that changed in the queues, for whoever keeps them on disk.
///
/// The changes of one call belong together: all of them are kept or none.
package enum QueueChange: Sendable, Hashable {
    /// A queue is new or has other settings.
    case queueSaved(QueueRecord)
    /// A queue and its messages are gone.
    case queueDeleted(queueID: UInt64)
    /// A queue's messages are gone.
    case queuePurged(queueID: UInt64)
    /// A message is new in a queue.
    case messageAdded(queueID: UInt64, StoredMessage)
    /// A message's visibility or count of receipts changed.
    case messageRescheduled(StoredMessage)
    /// A message is in another queue now, unchanged otherwise.
    case messageMoved(toQueueID: UInt64, StoredMessage)
    /// A message is gone.
    case messageDeleted(sequence: UInt64)
    /// A FIFO queue has seen a deduplication id.
    case deduplicationAdded(Deduplication)
    /// A FIFO queue has forgotten the deduplication ids whose time was over then.
    case deduplicationsExpired(queueID: UInt64, at: Timestamp)
    /// A task that moves messages is new or has come further.
    case moveTaskSaved(MoveTask)
    /// A task is too old to be listed.
    case moveTaskForgotten(id: String)
}

/// A queue without its messages.
package struct QueueRecord: Sendable, Hashable {
    /// Its number, never given twice: a queue of the same name made later has another.
    package var id: UInt64
    /// Its name.
    package var name: String
    /// Its settings.
    package var settings: QueueSettings
    /// When it was made.
    package var createdAt: Timestamp
    /// When its settings changed last.
    package var modifiedAt: Timestamp
    /// Its tags by name.
    package var tags: [String: String]

    /// Makes a record.
    package init(
        id: UInt64, name: String, settings: QueueSettings, createdAt: Timestamp, modifiedAt: Timestamp,
        tags: [String: String] = [:]
    ) {
        self.id = id
        self.name = name
        self.settings = settings
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        self.tags = tags
    }
}

/// All that a queue service is: what a restart begins with.
package struct QueueImage: Sendable {
    /// The queues.
    package var queues: [QueueRecord]
    /// The messages by the number of their queue.
    package var messages: [UInt64: [StoredMessage]]
    /// The deduplication ids of FIFO queues, in the order of their ends.
    package var deduplications: [Deduplication] = []
    /// The tasks that move messages, in the order of their starts.
    package var moveTasks: [MoveTask] = []
    /// The highest number given to a message so far.
    package var lastSequence: UInt64
    /// The highest number given to a queue so far.
    package var lastQueueID: UInt64

    /// Makes an image; without arguments that of a new service.
    package init(
        queues: [QueueRecord] = [], messages: [UInt64: [StoredMessage]] = [:], lastSequence: UInt64 = 0,
        lastQueueID: UInt64 = 0
    ) {
        self.queues = queues
        self.messages = messages
        self.lastSequence = lastSequence
        self.lastQueueID = lastQueueID
    }
}
