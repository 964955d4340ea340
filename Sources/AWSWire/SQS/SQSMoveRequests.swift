package import PureJSON

/// Starts to move the messages of a dead-letter queue.
package struct StartMessageMoveTaskRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = StartMessageMoveTaskResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .startMessageMoveTask }

    /// The dead-letter queue.
    package var sourceARN: String
    /// Where they go; each to the queue that it came from when absent.
    package var destinationARN: String?
    /// How many in a second, 1...500.
    package var ratePerSecond: Int?

    /// Makes the document from its members.
    package init(sourceARN: String, destinationARN: String? = nil, ratePerSecond: Int? = nil) {
        self.sourceARN = sourceARN
        self.destinationARN = destinationARN
        self.ratePerSecond = ratePerSecond
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        sourceARN = try members.requiredString("SourceArn")
        destinationARN = try members.string("DestinationArn")
        ratePerSecond = try members.integer("MaxNumberOfMessagesPerSecond")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("SourceArn", sourceARN)
        members.set("DestinationArn", destinationARN)
        members.set("MaxNumberOfMessagesPerSecond", ratePerSecond)
        return members.json
    }
}

/// The task that was started.
package struct StartMessageMoveTaskResponse: SQSPayload {
    /// Names the task in other requests.
    package var taskHandle: String

    /// Makes the document from its members.
    package init(taskHandle: String) {
        self.taskHandle = taskHandle
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        taskHandle = try members.requiredString("TaskHandle")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("TaskHandle", taskHandle)
        return members.json
    }
}

/// Ends a task that moves messages.
package struct CancelMessageMoveTaskRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = CancelMessageMoveTaskResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .cancelMessageMoveTask }

    /// Names the task.
    package var taskHandle: String

    /// Makes the document from its members.
    package init(taskHandle: String) {
        self.taskHandle = taskHandle
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        taskHandle = try members.requiredString("TaskHandle")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("TaskHandle", taskHandle)
        return members.json
    }
}

/// What a cancelled task has done.
package struct CancelMessageMoveTaskResponse: SQSPayload {
    /// How many messages it moved.
    package var movedCount: Int

    /// Makes the document from its members.
    package init(movedCount: Int) {
        self.movedCount = movedCount
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        movedCount = try members.requiredInteger("ApproximateNumberOfMessagesMoved")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("ApproximateNumberOfMessagesMoved", movedCount)
        return members.json
    }
}

/// Lists the last tasks of a dead-letter queue.
package struct ListMessageMoveTasksRequest: SQSRequest {
    /// See ``SQSRequest``.
    package typealias Response = ListMessageMoveTasksResponse
    /// See ``SQSRequest``.
    package static var operation: SQSOperation { .listMessageMoveTasks }

    /// The dead-letter queue.
    package var sourceARN: String
    /// How many, 1...10; 1 when absent.
    package var maxResults: Int?

    /// Makes the document from its members.
    package init(sourceARN: String, maxResults: Int? = nil) {
        self.sourceARN = sourceARN
        self.maxResults = maxResults
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        sourceARN = try members.requiredString("SourceArn")
        maxResults = try members.integer("MaxResults")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("SourceArn", sourceARN)
        members.set("MaxResults", maxResults)
        return members.json
    }
}

/// The last tasks of a dead-letter queue, the latest first.
package struct ListMessageMoveTasksResponse: SQSPayload {
    /// The tasks.
    package var results: [MessageMoveTaskResult]

    /// Makes the document from its members.
    package init(results: [MessageMoveTaskResult] = []) {
        self.results = results
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        results = try members.list("Results", of: MessageMoveTaskResult.self)
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("Results", results, always: true)
        return members.json
    }
}

/// One task that moves or moved messages.
package struct MessageMoveTaskResult: SQSPayload {
    /// Names the task while it runs.
    package var taskHandle: String?
    /// `RUNNING`, `COMPLETED`, `CANCELLING`, `CANCELLED` or `FAILED`.
    package var status: String
    /// The dead-letter queue.
    package var sourceARN: String
    /// Where the messages go, when the request said so.
    package var destinationARN: String?
    /// How many in a second, when the request said so.
    package var ratePerSecond: Int?
    /// How many were moved.
    package var movedCount: Int
    /// How many there were at the start.
    package var totalCount: Int?
    /// Why it failed.
    package var failureReason: String?
    /// When it started, in milliseconds since 1970.
    package var startedMilliseconds: Int

    /// Makes the document from its members.
    package init(
        taskHandle: String? = nil, status: String, sourceARN: String, destinationARN: String? = nil,
        ratePerSecond: Int? = nil, movedCount: Int, totalCount: Int? = nil, failureReason: String? = nil,
        startedMilliseconds: Int
    ) {
        self.taskHandle = taskHandle
        self.status = status
        self.sourceARN = sourceARN
        self.destinationARN = destinationARN
        self.ratePerSecond = ratePerSecond
        self.movedCount = movedCount
        self.totalCount = totalCount
        self.failureReason = failureReason
        self.startedMilliseconds = startedMilliseconds
    }

    /// Reads the document.
    package init(json: JSONValue) throws(SQSCodecError) {
        let members = try SQSMembers(json)
        taskHandle = try members.string("TaskHandle")
        status = try members.requiredString("Status")
        sourceARN = try members.requiredString("SourceArn")
        destinationARN = try members.string("DestinationArn")
        ratePerSecond = try members.integer("MaxNumberOfMessagesPerSecond")
        movedCount = try members.requiredInteger("ApproximateNumberOfMessagesMoved")
        totalCount = try members.integer("ApproximateNumberOfMessagesToMove")
        failureReason = try members.string("FailureReason")
        startedMilliseconds = try members.requiredInteger("StartedTimestamp")
    }

    /// The document.
    package var json: JSONValue {
        var members = SQSMemberWriter()
        members.set("TaskHandle", taskHandle)
        members.set("Status", status)
        members.set("SourceArn", sourceARN)
        members.set("DestinationArn", destinationARN)
        members.set("MaxNumberOfMessagesPerSecond", ratePerSecond)
        members.set("ApproximateNumberOfMessagesMoved", movedCount)
        members.set("ApproximateNumberOfMessagesToMove", totalCount)
        members.set("FailureReason", failureReason)
        members.set("StartedTimestamp", startedMilliseconds)
        return members.json
    }
}
