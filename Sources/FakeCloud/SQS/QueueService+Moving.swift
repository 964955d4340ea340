package import AWSWire
internal import JobCore

extension QueueService {
    /// Starts to move the messages of a dead-letter queue.
    package mutating func handle(
        _ request: StartMessageMoveTaskRequest, in call: QueueCall
    ) throws(SQSError) -> StartMessageMoveTaskResponse {
        let source = try source(request.sourceARN, parameter: "SourceArn", at: call.now)
        guard queues.contains(where: { $0.settings.redrivePolicy?.deadLetterTargetARN == request.sourceARN }) else {
            throw MessageRules.invalid("Source queue must be configured as a Dead Letter Queue.")
        }
        if let destination = request.destinationARN {
            let place = try self.source(destination, parameter: "DestinationArn", at: call.now)
            guard place != source, (queues[place].settings.fifo == nil) == (queues[source].settings.fifo == nil) else {
                throw MessageRules.invalid(
                    "Value \(destination) for parameter DestinationArn is invalid. Reason: The destination must be "
                        + "another queue of the same type as the source.")
            }
        }
        try MessageRules.check(
            request.ratePerSecond, in: 1...500, parameter: "MaxNumberOfMessagesPerSecond",
            reason: "Must be between 1 and 500, if provided.")
        let id = queues[source].record.id
        var tasks = moveTasks[id] ?? []
        guard !tasks.contains(where: { $0.status == .running }) else {
            throw MessageRules.invalid(
                "There is already a task running. Only one active task is allowed for a source queue arn at a given "
                    + "time.")
        }
        let task = MoveTask(
            id: ids.uuid(), sourceID: id, sourceARN: request.sourceARN, destinationARN: request.destinationARN,
            ratePerSecond: request.ratePerSecond, startedAt: call.now, totalCount: queues[source].count(.visible))
        tasks.append(task)
        for old in tasks.dropLast(10) { note(.moveTaskForgotten(id: old.id)) }
        moveTasks[id] = tasks.suffix(10)
        note(.moveTaskSaved(task))
        runMoveTasks(at: call.now)
        return StartMessageMoveTaskResponse(taskHandle: task.handle)
    }

    /// Ends a task; what it has moved stays moved.
    package mutating func handle(
        _ request: CancelMessageMoveTaskRequest, in call: QueueCall
    ) throws(SQSError) -> CancelMessageMoveTaskResponse {
        guard let id = MoveTask.id(inHandle: request.taskHandle) else {
            throw MessageRules.invalid("Value for parameter TaskHandle is invalid.")
        }
        runMoveTasks(at: call.now)
        guard var task = moveTasks.values.joined().first(where: { $0.id == id }) else {
            throw SQSError("ResourceNotFoundException", "Task does not exist.")
        }
        guard task.status == .running else { throw MessageRules.invalid("Only active tasks can be cancelled.") }
        task.status = .cancelled
        save(task)
        return CancelMessageMoveTaskResponse(movedCount: task.movedCount)
    }

    /// Lists the last tasks of a dead-letter queue, the latest first.
    package mutating func handle(
        _ request: ListMessageMoveTasksRequest, in call: QueueCall
    ) throws(SQSError) -> ListMessageMoveTasksResponse {
        try MessageRules.check(
            request.maxResults, in: 1...10, parameter: "MaxResults", reason: "Must be between 1 and 10, if provided.")
        let source = try source(request.sourceARN, parameter: "SourceArn", at: call.now)
        let tasks = moveTasks[queues[source].record.id] ?? []
        return ListMessageMoveTasksResponse(results: tasks.reversed().prefix(request.maxResults ?? 1).map(\.shown))
    }

    /// The tasks that run, in the order of their queues.
    var runningMoveTasks: [MoveTask] {
        moveTasks.values.compactMap { $0.last }.filter { $0.status == .running }.sorted { $0.sourceID < $1.sourceID }
    }

    /// Moves what is due.
    mutating func runMoveTasks(at now: Timestamp) {
        for var task in runningMoveTasks {
            guard let source = place(ofQueueID: task.sourceID) else { continue }
            settle(place: source, at: now)
            let before = task
            var targets: Set<Int> = []
            while task.status == .running, task.movedCount < task.dueCount(at: now) {
                moveOne(&task, from: source, into: &targets, at: now)
            }
            if task.status == .running, task.movedCount >= task.totalCount { task.status = .completed }
            if task != before { save(task) }
            for name in targets.map({ queues[$0].record.name }).sorted() { serveWaiters(of: name, at: now) }
        }
    }

    /// Moves one message, as a new one with another id; without a visible message the task is done.
    ///
    /// Amazon SQS developer guide, "Configuring a dead-letter queue redrive": redriven messages are considered new
    /// messages with a new message id and time.
    private mutating func moveOne(
        _ task: inout MoveTask, from source: Int, into targets: inout Set<Int>, at now: Timestamp
    ) {
        var run = MessageRun()
        guard queues[source].takeRun(into: &run, upTo: 1, isSpent: { _ in false }), let message = run.live.first else {
            task.status = .completed
            return
        }
        let destination = task.destinationARN ?? message.deadLetterSourceARN
        guard let destination, let target = place(ofARN: destination) else {
            task.status = .failed
            task.failureReason =
                destination == nil ? "CouldNotDetermineMessageSource" : "AWS.SimpleQueueService.NonExistentQueue"
            queues[source].reschedule(message, at: now)
            return
        }
        lastSequence += 1
        let moved = message.entering(sequence: lastSequence, id: ids.uuid(), at: now, availableAt: now)
        queues[source].remove(message.sequence)
        queues[target].add(moved, at: now)
        note(.messageDeleted(sequence: message.sequence))
        note(.messageAdded(queueID: queues[target].record.id, moved))
        targets.insert(target)
        task.movedCount += 1
    }

    private mutating func save(_ task: MoveTask) {
        guard let index = moveTasks[task.sourceID]?.firstIndex(where: { $0.id == task.id }) else { return }
        moveTasks[task.sourceID]?[index] = task
        note(.moveTaskSaved(task))
    }

    private mutating func source(_ arn: String, parameter: String, at now: Timestamp) throws(SQSError) -> Int {
        guard let place = place(ofARN: arn) else {
            throw SQSError(
                "ResourceNotFoundException",
                "The resource that you specified for the \(parameter) parameter doesn't exist.")
        }
        runMoveTasks(at: now)
        settle(place: place, at: now)
        return place
    }
}
