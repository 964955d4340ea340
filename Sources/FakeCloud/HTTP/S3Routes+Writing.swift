internal import AWSWire
internal import HTTPTypes
internal import JobCore

/// What a copy is made of.
struct CopySource: Sendable, Hashable {
    /// The bucket.
    let bucket: String
    /// The object.
    let key: ObjectKey
    /// The version; the newest when absent.
    let versionID: String?
}

extension S3Routes {
    /// PutObject.
    func put(_ call: S3Call, _ bucket: String, _ key: ObjectKey) async throws -> HTTPAnswer {
        let condition = call.writeCondition
        let metadata = try S3Headers.metadata(call.head.headerFields)
        let tags = try TagRules.tags(header: call[.amzTagging])
        let claims = try BodyClaims(call.head, pass: call.pass)
        try objects.read { (service) throws(S3Refusal) in try service.checkWrite(key, in: bucket, if: condition) }
        let versionID = objects.newID()
        let stored = try await BodyIntake(host: objects, claims: claims).store(call.body)
        let record = try await keep(stored) { (service, now) throws(S3Refusal) in
            var record = ObjectRecord(
                segments: [stored.segment], etag: stored.etag, modifiedAt: now, metadata: metadata,
                checksum: stored.checksum)
            record.tags = tags
            record.versionID = versionID
            return try service.put(record, at: key, in: bucket, if: condition)
        }
        let shown = try shownVersion(of: record, in: bucket)
        let event = ObjectEvent(name: "ObjectCreated:Put", key: key, record: record, versionID: shown)
        try await tell([event], call, bucket)
        var response = call.responseHead()
        response.headerFields[.amzVersionID] = shown
        response.headerFields[.eTag] = record.etag
        response.headerFields[.amzServerSideEncryption] = "AES256"
        S3Headers.show(stored.checksum, in: &response.headerFields)
        return HTTPAnswer(response)
    }

    /// CopyObject.
    func copy(_ call: S3Call, _ bucket: String, _ key: ObjectKey) async throws -> HTTPAnswer {
        let source = try Self.copySource(call)
        let replaces = call[.amzMetadataDirective]?.uppercased() == "REPLACE"
        guard
            replaces || call[.amzStorageClass] != nil || source.versionID != nil || source.bucket != bucket
                || source.key != key
        else {
            throw S3Refusal(
                "InvalidRequest",
                "This copy request is illegal because it is trying to copy an object to itself without changing the "
                    + "object's metadata, storage class, website redirect location or encryption attributes.")
        }
        let (record, lease) = try openSource(source, of: call)
        var copied = record
        copied.partCount = nil
        copied.partChecksums = nil
        copied.metadata.headers["x-amz-storage-class"] = call[.amzStorageClass].flatMap { $0 == "STANDARD" ? nil : $0 }
        if call[.amzTaggingDirective]?.uppercased() == "REPLACE" {
            copied.tags = try TagRules.tags(header: call[.amzTagging])
        }
        if replaces { copied.metadata = try S3Headers.metadata(call.head.headerFields) }
        let algorithm = call[.amzChecksumAlgorithm].flatMap { S3ChecksumAlgorithm(rawValue: $0.uppercased()) }
        if record.partCount != nil || (algorithm != nil && algorithm != record.checksum?.algorithm) {
            let kept = algorithm ?? record.checksum?.algorithm ?? .crc64nvme
            let stream = objects.stream(record, 0..<record.sizeBytes, lease: lease)
            (copied.etag, copied.checksum) = try await Self.sums(of: stream, kept)
        }
        let condition = call.writeCondition
        let versionID = objects.newID()
        let written = try await objects.change { [copied] (service, now) throws(S3Refusal) in
            var record = copied
            record.modifiedAt = now
            record.versionID = versionID
            return try service.put(record, at: key, in: bucket, if: condition)
        }
        withExtendedLifetime(lease) {}
        let shown = try shownVersion(of: written, in: bucket)
        let event = ObjectEvent(name: "ObjectCreated:Copy", key: key, record: written, versionID: shown)
        try await tell([event], call, bucket)
        var checksums: [String: String] = [:]
        if let checksum = written.checksum {
            checksums = [checksum.algorithm.element: checksum.value, "ChecksumType": checksum.type]
        }
        var answer = call.answer(
            S3CopyResult(etag: written.etag, lastModified: written.modifiedAt, checksums: checksums))
        answer.head.headerFields[.amzServerSideEncryption] = "AES256"
        answer.head.headerFields[.amzVersionID] = shown
        answer.head.headerFields[.amzCopySourceVersionID] = try shownVersion(of: record, in: source.bucket)
        return answer
    }

