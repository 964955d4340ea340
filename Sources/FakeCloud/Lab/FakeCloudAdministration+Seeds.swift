package import AWSWire
internal import NIOPosix

extension FakeCloudAdministration {
    /// Sends a message.
    package func send(_ body: String, to queueURL: String) async throws(SQSError) {
        let request = SendMessageRequest(queueURL: queueURL, messageBody: body)
        _ = try await laboratory.queues.call(.sendMessage(request), endpoint: endpoint)
    }

    /// Puts an object, in place of what is there.
    package func putObject(_ bytes: [UInt8], at key: String, in bucket: String) async throws(S3Refusal) {
        let objects = laboratory.objects
        let id = objects.newID()
        let digests: BlobDigests
        do {
            digests = try await objects.pool.runIfActive { [blobs = objects.blobs] in
                let draft = try blobs.draft(id, digests: BlobDigests.Wanted())
                try draft.write([bytes])
                let digests = draft.digests()
                try draft.finish()
                return digests
            }
        } catch {
            throw S3Refusal("InternalError", "\(error)")
        }
        try await objects.change { (service, now) throws(S3Refusal) in
            let record = ObjectRecord(
                segments: [BlobSegment(blob: id, sizeBytes: digests.sizeBytes)],
                etag: ETag.quoted(md5: digests.md5), modifiedAt: now, checksum: digests.checksum)
            try service.put(record, at: ObjectKey(key), in: bucket)
        }
    }
}
