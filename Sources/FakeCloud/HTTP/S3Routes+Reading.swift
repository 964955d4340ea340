internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// GetObject and HeadObject.
    func get(_ call: S3Call, _ bucket: String, _ key: ObjectKey) async throws -> HTTPAnswer {
        let (record, lease): (ObjectRecord, BlobLease)
        do throws(S3Refusal) {
            (record, lease) = try objects.open(
                key, in: bucket, versionID: try call.versionID(), if: call.readCondition)
        } catch {
            return try notModified(call, bucket, key, error)
        }
        let part = try call.integer("partNumber", in: 1...10_000, "Part number must be between 1 and 10000.")
        let range = try Self.range(of: call, part: part, in: record)
        var response = call.responseHead(range == nil ? .ok : .partialContent)
        let asksForChecksum = call[.amzChecksumMode]?.uppercased() == "ENABLED"
        S3Headers.describe(
            record, showingChecksum: asksForChecksum && range == nil, in: &response.headerFields)
        response.headerFields[.amzVersionID] = try shownVersion(of: record, in: bucket)
        S3Headers.override(&response.headerFields, by: call.query)
        let bytes = range ?? 0..<record.sizeBytes
        if range != nil {
            response.headerFields[.contentRange] = ContentRange(bytes: bytes, size: record.sizeBytes).header
        }
        if part != nil { response.headerFields[.amzPartsCount] = record.partCount.map { String($0) } }
        guard call.head.method == .get else {
            response.headerFields[.contentLength] = String(bytes.count)
            return HTTPAnswer(response)
        }
        let stream = objects.stream(record, bytes, lease: lease)
        guard stream.sizeBytes > BlobStream.pieceBytes else {
            return HTTPAnswer(response, .bytes(try await stream.collect()))
        }
        return HTTPAnswer(response, .file(stream))
    }

    /// A 304 carries the ETag that the client has.
    private func notModified(
        _ call: S3Call, _ bucket: String, _ key: ObjectKey, _ refusal: S3Refusal
    ) throws(S3Refusal) -> HTTPAnswer {
        guard refusal.status == 304 else { throw refusal }
        let versionID = try call.versionID()
        let record = try objects.read { (service) throws(S3Refusal) in
            try service.object(key, in: bucket, versionID: versionID)
        }
        var answer = call.answer(refusing: refusal)
        answer.head.headerFields[.eTag] = record.etag
        answer.head.headerFields[.lastModified] = record.modifiedAt.httpDate
        return answer
    }

    private static func range(
        of call: S3Call, part: Int?, in record: ObjectRecord
    ) throws(S3Refusal) -> Range<Int64>? {
        if let part {
            guard call[.range] == nil else {
                throw S3Refusal("InvalidRequest", "Cannot specify both Range header and partNumber query parameter")
            }
            let segments = record.partCount == nil ? [] : record.segments
            guard part <= max(1, segments.count) else {
                throw S3Refusal("InvalidPartNumber", "The requested partnumber is not satisfiable")
            }
            guard !segments.isEmpty else { return record.sizeBytes > 0 ? 0..<record.sizeBytes : nil }
            let start = segments[..<(part - 1)].reduce(0) { $0 + $1.sizeBytes }
            return start..<(start + segments[part - 1].sizeBytes)
        }
        guard let header = call[.range], let wanted = ByteRange(header: header) else { return nil }
        guard let range = wanted.resolved(size: record.sizeBytes) else {
            throw S3Refusal(
                "InvalidRange", "The requested range is not satisfiable",
                details: ["ActualObjectSize": String(record.sizeBytes), "RangeRequested": header])
        }
        return range
    }
}
