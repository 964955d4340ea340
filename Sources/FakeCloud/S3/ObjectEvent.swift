internal import AWSWire
internal import JobCore
internal import PureJSON

/// Something that happened to an object, as S3 tells a queue of it.
struct ObjectEvent: Sendable, Hashable {
    /// The name without `s3:`, such as `ObjectCreated:Put`.
    let name: String
    /// The object.
    let key: ObjectKey
    /// The record, when there is an object still.
    var record: ObjectRecord?
    /// The version, in a bucket that keeps versions.
    var versionID: String?

    /// The events that a queue can be told of here; the others of S3 cannot happen.
    static let names: Set<String> = [
        "ObjectCreated:Put", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload", "ObjectRemoved:Delete",
        "ObjectRemoved:DeleteMarkerCreated", "ObjectTagging:Put", "ObjectTagging:Delete",
    ]

    /// Whether a configuration asks for the event.
    func isWanted(by queue: S3NotificationConfiguration.Queue) -> Bool {
        queue.events.contains { Self.isPattern($0, of: "s3:" + name) } && key.hasPrefix(queue.prefix ?? "")
            && key.text.utf8.reversed().starts(with: (queue.suffix ?? "").utf8.reversed())
    }

    /// Whether `s3:ObjectCreated:*`, or a name itself, means an event.
    static func isPattern(_ pattern: String, of name: String) -> Bool {
        pattern.hasSuffix(":*") ? name.hasPrefix(pattern.dropLast()) : pattern == name
    }

    /// Where an event happened, beside the object.
    struct Place: Sendable, Hashable {
        var bucket: String
        var region: String
        var ownerID: String
        var requestID: String
        var time: Timestamp
    }

    /// The message that a queue gets.
    ///
    /// Source: S3 user guide, "Event message structure", version 2.1.
    ///
    /// `sequencer` is greater than that of any event before.
    func message(
        _ queue: S3NotificationConfiguration.Queue, at place: Place, sequencer: UInt64
    ) -> String {
        var object: JSONObject = ["key": .string(Self.encoded(key.text))]
        if let record {
            object["size"] = .integer(record.sizeBytes)
            object["eTag"] = .string(ETag.bare(record.etag))
        }
        object["versionId"] = versionID.map { .string($0) }
        object["sequencer"] = .string(Self.text(ofSequencer: sequencer))
        let owner: JSONValue = ["principalId": .string(place.ownerID)]
        let happening: JSONValue = [
            "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": .string(place.region),
            "eventTime": .string(place.time.rfc3339), "eventName": .string(name),
            "userIdentity": ["principalId": .string("AWS:" + place.ownerID)],
            "requestParameters": ["sourceIPAddress": "127.0.0.1"],
            "responseElements": [
                "x-amz-request-id": .string(place.requestID), "x-amz-id-2": .string(place.requestID),
            ],
            "s3": [
                "s3SchemaVersion": "1.0", "configurationId": .string(queue.id),
                "bucket": [
                    "name": .string(place.bucket), "ownerIdentity": owner,
                    "arn": .string("arn:aws:s3:::" + place.bucket),
                ],
                "object": .object(object),
            ],
        ]
        return (["Records": [happening]] as JSONValue).serialized()
    }

    /// The message that a queue gets when it is named in a configuration.
    static func testMessage(at place: Place) -> String {
        let message: JSONValue = [
            "Service": "Amazon S3", "Event": "s3:TestEvent", "Time": .string(place.time.rfc3339),
            "Bucket": .string(place.bucket), "RequestId": .string(place.requestID),
            "HostId": .string(place.requestID),
        ]
        return message.serialized()
    }

    /// Keys are encoded as in forms: `%XX`, and `+` for a space.
    private static func encoded(_ key: String) -> String {
        PercentEncoding.encode(key, keeping: "/ ").split(separator: " ", omittingEmptySubsequences: false)
            .joined(separator: "+")
    }

    /// 18 hexadecimal digits, whose order as text is that of the numbers.
    private static func text(ofSequencer number: UInt64) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: 18 - digits.utf8.count) + digits
    }
}
