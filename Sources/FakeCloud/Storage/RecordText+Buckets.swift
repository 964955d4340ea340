internal import AWSWire
internal import PureJSON

extension RecordText {
    static func settings(_ settings: BucketSettings) -> String {
        var json = JSONObject()
        json["location"] = settings.location.map { .string($0) }
        if !settings.tags.isEmpty { json["tags"] = tags(settings.tags) }
        json["versioning"] = settings.versioning.map { .string($0.rawValue) }
        json["cors"] = settings.cors.map { .string(String(decoding: $0.body, as: UTF8.self)) }
        if !settings.notifications.queues.isEmpty {
            json["notifications"] = .string(String(decoding: settings.notifications.body, as: UTF8.self))
        }
        return JSONValue.object(json).serialized()
    }

    static func settings(_ text: String) throws -> BucketSettings {
        let json = try JSONValue(parsing: text)
        var settings = BucketSettings()
        settings.location = json["location"]?.stringValue
        settings.tags = tags(json["tags"])
        settings.versioning = json["versioning"]?.stringValue.flatMap(S3Versioning.Status.init(rawValue:))
        if let cors = json["cors"]?.stringValue { settings.cors = try S3CORSConfiguration(body: Array(cors.utf8)) }
        if let notifications = json["notifications"]?.stringValue {
            settings.notifications = try S3NotificationConfiguration(body: Array(notifications.utf8))
        }
        return settings
    }

    static func tags(_ tags: [S3Tag]) -> JSONValue { .array(tags.map { [.string($0.key), .string($0.value)] }) }

    static func tags(_ json: JSONValue?) -> [S3Tag] {
        (json?.arrayValue ?? []).compactMap { pair in
            guard let key = pair[0]?.stringValue, let value = pair[1]?.stringValue else { return nil }
            return S3Tag(key: key, value: value)
        }
    }
}
