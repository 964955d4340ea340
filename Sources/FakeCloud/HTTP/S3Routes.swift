internal import AWSWire
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging

/// The S3 REST protocol on top of the buckets.
struct S3Routes: Sendable {
    let objects: ObjectHost
    /// Where events of buckets are told.
    let queues: QueueHost
    let gate: SignatureGate
    /// The server's own region.
    let region: String
    let logger: Logger

    /// Answers a request whose signature was accepted.
    ///
    /// Throws only what the connection itself threw; the connection ends then.
    func answer(_ call: S3Call) async throws -> HTTPAnswer {
        var answer = try await answerAlone(call)
        allowOrigin(call, in: &answer)
        return answer
    }

    private func answerAlone(_ call: S3Call) async throws -> HTTPAnswer {
        do {
            if let answer = try answerUnsupported(call) { return answer }
            switch (call.bucket, call.key) {
            case (nil, _): return try answerService(call)
            case (let bucket?, nil): return try await answerBucket(call, bucket)
            case (let bucket?, let key?): return try await answerObject(call, bucket, key)
            }
        } catch let refusal as S3Refusal {
            return call.answer(refusing: refusal)
        } catch let error as FakeCloudError {
            logger.error(
                "cannot answer", metadata: [LogKeys.requestID: "\(call.requestID)", LogKeys.reason: "\(error)"])
            return call.answer(refusing: S3Refusal("InternalError", "\(error)"))
        }
    }

    private func answerService(_ call: S3Call) throws(S3Refusal) -> HTTPAnswer {
        guard call.head.method == .get else { throw Self.methodNotAllowed(call) }
        return try listBuckets(call)
    }

    private func answerBucket(_ call: S3Call, _ bucket: String) async throws -> HTTPAnswer {
        if call.query.contains("tagging") { return try await bucketTagging(call, bucket) }
        if call.query.contains("versioning") { return try await versioning(call, bucket) }
        if call.query.contains("cors") { return try await cors(call, bucket) }
        if call.query.contains("notification") { return try await notification(call, bucket) }
        switch call.head.method {
        case .put: return try await createBucket(call, bucket)
        case .head:
            let location = try objects.read { (service) throws(S3Refusal) in try service.location(of: bucket) }
            var response = call.responseHead()
            response.headerFields[.amzBucketRegion] = location
            return HTTPAnswer(response)
        case .delete:
            try await objects.change { (service, _) throws(S3Refusal) in try service.deleteBucket(bucket) }
            return HTTPAnswer(call.responseHead(.noContent))
        case .get where call.query.contains("location"):
            let location = try objects.read { (service) throws(S3Refusal) in try service.location(of: bucket) }
            return call.answer(S3BucketLocation(location: location == "us-east-1" ? "" : location))
        case .get where call.query.contains("uploads"): return try listUploads(call, bucket)
        case .get where call.query.contains("versions"): return try listVersions(call, bucket)
        case .get: return try list(call, bucket)
        case .post where call.query.contains("delete"): return try await deleteObjects(call, bucket)
        default: throw Self.methodNotAllowed(call)
        }
    }

    private func answerObject(_ call: S3Call, _ bucket: String, _ key: ObjectKey) async throws -> HTTPAnswer {
        if call.query.contains("tagging") { return try await objectTagging(call, bucket, key) }
        let uploadID = call.query["uploadId"]
        switch (call.head.method, uploadID) {
        case (.get, nil) where call.query.contains("attributes"): return try attributes(call, bucket, key)
        case (.get, let uploadID?): return try listParts(call, bucket, key, uploadID)
        case (.get, nil), (.head, nil): return try await get(call, bucket, key)
        case (.put, let uploadID?): return try await uploadPart(call, bucket, key, uploadID)
        case (.put, nil):
            return call[.amzCopySource] == nil ? try await put(call, bucket, key) : try await copy(call, bucket, key)
        case (.delete, let uploadID?):
            try await objects.change { (service, _) throws(S3Refusal) in
                try service.abortUpload(uploadID, bucket: bucket, key: key)
            }
            return HTTPAnswer(call.responseHead(.noContent))
        case (.delete, nil):
            return try await delete(call, bucket, key)
        case (.post, let uploadID?): return try await completeUpload(call, bucket, key, uploadID)
        case (.post, nil) where call.query.contains("uploads"): return try await createUpload(call, bucket, key)
        default: throw Self.methodNotAllowed(call)
        }
    }

    static func methodNotAllowed(_ call: S3Call) -> S3Refusal {
        S3Refusal(
            "MethodNotAllowed", "The specified method is not allowed against this resource.",
            details: ["Method": call.head.method.rawValue])
    }
}
