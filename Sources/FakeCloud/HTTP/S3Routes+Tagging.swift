internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// GetObjectTagging, PutObjectTagging and DeleteObjectTagging.
    func objectTagging(_ call: S3Call, _ bucket: String, _ key: ObjectKey) async throws -> HTTPAnswer {
        let versionID = try call.versionID()
        switch call.head.method {
        case .get:
            let record = try objects.read { (service) throws(S3Refusal) in
                try service.object(key, in: bucket, versionID: versionID)
            }
            var answer = call.answer(S3Tagging(tags: record.tags))
            answer.head.headerFields[.amzVersionID] = try shownVersion(of: record, in: bucket)
            return answer
        case .put:
            let tags = try await call.document(S3Tagging.self).tags
            try TagRules.check(tags, atMost: TagRules.mostOfObject)
            return try await tag(call, bucket, key, tags, event: "ObjectTagging:Put", .ok)
        case .delete:
            return try await tag(call, bucket, key, [], event: "ObjectTagging:Delete", .noContent)
        default: throw Self.methodNotAllowed(call)
        }
    }

    private func tag(
        _ call: S3Call, _ bucket: String, _ key: ObjectKey, _ tags: [S3Tag], event: String,
        _ status: HTTPResponse.Status
    ) async throws -> HTTPAnswer {
        let versionID = try call.versionID()
        let record = try await objects.change { (service, _) throws(S3Refusal) in
            try service.tag(key, versionID: versionID, in: bucket, tags)
        }
        let shown = try shownVersion(of: record, in: bucket)
        try await tell([ObjectEvent(name: event, key: key, record: record, versionID: shown)], call, bucket)
        var response = call.responseHead(status)
        response.headerFields[.amzVersionID] = shown
        return HTTPAnswer(response)
    }

    /// GetBucketTagging, PutBucketTagging and DeleteBucketTagging.
    func bucketTagging(_ call: S3Call, _ bucket: String) async throws -> HTTPAnswer {
        switch call.head.method {
        case .get:
            let tags = try settings(of: bucket).tags
            guard !tags.isEmpty else {
                throw S3Refusal("NoSuchTagSet", "The TagSet does not exist", details: ["BucketName": bucket])
            }
            return call.answer(S3Tagging(tags: tags))
        case .put:
            let tags = try await call.document(S3Tagging.self).tags
            try TagRules.check(tags, atMost: TagRules.mostOfBucket)
            try await configure(bucket) { $0.tags = tags }
            return HTTPAnswer(call.responseHead(.noContent))
        case .delete:
            try await configure(bucket) { $0.tags = [] }
            return HTTPAnswer(call.responseHead(.noContent))
        default: throw Self.methodNotAllowed(call)
        }
    }

    /// The settings of a bucket.
    func settings(of bucket: String) throws(S3Refusal) -> BucketSettings {
        try objects.read { (service) throws(S3Refusal) in try service.settings(of: bucket) }
    }

    /// Changes the settings of a bucket.
    func configure(_ bucket: String, _ change: (inout BucketSettings) -> Void) async throws(S3Refusal) {
        try await objects.change { (service, _) throws(S3Refusal) in try service.configure(bucket, change) }
    }
}
