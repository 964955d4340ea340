package import AWSWire
internal import JobCore

extension QueueService {
    /// Makes a queue, or finds the one of that name when its attributes do not differ.
    package mutating func handle(
        _ request: CreateQueueRequest, in call: QueueCall
    ) throws(SQSError) -> QueueURLResponse {
        let name = request.queueName
        let isFIFO = request.attributes["FifoQueue"]?.lowercased() == "true"
        try MessageRules.check(queueName: name, isFIFO: isFIFO)
        try MessageRules.check(tags: request.tags, queueName: name)
        if let place = places[name] {
            try checkSame(queues[place], attributes: request.attributes)
            return QueueURLResponse(queueURL: url(of: name, call))
        }
        if enforcesCooldowns, let deletion = deletedAt[name], call.now < deletion + .seconds(60) {
            throw SQSError(
                "QueueDeletedRecently",
                "You must wait 60 seconds after deleting a queue before you can create another with the same name.")
        }
        var settings = QueueSettings(isFIFO: isFIFO)
        try settings.apply(request.attributes) { place(ofARN: $0) != nil }
        try checkRedrive(request.attributes, settings, ofQueue: name)
        lastQueueID += 1
        let record = QueueRecord(
            id: lastQueueID, name: name, settings: settings, createdAt: call.now, modifiedAt: call.now,
            tags: request.tags)
        places[name] = queues.count
        queues.append(QueueState(record, at: call.now))
        deletedAt[name] = nil
        note(.queueSaved(record))
        return QueueURLResponse(queueURL: url(of: name, call))
    }

    /// Finds a queue by its name.
    package func handle(_ request: GetQueueURLRequest, in call: QueueCall) throws(SQSError) -> QueueURLResponse {
        guard places[request.queueName] != nil, request.queueOwnerAccountID ?? account == account else {
            throw Self.noQueue
        }
        return QueueURLResponse(queueURL: url(of: request.queueName, call))
    }

    /// Lists queues by name, a page at a time when the request says how many.
    package func handle(_ request: ListQueuesRequest, in call: QueueCall) throws(SQSError) -> ListQueuesResponse {
        let prefix = request.queueNamePrefix ?? ""
        let page = try page(
            places.keys.filter { $0.hasPrefix(prefix) }, maxResults: request.maxResults, nextToken: request.nextToken)
        return ListQueuesResponse(queueURLs: page.names.map { url(of: $0, call) }, nextToken: page.nextToken)
    }

    /// One page of names in order; without a size the first 1,000.
    private func page(
        _ names: [String], maxResults: Int?, nextToken: String?
    ) throws(SQSError) -> (names: [String], nextToken: String?) {
        try MessageRules.check(
            maxResults, in: 1...1_000, parameter: "MaxResults", reason: "MaxResults must be between 1 and 1000.")
        guard nextToken == nil || maxResults != nil else {
            throw MessageRules.invalid("MaxResults must be provided along with NextToken.")
        }
        var names = names.sorted()
        if let nextToken {
            guard let last = Base64.decode(nextToken) else { throw MessageRules.invalid("Invalid NextToken value.") }
            let after = String(decoding: last, as: UTF8.self)
            names.removeAll { $0 <= after }
        }
        let page = names.prefix(maxResults ?? 1_000)
        let isMore = maxResults != nil && names.count > page.count
        return (Array(page), isMore ? page.last.map { Base64.encode($0.utf8) } : nil)
    }

