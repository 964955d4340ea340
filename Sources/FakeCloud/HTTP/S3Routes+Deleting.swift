internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// DeleteObject.
    func delete(_ call: S3Call, _ bucket: String, _ key: ObjectKey) async throws -> HTTPAnswer {
        try await objects.change { (service, _) throws(S3Refusal) in try service.delete(key, in: bucket) }
        try await tell([deletedEvent(key)], call, bucket)
        return HTTPAnswer(call.responseHead(.noContent))
    }

    /// DeleteObjects.
    func deleteObjects(_ call: S3Call, _ bucket: String) async throws -> HTTPAnswer {
        let deletion = try await call.document(S3Deletion.self)
        guard (1...1_000).contains(deletion.targets.count) else { throw S3Refusal.malformedXML }
        var result = try await objects.change { (service, _) throws(S3Refusal) in
            try service.checkBucket(bucket)
            var result = S3DeletionResult(deleted: [])
            for target in deletion.targets {
                guard (target.versionID ?? "null") == "null" else {
                    result.failures.append(
                        .init(
                            key: target.key, versionID: target.versionID, code: "NoSuchVersion",
                            message: "The specified version does not exist."))
                    continue
                }
                try service.delete(ObjectKey(target.key), in: bucket)
                do { result.deleted.append(.init(key: target.key)) }
            }
            return result
        }
        try await tell(result.deleted.map { deletedEvent(ObjectKey($0.key)) }, call, bucket)
        if deletion.isQuiet { result.deleted = [] }
        return call.answer(result)
    }

    func deletedEvent(_ key: ObjectKey) -> ObjectEvent { ObjectEvent(name: "ObjectRemoved:Delete", key: key) }
}
