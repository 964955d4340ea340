internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    private static let attributeNames: Set<String> = ["Checksum", "ETag", "ObjectParts", "ObjectSize", "StorageClass"]

    /// GetObjectAttributes.
    func attributes(_ call: S3Call, _ bucket: String, _ key: ObjectKey) throws(S3Refusal) -> HTTPAnswer {
        let wanted = Set((call[.amzObjectAttributes] ?? "").split(separator: ",").map { $0.filter { $0 != " " } })
        guard !wanted.isEmpty, wanted.isSubset(of: Self.attributeNames) else {
            throw .invalidArgument(
                "x-amz-object-attributes", call[.amzObjectAttributes] ?? "", "Invalid attribute name specified.")
        }
        let versionID = try call.versionID()
        let record = try objects.read { (service) throws(S3Refusal) in
            try service.object(key, in: bucket, versionID: versionID, if: call.readCondition)
        }
        var attributes = S3ObjectAttributes()
        if wanted.contains("ETag") { attributes.etag = ETag.bare(record.etag) }
        if wanted.contains("Checksum"), let checksum = record.checksum {
            attributes.checksums = [checksum.algorithm.element: checksum.value, "ChecksumType": checksum.type]
        }
        if wanted.contains("ObjectParts") { attributes.parts = try Self.parts(call, of: record) }
        if wanted.contains("StorageClass") {
            attributes.storageClass = record.metadata.headers["x-amz-storage-class"] ?? "STANDARD"
        }
        if wanted.contains("ObjectSize") { attributes.sizeBytes = record.sizeBytes }
        var answer = call.answer(attributes)
        answer.head.headerFields[.lastModified] = record.modifiedAt.httpDate
        answer.head.headerFields[.amzVersionID] = try shownVersion(of: record, in: bucket)
        return answer
    }

    private static func parts(
        _ call: S3Call, of record: ObjectRecord
    ) throws(S3Refusal) -> S3ObjectAttributes.Parts? {
        guard let count = record.partCount else { return nil }
        guard let checksums = record.partChecksums, checksums.count == count, let algorithm = record.checksum?.algorithm
        else { return .init(count: count) }
        let limit = min(try number(call, .amzMaxParts) ?? 1_000, 1_000)
        let marker = try number(call, .amzPartNumberMarker) ?? 0
        let page = zip(record.segments, checksums).enumerated().dropFirst(marker).prefix(limit).map { place, part in
            S3ObjectAttributes.Parts.Part(
                number: place + 1, sizeBytes: part.0.sizeBytes, checksums: [algorithm.element: part.1])
        }
        return .init(
            count: count, page: page, marker: marker, limit: limit, isTruncated: marker + page.count < count)
    }

    private static func number(_ call: S3Call, _ name: HTTPField.Name) throws(S3Refusal) -> Int? {
        guard let text = call[name] else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw .invalidArgument(name.canonicalName, text, "Provided value is not a whole number")
        }
        return number
    }
}
