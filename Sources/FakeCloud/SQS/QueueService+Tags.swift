package import AWSWire

extension QueueService {
    /// Gives a queue tags.
    package mutating func handle(_ request: TagQueueRequest, in call: QueueCall) throws(SQSError) -> SQSEmptyResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        guard !request.tags.isEmpty else {
            throw SQSError("MissingRequiredParameterException", "The request must contain the parameter Tags.")
        }
        let tags = queues[place].record.tags.merging(request.tags) { _, new in new }
        try MessageRules.check(tags: tags, queueName: queues[place].record.name)
        set(tags, at: place)
        return SQSEmptyResponse()
    }

    /// Takes tags from a queue; one that it does not have is no error.
    package mutating func handle(
        _ request: UntagQueueRequest, in call: QueueCall
    ) throws(SQSError) -> SQSEmptyResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        guard !request.tagKeys.isEmpty else {
            throw SQSError("MissingRequiredParameterException", "The request must contain the parameter TagKeys.")
        }
        set(queues[place].record.tags.filter { !request.tagKeys.contains($0.key) }, at: place)
        return SQSEmptyResponse()
    }

    /// Lists the tags of a queue.
    package mutating func handle(
        _ request: ListQueueTagsRequest, in call: QueueCall
    ) throws(SQSError) -> ListQueueTagsResponse {
        ListQueueTagsResponse(tags: queues[try place(ofURL: request.queueURL, at: call.now)].record.tags)
    }

    private mutating func set(_ tags: [String: String], at place: Int) {
        guard queues[place].record.tags != tags else { return }
        queues[place].record.tags = tags
        note(.queueSaved(queues[place].record))
    }
}

extension MessageRules {
    /// Checks tags by number and length.
    static func check(tags: [String: String], queueName: String) throws(SQSError) {
        guard tags.count <= 50 else { throw invalid("Too many tags added for queue \(queueName).") }
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            guard (1...128).contains(key.unicodeScalars.count), value.unicodeScalars.count <= 256 else {
                throw invalid("The tag '\(key)' must have a key of 1 to 128 and a value of at most 256 characters.")
            }
        }
    }
}
