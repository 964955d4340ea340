internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// GetObjectTagging, PutObjectTagging and DeleteObjectTagging.
    func objectTagging(_ call: S3Call, _ bucket: String, _ key: ObjectKey) async throws -> HTTPAnswer {
        switch call.head.method {
        case .get:
            let record = try objects.read { (service) throws(S3Refusal) in try service.object(key, in: bucket) }
            return call.answer(S3Tagging(tags: record.tags))
        case .put:
            let tags = try await call.document(S3Tagging.self).tags
            try TagRules.check(tags, atMost: TagRules.mostOfObject)
            _ = try await objects.change { (service, _) throws(S3Refusal) in
                try service.tag(key, in: bucket, tags)
            }
            return HTTPAnswer(call.responseHead())
        case .delete:
            _ = try await objects.change { (service, _) throws(S3Refusal) in
                try service.tag(key, in: bucket, [])
            }
            return HTTPAnswer(call.responseHead(.noContent))
        default: throw Self.methodNotAllowed(call)
        }
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