    /// Makes a stored body part of a record, or removes it again.
    func keep<Value: Sendable>(
        _ stored: BodyIntake.Stored, _ change: (inout ObjectService, Timestamp) throws(S3Refusal) -> Value
    ) async throws(S3Refusal) -> Value {
        do throws(S3Refusal) {
            return try await objects.change(change)
        } catch {
            try await objects.discard(stored.segment.blob)
            throw error
        }
    }

    /// The bucket and the key that `x-amz-copy-source` names.
    static func copySource(_ call: S3Call) throws(S3Refusal) -> CopySource {
        let raw = call[.amzCopySource] ?? ""
        let parts = raw.split(separator: "?", maxSplits: 1)
        let path = PercentEncoding.decode(parts.first ?? "").drop { $0 == "/" }
        guard let slash = path.firstIndex(of: "/"), path.index(after: slash) < path.endIndex else {
            throw .invalidArgument(
                "x-amz-copy-source", raw,
                "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
        }
        var versionID: String?
        if parts.count > 1, let text = QueryItems(parsing: parts[1])["versionId"] {
            versionID = try S3Call.checked(versionID: text)
        }
        return CopySource(
            bucket: String(path[..<slash]), key: ObjectKey(String(path[path.index(after: slash)...])),
            versionID: versionID)
    }

    /// Opens the source of a copy when the copy's conditions hold; what is a 304 for a read is a 412 here.
    func openSource(
        _ source: CopySource, of call: S3Call
    ) throws(S3Refusal) -> (record: ObjectRecord, lease: BlobLease) {
        let condition = ObjectCondition(
            ifMatch: call[.amzCopySourceIfMatch], ifNoneMatch: call[.amzCopySourceIfNoneMatch],
            ifModifiedSince: call[.amzCopySourceIfModifiedSince].flatMap { Timestamp(httpDate: $0) },
            ifUnmodifiedSince: call[.amzCopySourceIfUnmodifiedSince].flatMap { Timestamp(httpDate: $0) })
        do throws(S3Refusal) {
            return try objects.open(source.key, in: source.bucket, versionID: source.versionID, if: condition)
        } catch {
            guard error.error.code != "MethodNotAllowed" else {
                throw S3Refusal(
                    "InvalidRequest",
                    "The source of a copy request may not specifically refer to a delete marker by version id.")
            }
            guard error.status == 304 else { throw error }
            let isByTag = condition.ifNoneMatch != nil
            throw .preconditionFailed(
                isByTag ? "x-amz-copy-source-If-None-Match" : "x-amz-copy-source-If-Modified-Since")
        }
    }

    private static func sums(
        of stream: BlobStream, _ algorithm: S3ChecksumAlgorithm
    ) async throws -> (etag: String, checksum: StoredChecksum?) {
        var md5 = StreamingDigest(.md5)
        var checksum = S3Checksum(algorithm)
        try await stream.forEachPiece { piece in
            md5.update(piece)
            checksum.update(piece)
        }
        return (
            ETag.quoted(md5: md5.finalize()), StoredChecksum(algorithm: algorithm, value: checksum.base64())
        )
    }
}
