internal import AWSWire
internal import PureJSON

/// The attributes of a queue that its owner sets.
///
/// Source: Amazon SQS API reference, SetQueueAttributes.
package struct QueueSettings: Sendable, Hashable {
    /// How long new messages stay hidden, 0...900.
    package var delaySeconds = 0
    /// The largest message, 1,024...1,048,576, attributes included.
    package var maximumMessageSizeBytes = 1_048_576
    /// How long messages are kept, 60...1,209,600.
    package var retentionSeconds = 345_600
    /// How long a receive waits unless it says otherwise, 0...20.
    package var receiveWaitSeconds = 0
    /// How long a received message stays hidden unless the receive says otherwise, 0...43,200.
    package var visibilityTimeoutSeconds = 30
    /// Where messages go that are received too often.
    package var redrivePolicy: RedrivePolicy?
    /// Which queues may have this one as their dead-letter queue; its text is among the passive attributes.
    package private(set) var redriveAllowPolicy = RedriveAllowPolicy.allowAll
    /// What only FIFO queues have; `nil` for a standard queue.
    package var fifo: FIFOSettings?
    /// Attributes that are stored and shown as they came.
    package var passive: [String: String] = ["SqsManagedSseEnabled": "true"]

    /// Makes the settings of a queue that is created without attributes.
    package init(isFIFO: Bool = false) { fifo = isFIFO ? FIFOSettings() : nil }

    /// The attributes by name, as `GetQueueAttributes` shows them.
    package var attributes: [String: String] {
        var shown = passive
        for name in Self.ranges.keys {
            guard let path = Self.path(of: name) else { continue }
            shown[name] = String(self[keyPath: path])
        }
        shown["RedrivePolicy"] = redrivePolicy?.text
        return shown.merging(fifo?.attributes ?? [:]) { _, new in new }
    }

    /// Applies attributes in the order of their names and leaves all others alone.
    ///
    /// `hasQueue` says whether an ARN is that of a queue of this service.
    mutating func apply(
        _ attributes: [String: String], hasQueue: (String) -> Bool
    ) throws(SQSError) {
        var changed = self
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            try changed.apply(name, value, hasQueue: hasQueue)
        }
        try changed.fifo?.check()
        self = changed
    }

    private mutating func apply(_ name: String, _ value: String, hasQueue: (String) -> Bool) throws(SQSError) {
        if let path = Self.path(of: name) {
            guard let number = Int(value), let range = Self.ranges[name], range.contains(number) else {
                throw SQSError("InvalidAttributeValue", "Invalid value for the parameter \(name).")
            }
            self[keyPath: path] = number
            return
        }
        switch name {
        case "RedrivePolicy":
            redrivePolicy = value.isEmpty ? nil : try RedrivePolicy(text: value, hasQueue: hasQueue)
            guard redrivePolicy.map({ $0.deadLetterTargetARN.hasSuffix(".fifo") == (fifo != nil) }) != false else {
                throw SQSError(
                    "InvalidParameterValueException",
                    "Value \(value) for parameter RedrivePolicy is invalid. "
                        + "Reason: Dead letter queue must be same type of queue as the source.")
            }
        case "RedriveAllowPolicy":
            redriveAllowPolicy = value.isEmpty ? .allowAll : try RedriveAllowPolicy(text: value)
            passive[name] = value.isEmpty ? nil : value
        case "Policy":
            if !value.isEmpty, (try? JSONValue(parsing: value))?.objectValue == nil {
                throw SQSError("InvalidAttributeValue", "Invalid value for the parameter \(name).")
            }
            passive[name] = value.isEmpty ? nil : value
        case "SqsManagedSseEnabled":
            guard ["true", "false"].contains(value.lowercased()) else {
                throw SQSError("InvalidAttributeValue", "Invalid value for the parameter \(name).")
            }
            passive[name] = value.lowercased()
        case "ContentBasedDeduplication" where fifo != nil, "DeduplicationScope" where fifo != nil,
            "FifoQueue" where fifo != nil, "FifoThroughputLimit" where fifo != nil:
            try fifo?.apply(name, value)
        case "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds":
            throw SQSError("UnsupportedOperation", "This service does not encrypt with KMS keys.")
        default: throw SQSError("InvalidAttributeName", "Unknown Attribute \(name).")
        }
    }

    private static func path(of name: String) -> WritableKeyPath<QueueSettings, Int>? {
        switch name {
        case "DelaySeconds": \.delaySeconds
        case "MaximumMessageSize": \.maximumMessageSizeBytes
        case "MessageRetentionPeriod": \.retentionSeconds
        case "ReceiveMessageWaitTimeSeconds": \.receiveWaitSeconds
        case "VisibilityTimeout": \.visibilityTimeoutSeconds
        default: nil
        }
    }

    private static let ranges: [String: ClosedRange<Int>] = [
        "DelaySeconds": 0...900,
        "MaximumMessageSize": 1_024...1_048_576,
        "MessageRetentionPeriod": 60...1_209_600,
        "ReceiveMessageWaitTimeSeconds": 0...20,
        "VisibilityTimeout": 0...43_200,
    ]
}

/// After how many receives a message goes to which dead-letter queue.
package struct RedrivePolicy: Sendable, Hashable {
    /// The ARN of the dead-letter queue.
    package var deadLetterTargetARN: String
    /// How often a message is received before the next receive moves it, 1...1,000.
    package var maxReceiveCount: Int

    /// Makes a policy.
    package init(deadLetterTargetARN: String, maxReceiveCount: Int) {
        self.deadLetterTargetARN = deadLetterTargetARN
        self.maxReceiveCount = maxReceiveCount
    }

    /// Reads the attribute's JSON text.
    init(text: String, hasQueue: (String) -> Bool) throws(SQSError) {
        func refusal(_ reason: String) -> SQSError {
            SQSError(
                "InvalidParameterValueException",
                "Value \(text) for parameter RedrivePolicy is invalid. Reason: \(reason)")
        }
        guard let policy = (try? JSONValue(parsing: text))?.objectValue else {
            throw refusal("Redrive policy is not a valid JSON map.")
        }
        guard let target = policy["deadLetterTargetArn"]?.stringValue else {
            throw refusal("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
        }
        guard let count = policy["maxReceiveCount"] else {
            throw refusal("Redrive policy does not contain mandatory attribute: maxReceiveCount.")
        }
        guard let number = count.integerValue ?? count.stringValue.flatMap({ Int64($0) }),
            (1...1_000).contains(number)
        else { throw refusal("Invalid value for maxReceiveCount: it must be an integer from 1 to 1000.") }
        guard hasQueue(target) else { throw refusal("Dead letter target does not exist.") }
        self.init(deadLetterTargetARN: target, maxReceiveCount: Int(number))
    }

    /// The attribute's JSON text.
    package var text: String {
        let document: JSONValue = [
            "deadLetterTargetArn": .string(deadLetterTargetARN), "maxReceiveCount": .integer(Int64(maxReceiveCount)),
        ]
        return document.serialized()
    }
}
