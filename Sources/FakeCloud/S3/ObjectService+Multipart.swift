package import AWSWire
package import JobCore

extension ObjectService {
    /// The least size of every part but the last: 5 MiB.
    package static let smallestPartBytes: Int64 = 5 * 1_024 * 1_024

    /// Begins an upload in parts.
    package mutating func createUpload(_ record: UploadRecord) throws(S3Refusal) {
        try checkWrite(record.key, in: record.bucket)
        begin(Upload(record: record))
        note(.uploadCreated(record))
    }

    mutating func begin(_ upload: Upload) {
        let record = upload.record
        uploads[record.id] = upload
        let earlier = buckets[record.bucket]?.uploads[record.key] ?? []
        buckets[record.bucket]?.uploads[record.key] = earlier + [record.id]
    }

    /// The upload of that name for that key.
    package func upload(_ id: String, bucket: String, key: ObjectKey) throws(S3Refusal) -> UploadRecord {
        try checkBucket(bucket)
        guard let upload = uploads[id], upload.record.bucket == bucket, upload.record.key == key else {
            throw .noUpload(id)
        }
        return upload.record
    }

    /// Adds a part whose bytes are in a file already; one of the same number is replaced.
    package mutating func put(_ part: PartRecord, uploadID: String) throws(S3Refusal) {
        guard let replaced = uploads[uploadID]?.parts[part.number] else {
            guard uploads[uploadID] != nil else { throw .noUpload(uploadID) }
            uploads[uploadID]?.parts[part.number] = part
            retain([part.segment])
            note(.partSaved(uploadID: uploadID, part))
            return
        }
        uploads[uploadID]?.parts[part.number] = part
        retain([part.segment])
        note(.partSaved(uploadID: uploadID, part))
        release([replaced.segment])
    }

    /// The parts of an upload in order.
    package func parts(of uploadID: String) throws(S3Refusal) -> [PartRecord] {
        guard let upload = uploads[uploadID] else { throw .noUpload(uploadID) }
        return upload.parts.values.sorted { $0.number < $1.number }
    }

    /// Gives an upload up.
    package mutating func abortUpload(_ id: String, bucket: String, key: ObjectKey) throws(S3Refusal) {
        _ = try upload(id, bucket: bucket, key: key)
        guard let upload = uploads[id] else { throw .noUpload(id) }
        end(upload)
    }

    /// Makes the object of an upload's parts.
    ///
    /// `checksums` are those that the client claims for the whole object, by algorithm.
    package mutating func completeUpload(
        _ id: String, bucket: String, key: ObjectKey, manifest: S3MultipartManifest,
        checksums: [S3ChecksumAlgorithm: String], versionID: String = "", if condition: ObjectCondition,
        at now: Timestamp
    ) throws(S3Refusal) -> ObjectRecord {
        let record = try upload(id, bucket: bucket, key: key)
        guard let upload = uploads[id] else { throw .noUpload(id) }
        let parts = try Self.chosen(manifest, of: upload)
        let checksum = try Self.checksum(of: parts, upload: record)
        if let checksum, let claimed = checksums[checksum.algorithm] {
            guard claimed == checksum.value || claimed + "-\(parts.count)" == checksum.value else {
                throw S3Refusal(
                    "BadDigest",
                    "The \(checksum.algorithm.rawValue) you specified did not match the calculated checksum.")
            }
        }
        var object = ObjectRecord(
            segments: parts.map(\.segment), etag: ETag.multipart(partMD5s: parts.map { ETag.md5($0.etag) ?? [] }),
            modifiedAt: now, metadata: record.metadata, checksum: checksum, partCount: parts.count,
            partChecksums: record.algorithm == nil ? nil : parts.map(\.checksum.value))
        object.tags = record.tags
        object.versionID = versionID
        object = try put(object, at: key, in: bucket, if: condition)
        end(upload)
        return object
    }

    mutating func end(_ upload: Upload) {
        let record = upload.record
        uploads[record.id] = nil
        let others = buckets[record.bucket]?.uploads[record.key]?.filter { $0 != record.id } ?? []
        buckets[record.bucket]?.uploads[record.key] = others.isEmpty ? nil : others
        note(.uploadEnded(id: upload.record.id))
        release(upload.parts.values.sorted { $0.number < $1.number }.map(\.segment))
    }

    private static func chosen(_ manifest: S3MultipartManifest, of upload: Upload) throws(S3Refusal) -> [PartRecord] {
        guard !manifest.parts.isEmpty else { throw .malformedXML }
        var parts: [PartRecord] = []
        for wanted in manifest.parts {
            if let last = parts.last, wanted.number <= last.number {
                throw S3Refusal(
                    "InvalidPartOrder",
                    "The list of parts was not in ascending order. The parts list must be specified in order by part "
                        + "number.")
            }
            guard let part = upload.parts[wanted.number], ETag.matches(part.etag, wanted.etag),
                wanted.checksums[part.checksum.algorithm.element].map({ $0 == part.checksum.value }) ?? true
            else {
                throw S3Refusal(
                    "InvalidPart",
                    "One or more of the specified parts could not be found. The part may not have been uploaded, or "
                        + "the specified entity tag may not match the part's entity tag.",
                    details: ["PartNumber": String(wanted.number), "UploadId": upload.record.id])
            }
            parts.append(part)
        }
        for part in parts.dropLast() where part.segment.sizeBytes < smallestPartBytes {
            throw S3Refusal(
                "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size",
                details: [
                    "MinSizeAllowed": String(smallestPartBytes), "PartNumber": String(part.number),
                    "ProposedSize": String(part.segment.sizeBytes),
                ])
        }
        return parts
    }

    /// The object's checksum by the upload's algorithm, or by the one that all parts have; else `nil`.
    private static func checksum(of parts: [PartRecord], upload: UploadRecord) throws(S3Refusal) -> StoredChecksum? {
        guard let algorithm = upload.algorithm ?? parts.first?.checksum.algorithm,
            parts.allSatisfy({ $0.checksum.algorithm == algorithm })
        else { return nil }
        let values = parts.map { Base64.decode($0.checksum.value) ?? [] }
        guard !upload.isComposite, let joined = ChecksumJoin(algorithm) else {
            let value = S3Checksum.base64(of: values.flatMap { $0 }, algorithm) + "-\(parts.count)"
            return StoredChecksum(algorithm: algorithm, value: value, isComposite: true)
        }
        let sizes = parts.map(\.segment.sizeBytes)
        return StoredChecksum(algorithm: algorithm, value: Base64.encode(joined.join(values, sizes: sizes)))
    }
}
