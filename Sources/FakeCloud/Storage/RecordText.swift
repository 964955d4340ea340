internal import AWSWire
internal import JobCore
internal import PureJSON

/// The records of the database's JSON columns, as text and back; `nil` for a text that is none.
enum RecordText {
    static func strings(_ map: [String: String]) -> JSONValue {
        var object = JSONObject()
        for (name, value) in map.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
        return .object(object)
    }

    static func strings(_ json: JSONValue?) -> [String: String]? {
        guard let members = json?.objectValue else { return nil }
        var map: [String: String] = [:]
        for (name, value) in members { map[name] = value.stringValue }
        return map
    }

    static func attributes(_ attributes: [String: SQSMessageAttribute]) -> String? {
        guard !attributes.isEmpty else { return nil }
        var object = JSONObject()
        for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) { object[name] = attribute.json }
        return JSONValue.object(object).serialized()
    }

    static func attributes(_ text: String?) throws -> [String: SQSMessageAttribute] {
        guard let text, let members = try JSONValue(parsing: text).objectValue else { return [:] }
        var attributes: [String: SQSMessageAttribute] = [:]
        for (name, json) in members { attributes[name] = try SQSMessageAttribute(json: json) }
        return attributes
    }

    static func object(_ record: ObjectRecord) -> String {
        var json: JSONObject = [
            "segments": .array(record.segments.map(segment)), "etag": .string(record.etag),
            "headers": strings(record.metadata.headers), "user": strings(record.metadata.user),
        ]
        json["checksum"] = record.checksum.map(checksum)
        json["parts"] = record.partCount.map { .integer(Int64($0)) }
        if !record.tags.isEmpty { json["tags"] = tags(record.tags) }
        json["version"] = record.versionID.map { .string($0) }
        if record.isDeleteMarker { json["deleteMarker"] = true }
        json["partChecksums"] = record.partChecksums.map { .array($0.map { .string($0) }) }
        return JSONValue.object(json).serialized()
    }

    static func object(_ text: String, modifiedAt: Timestamp) throws -> ObjectRecord? {
        let json = try JSONValue(parsing: text)
        guard let etag = json["etag"]?.stringValue, let segments = json["segments"]?.arrayValue else { return nil }
        var record = ObjectRecord(
            segments: segments.compactMap(segment), etag: etag, modifiedAt: modifiedAt, metadata: metadata(json),
            checksum: json["checksum"].flatMap(checksum), partCount: json["parts"]?.integerValue.map { Int($0) },
            partChecksums: json["partChecksums"]?.arrayValue?.compactMap(\.stringValue))
        record.tags = tags(json["tags"])
        record.versionID = json["version"]?.stringValue
        record.isDeleteMarker = json["deleteMarker"]?.boolValue ?? false
        return record
    }

    static func upload(_ record: UploadRecord) -> String {
        var json: JSONObject = [
            "headers": strings(record.metadata.headers), "user": strings(record.metadata.user),
            "composite": .bool(record.isComposite),
        ]
        if !record.tags.isEmpty { json["tags"] = tags(record.tags) }
        json["algorithm"] = record.algorithm.map { .string($0.rawValue) }
        return JSONValue.object(json).serialized()
    }

    static func upload(
        _ text: String, id: String, bucket: String, key: String, startedAt: Timestamp
    ) throws -> UploadRecord {
        let json = try JSONValue(parsing: text)
        var record = UploadRecord(
            id: id, bucket: bucket, key: ObjectKey(key), startedAt: startedAt, metadata: metadata(json),
            algorithm: json["algorithm"]?.stringValue.flatMap(S3ChecksumAlgorithm.init(rawValue:)),
            isComposite: json["composite"]?.boolValue ?? false)
        record.tags = tags(json["tags"])
        return record
    }

    static func part(_ record: PartRecord) -> String {
        let json: JSONValue = [
            "segment": segment(record.segment), "etag": .string(record.etag), "checksum": checksum(record.checksum),
        ]
        return json.serialized()
    }

    static func part(_ text: String, number: Int, modifiedAt: Timestamp) throws -> PartRecord? {
        let json = try JSONValue(parsing: text)
        guard let segment = json["segment"].flatMap(segment), let etag = json["etag"]?.stringValue,
            let checksum = json["checksum"].flatMap(checksum)
        else { return nil }
        return PartRecord(number: number, segment: segment, etag: etag, modifiedAt: modifiedAt, checksum: checksum)
    }

    private static func metadata(_ json: JSONValue) -> ObjectMetadata {
        ObjectMetadata(headers: strings(json["headers"]) ?? [:], user: strings(json["user"]) ?? [:])
    }

    private static func segment(_ segment: BlobSegment) -> JSONValue {
        ["blob": .string(segment.blob), "size": .integer(segment.sizeBytes)]
    }

    private static func segment(_ json: JSONValue) -> BlobSegment? {
        guard let blob = json["blob"]?.stringValue, let size = json["size"]?.integerValue else { return nil }
        return BlobSegment(blob: blob, sizeBytes: size)
    }

    private static func checksum(_ checksum: StoredChecksum) -> JSONValue {
        [
            "algorithm": .string(checksum.algorithm.rawValue), "value": .string(checksum.value),
            "composite": .bool(checksum.isComposite),
        ]
    }

    private static func checksum(_ json: JSONValue) -> StoredChecksum? {
        guard let name = json["algorithm"]?.stringValue, let algorithm = S3ChecksumAlgorithm(rawValue: name),
            let value = json["value"]?.stringValue
        else { return nil }
        return StoredChecksum(
            algorithm: algorithm, value: value, isComposite: json["composite"]?.boolValue ?? false)
    }
}