    /// Deletes a queue with its messages.
    package mutating func handle(
        _ request: DeleteQueueRequest, in call: QueueCall
    ) throws(SQSError) -> SQSEmptyResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        let record = queues[place].record
        line.releaseAll(at: record.name)
        noteReleased(queues[place].messageCount)
        queues.swapAt(place, queues.count - 1)
        queues.removeLast()
        if place < queues.count { places[queues[place].record.name] = place }
        places[record.name] = nil
        moveTasks[record.id] = nil
        deletedAt = deletedAt.filter { call.now < $0.value + .seconds(60) }
        deletedAt[record.name] = call.now
        note(.queueDeleted(queueID: record.id))
        return SQSEmptyResponse()
    }

    /// Deletes a queue's messages, those in flight included.
    package mutating func handle(
        _ request: PurgeQueueRequest, in call: QueueCall
    ) throws(SQSError) -> SQSEmptyResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        if enforcesCooldowns, let last = queues[place].purgedAt, call.now < last + .seconds(60) {
            throw SQSError(
                "PurgeQueueInProgress",
                "Only one PurgeQueue operation on \(queues[place].record.name) is allowed every 60 seconds.")
        }
        noteReleased(queues[place].messageCount)
        queues[place].purge(at: call.now)
        note(.queuePurged(queueID: queues[place].record.id))
        return SQSEmptyResponse()
    }

    /// Shows the attributes that the request names.
    package mutating func handle(
        _ request: GetQueueAttributesRequest, in call: QueueCall
    ) throws(SQSError) -> GetQueueAttributesResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        let all = attributes(of: queues[place])
        if request.attributeNames.contains("All") { return GetQueueAttributesResponse(attributes: all) }
        var shown: [String: String] = [:]
        for name in request.attributeNames {
            guard Self.attributeNames.contains(name) else {
                throw SQSError("InvalidAttributeName", "Unknown Attribute \(name).")
            }
            shown[name] = all[name]
        }
        return GetQueueAttributesResponse(attributes: shown)
    }

    /// Sets the attributes that the request names and leaves all others alone.
    package mutating func handle(
        _ request: SetQueueAttributesRequest, in call: QueueCall
    ) throws(SQSError) -> SQSEmptyResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        var settings = queues[place].settings
        try settings.apply(request.attributes) { self.place(ofARN: $0) != nil }
        try checkRedrive(request.attributes, settings, ofQueue: queues[place].record.name)
        let hasOtherDelay = settings.delaySeconds != queues[place].settings.delaySeconds
        queues[place].update(settings, at: call.now)
        note(.queueSaved(queues[place].record))
        if settings.fifo != nil, hasOtherDelay {
            for message in queues[place].applyDelay(at: call.now) { note(.messageRescheduled(message)) }
        }
        settle(place: place, at: call.now)
        serveWaiters(of: queues[place].record.name, at: call.now)
        return SQSEmptyResponse()
    }

    /// Lists the queues whose redrive policy names this one.
    package mutating func handle(
        _ request: ListDeadLetterSourceQueuesRequest, in call: QueueCall
    ) throws(SQSError) -> ListDeadLetterSourceQueuesResponse {
        let target = arn(of: queues[try place(ofURL: request.queueURL, at: call.now)].record.name)
        let names = queues.filter { $0.settings.redrivePolicy?.deadLetterTargetARN == target }.map(\.record.name)
        let page = try page(names, maxResults: request.maxResults, nextToken: request.nextToken)
        return ListDeadLetterSourceQueuesResponse(
            queueURLs: page.names.map { url(of: $0, call) }, nextToken: page.nextToken)
    }

    private static let attributeNames: Set<String> = [
        "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible",
        "ContentBasedDeduplication", "CreatedTimestamp", "DeduplicationScope", "DelaySeconds", "FifoQueue",
        "FifoThroughputLimit", "KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "LastModifiedTimestamp",
        "MaximumMessageSize", "MessageRetentionPeriod", "Policy", "QueueArn", "ReceiveMessageWaitTimeSeconds",
        "RedriveAllowPolicy", "RedrivePolicy", "SqsManagedSseEnabled", "VisibilityTimeout",
    ]

    private func attributes(of queue: QueueState) -> [String: String] {
        var shown = queue.settings.attributes
        shown["ApproximateNumberOfMessages"] = String(queue.count(.visible))
        shown["ApproximateNumberOfMessagesDelayed"] = String(queue.count(.delayed))
        shown["ApproximateNumberOfMessagesNotVisible"] = String(queue.count(.inFlight))
        shown["CreatedTimestamp"] = String(queue.record.createdAt.seconds)
        shown["LastModifiedTimestamp"] = String(queue.record.modifiedAt.seconds)
        shown["QueueArn"] = arn(of: queue.record.name)
        return shown
    }

    /// Checks that the dead-letter queue which is being named lets this queue name it.
    private func checkRedrive(
        _ attributes: [String: String], _ settings: QueueSettings, ofQueue name: String
    ) throws(SQSError) {
        guard let text = attributes["RedrivePolicy"], let policy = settings.redrivePolicy,
            let target = place(ofARN: policy.deadLetterTargetARN)
        else { return }
        guard queues[target].settings.redriveAllowPolicy.allows(sourceARN: arn(of: name)) else {
            throw MessageRules.invalid(
                "Value \(text) for parameter RedrivePolicy is invalid. Reason: The redrive allow policy of the "
                    + "dead-letter queue does not permit this source queue.")
        }
    }

    private func checkSame(_ queue: QueueState, attributes wanted: [String: String]) throws(SQSError) {
        var settings = queue.settings
        try settings.apply(wanted) { place(ofARN: $0) != nil }
        guard settings != queue.settings else { return }
        let (old, new) = (queue.settings.attributes, settings.attributes)
        let name = wanted.keys.sorted().first { old[$0] != new[$0] } ?? ""
        throw SQSError(
            "QueueNameExists",
            "A queue already exists with the same name and a different value for attribute \(name)")
    }
}
