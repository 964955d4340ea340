package import AWSWire
internal import PureJSON

extension QueueService {
    /// Adds a statement to a queue's policy, which is stored and shown and has no effect here.
    package mutating func handle(
        _ request: AddPermissionRequest, in call: QueueCall
    ) throws(SQSError) -> SQSEmptyResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        try MessageRules.check(permission: request)
        let arn = arn(of: queues[place].record.name)
        var policy = policy(at: place)
        var statements = policy["Statement"]?.arrayValue ?? []
        guard !statements.contains(where: { $0["Sid"]?.stringValue == request.label }) else {
            throw MessageRules.invalid(
                "Value \(request.label) for parameter Label is invalid. Reason: Already exists.")
        }
        statements.append([
            "Sid": .string(request.label), "Effect": "Allow",
            "Principal": ["AWS": Self.oneOrMany(request.accountIDs.map { "arn:aws:iam::\($0):root" })],
            "Action": Self.oneOrMany(request.actions.map { "SQS:" + $0 }), "Resource": .string(arn),
        ])
        if policy.count == 0 {
            policy["Version"] = "2008-10-17"
            policy["Id"] = .string(arn + "/SQSDefaultPolicy")
        }
        policy["Statement"] = .array(statements)
        set(policy, at: place, call)
        return SQSEmptyResponse()
    }

    /// Takes a statement from a queue's policy; a policy without statements goes.
    package mutating func handle(
        _ request: RemovePermissionRequest, in call: QueueCall
    ) throws(SQSError) -> SQSEmptyResponse {
        let place = try place(ofURL: request.queueURL, at: call.now)
        var policy = policy(at: place)
        let statements = policy["Statement"]?.arrayValue ?? []
        let rest = statements.filter { $0["Sid"]?.stringValue != request.label }
        guard rest.count < statements.count else {
            throw MessageRules.invalid(
                "Value \(request.label) for parameter Label is invalid. "
                    + "Reason: can't find label on existing policy.")
        }
        policy["Statement"] = .array(rest)
        set(rest.isEmpty ? nil : policy, at: place, call)
        return SQSEmptyResponse()
    }

    /// The queue's policy; settings hold only what has been read as a JSON object.
    private func policy(at place: Int) -> JSONObject {
        queues[place].settings.passive["Policy"].flatMap { (try? JSONValue(parsing: $0))?.objectValue } ?? JSONObject()
    }

    private mutating func set(_ policy: JSONObject?, at place: Int, _ call: QueueCall) {
        var settings = queues[place].settings
        settings.passive["Policy"] = policy.map { JSONValue.object($0).serialized() }
        queues[place].update(settings, at: call.now)
        note(.queueSaved(queues[place].record))
    }

    private static func oneOrMany(_ texts: [String]) -> JSONValue {
        texts.count == 1 ? .string(texts[0]) : .array(texts.map { .string($0) })
    }
}

extension MessageRules {
    /// Source: Amazon SQS API reference, AddPermission; the operations that only an owner may do are none of these.
    private static let grantable: Set<String> = [
        "*", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl",
        "ListDeadLetterSourceQueues", "PurgeQueue", "ReceiveMessage", "SendMessage",
    ]

    /// Checks label, accounts and actions.
    static func check(permission request: AddPermissionRequest) throws(SQSError) {
        guard (1...80).contains(request.label.utf8.count), request.label.utf8.allSatisfy(isNameByte) else {
            throw invalid(
                "Value \(request.label) for parameter Label is invalid. Reason: Can only include alphanumeric "
                    + "characters, hyphens, or underscores. 1 to 80 in length.")
        }
        guard !request.actions.isEmpty else {
            throw SQSError("MissingRequiredParameterException", "The request must contain the parameter Actions.")
        }
        guard !request.accountIDs.isEmpty else {
            throw SQSError("MissingRequiredParameterException", "The request must contain the parameter AWSAccountIds.")
        }
        guard request.actions.count <= 7 else {
            throw SQSError("OverLimit", "\(request.actions.count) Actions were found, maximum allowed is 7.")
        }
        for action in request.actions where !grantable.contains(action) {
            let isOwners = SQSOperation(rawValue: action) != nil
            throw invalid(
                "Value SQS:\(action) for parameter ActionName is invalid. Reason: "
                    + (isOwners
                        ? "Only the queue owner is allowed to invoke this action."
                        : "Please refer to the appropriate WSDL for a list of valid actions."))
        }
        let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
        for account in request.accountIDs where account.utf8.count != 12 || !account.utf8.allSatisfy(isDigit) {
            throw invalid("Value \(account) for parameter PrincipalId is invalid. Reason: Unable to verify.")
        }
    }
}
