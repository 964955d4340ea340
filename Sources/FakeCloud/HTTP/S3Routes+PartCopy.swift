internal import AWSWire
internal import HTTPTypes
internal import NIOPosix

extension S3Routes {
    /// UploadPartCopy: a part whose bytes are those of an object here, or of a range of it.
    func copyPart(
        _ call: S3Call, number: Int, of upload: UploadRecord
    ) async throws -> HTTPAnswer {
        let source = try Self.copySource(call)
        let (record, lease) = try openSource(source, of: call)
        let range = try Self.copyRange(call, in: record)
        let algorithm = upload.algorithm ?? .crc64nvme
        let stored = try await store(objects.stream(record, range, lease: lease), algorithm)
        let part = try await keep(stored) { (service, now) throws(S3Refusal) in
            let part = PartRecord(
                number: number, segment: stored.segment, etag: stored.etag, modifiedAt: now, checksum: stored.checksum)
            try service.put(part, uploadID: upload.id)
            return part
        }
        var answer = call.answer(
            S3CopyResult(
                etag: part.etag, lastModified: part.modifiedAt, checksums: [algorithm.element: part.checksum.value],
                isPart: true))
        answer.head.headerFields[.amzServerSideEncryption] = "AES256"
        answer.head.headerFields[.amzCopySourceVersionID] = try shownVersion(of: record, in: source.bucket)
        return answer
    }

    private func store(
        _ stream: BlobStream, _ algorithm: S3ChecksumAlgorithm
    ) async throws -> BodyIntake.Stored {
        let id = objects.newID()
        let pool = objects.pool
        let draft = try await pool.runIfActive { [blobs = objects.blobs] in
            try blobs.draft(id, digests: BlobDigests.Wanted(algorithm: algorithm))
        }
        try await stream.forEachPiece { piece in try await pool.runIfActive { try draft.write([piece]) } }
        let digests = try await pool.runIfActive {
            let digests = draft.digests()
            try draft.finish()
            return digests
        }
        return BodyIntake.Stored(
            segment: BlobSegment(blob: id, sizeBytes: digests.sizeBytes), etag: ETag.quoted(md5: digests.md5),
            checksum: digests.checksum)
    }

    private static func copyRange(_ call: S3Call, in record: ObjectRecord) throws(S3Refusal) -> Range<Int64> {
        guard let text = call[.amzCopySourceRange] else { return 0..<record.sizeBytes }
        guard case .bounded(let first, let last)? = ByteRange(header: text) else {
            throw .invalidArgument(
                "x-amz-copy-source-range", text,
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
                    + "zero-based offsets of the first and last bytes to copy")
        }
        guard last < record.sizeBytes else {
            throw .invalidArgument(
                "x-amz-copy-source-range", text,
                "Range specified is not valid for source object of size: \(record.sizeBytes)")
        }
        return first..<(last + 1)
    }
}
