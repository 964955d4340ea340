internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// DeleteObject.
    func delete(_ call: S3Call, _ bucket: String, _ key: ObjectKey) async throws -> HTTPAnswer {
        let versionID = try call.versionID()
        let markerID = objects.newID()
        let deletion = try await objects.change { (service, now) throws(S3Refusal) in
            try service.delete(key, in: bucket, versionID: versionID, markerID: markerID, at: now)
        }
        if deletion.didChange { try await tell([Self.event(of: deletion, key)], call, bucket) }
        var response = call.responseHead(.noContent)
        response.headerFields[.amzVersionID] = deletion.versionID
        if deletion.isMarker { response.headerFields[.amzDeleteMarker] = "true" }
        return HTTPAnswer(response)
    }

    /// DeleteObjects.
    func deleteObjects(_ call: S3Call, _ bucket: String) async throws -> HTTPAnswer {
        let request = try await call.document(S3Deletion.self)
        guard (1...1_000).contains(request.targets.count) else { throw S3Refusal.malformedXML }
        let markerIDs = request.targets.map { _ in objects.newID() }
        let deletions = try await objects.change { (service, now) throws(S3Refusal) in
            try service.checkBucket(bucket)
            var deletions: [Result<ObjectDeletion, S3Refusal>] = []
            for (target, markerID) in zip(request.targets, markerIDs) {
                do throws(S3Refusal) {
                    let versionID: String? =
                        if let text = target.versionID { try S3Call.checked(versionID: text) } else { nil }
                    deletions.append(
                        .success(
                            try service.delete(
                                ObjectKey(target.key), in: bucket, versionID: versionID, markerID: markerID, at: now)))
                } catch {
                    deletions.append(.failure(error))
                }
            }
            return deletions
        }
        var result = S3DeletionResult(deleted: [])
        var events: [ObjectEvent] = []
        for (target, deletion) in zip(request.targets, deletions) {
            switch deletion {
            case .success(let deletion):
                if deletion.didChange { events.append(Self.event(of: deletion, ObjectKey(target.key))) }
                if !request.isQuiet { result.deleted.append(Self.entry(deletion, target)) }
            case .failure(let refusal):
                result.failures.append(
                    .init(
                        key: target.key, versionID: target.versionID, code: refusal.error.code,
                        message: refusal.error.message))
            }
        }
        try await tell(events, call, bucket)
        return call.answer(result)
    }

    private static func entry(_ deletion: ObjectDeletion, _ target: S3Deletion.Target) -> S3DeletionResult.Deleted {
        S3DeletionResult.Deleted(
            key: target.key, versionID: target.versionID,
            deleteMarkerVersionID: deletion.isMarker ? deletion.versionID : nil)
    }

    private static func event(of deletion: ObjectDeletion, _ key: ObjectKey) -> ObjectEvent {
        ObjectEvent(
            name: deletion.isNewMarker ? "ObjectRemoved:DeleteMarkerCreated" : "ObjectRemoved:Delete", key: key,
            versionID: deletion.versionID)
    }
}
