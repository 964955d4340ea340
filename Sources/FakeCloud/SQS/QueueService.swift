internal import AWSWire
package import JobCore

/// What a queue service is told about a call beside the request.
package struct QueueCall: Sendable, Hashable {
    /// The time of the call.
    package var now: Timestamp
    /// The address that the client used, such as `http://127.0.0.1:4566`; queue URLs start with it.
    package var endpoint: String

    /// Makes the circumstances of a call.
    package init(at now: Timestamp, endpoint: String) {
        self.now = now
        self.endpoint = endpoint
    }
}

/// Amazon SQS as a pure machine: requests and times go in; answers, changes and deliveries come out.
///
/// It knows no clock, no disk and no network. After each call its shell takes ``takeChanges()`` to the disk and
/// ``takeDeliveries()`` to the receivers that wait, and calls ``settle(at:)`` again at ``nextWakeup`` or later.
package struct QueueService: Sendable {
    /// The account that owns the queues, 12 digits.
    package let account: String
    /// The region in the queues' ARNs.
    package let region: String
    /// Whether a name may be used again, and a queue purged again, only after AWS's 60 seconds.
    package let enforcesCooldowns: Bool

    var queues: [QueueState] = []
    var places: [String: Int] = [:]
    var deletedAt: [String: Timestamp] = [:]
    var lastSequence: UInt64
    var lastQueueID: UInt64
    var ids: IDSource
    var line = WaitingLine()
    /// The last tasks of each dead-letter queue by its number, the latest last; only that one may run.
    var moveTasks: [UInt64: [MoveTask]] = [:]
    private var releasedCount = 0
    private var changes: [QueueChange] = []

    /// Starts a service from what was kept of an earlier one, at a moment.
    package init(
        account: String, region: String, enforcesCooldowns: Bool = true, ids: IDSource,
        image: QueueImage = QueueImage(),
        at now: Timestamp
    ) {
        self.account = account
        self.region = region
        self.enforcesCooldowns = enforcesCooldowns
        self.ids = ids
        lastSequence = image.lastSequence
        lastQueueID = image.lastQueueID
        for record in image.queues.sorted(by: { $0.id < $1.id }) {
            places[record.name] = queues.count
            queues.append(QueueState(record, messages: image.messages[record.id] ?? [], at: now))
        }
        for task in image.moveTasks { moveTasks[task.sourceID, default: []].append(task) }
        for record in image.deduplications {
            guard let place = place(ofQueueID: record.queueID) else { continue }
            queues[place].deduplications.add(record, named: record.key, until: record.end)
        }
    }

    /// The changes since this was asked last, in order.
    package mutating func takeChanges() -> [QueueChange] {
        defer { changes = [] }
        return changes
    }

    /// The answers for receivers that waited, since this was asked last.
    package mutating func takeDeliveries() -> [WaitingLine.Delivery] { line.takeDeliveries() }

    /// When ``settle(at:)`` has something to do for a receiver that waits or a task that moves messages.
    package var nextWakeup: Timestamp? {
        var earliest = line.nextDeadline
        for name in line.queueNames {
            guard let place = places[name], let change = queues[place].nextVisibilityChange else { continue }
            earliest = earliest.map { min($0, change) } ?? change
        }
        for task in runningMoveTasks { earliest = earliest.map { min($0, task.nextMove) } ?? task.nextMove }
        return earliest
    }

    /// Lets time pass: serves receivers whose message became visible, and answers those who waited long enough.
    package mutating func settle(at now: Timestamp) {
        runMoveTasks(at: now)
        for name in line.queueNames { serveWaiters(of: name, at: now) }
        line.expire(at: now)
    }

    /// Forgets a receiver that waits no more; what it would have got stays in the queue.
    package mutating func cancel(waiter: WaitingLine.ID) { line.remove(waiter) }

    /// Answers all waiting receivers with nothing, as at the end of the service.
    package mutating func releaseWaiters() { line.releaseAll() }

    /// How many messages memory was given back for since this was asked last.
    package mutating func takeReleasedCount() -> Int {
        defer { releasedCount = 0 }
        return releasedCount
    }

    mutating func noteReleased(_ count: Int) { releasedCount += count }

    mutating func note(_ change: QueueChange) { changes.append(change) }

    /// The place of the queue that a URL names, settled.
    mutating func place(ofURL url: String, at now: Timestamp) throws(SQSError) -> Int {
        let parts = url.utf8.split(separator: UInt8(ascii: "/"))
        guard let name = parts.last, let place = places[String(Substring(name))],
            parts.count < 3 || parts[parts.count - 2].elementsEqual(account.utf8)
        else { throw Self.noQueue }
        runMoveTasks(at: now)
        settle(place: place, at: now)
        return place
    }

    mutating func settle(place: Int, at now: Timestamp) {
        for sequence in queues[place].settle(at: now) { note(.messageDeleted(sequence: sequence)) }
        if queues[place].deduplications.expire(at: now) {
            note(.deduplicationsExpired(queueID: queues[place].record.id, at: now))
        }
    }

    func url(of name: String, _ call: QueueCall) -> String { call.endpoint + "/" + account + "/" + name }

    func arn(of name: String) -> String { "arn:aws:sqs:\(region):\(account):\(name)" }

    func place(ofARN arn: String) -> Int? {
        let prefix = self.arn(of: "")
        return arn.hasPrefix(prefix) ? places[String(arn.dropFirst(prefix.count))] : nil
    }

    static let noQueue = SQSError("QueueDoesNotExist", "The specified queue does not exist.")
}
