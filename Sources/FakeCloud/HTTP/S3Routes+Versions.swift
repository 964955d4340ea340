internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// GetBucketVersioning and PutBucketVersioning.
    func versioning(_ call: S3Call, _ bucket: String) async throws -> HTTPAnswer {
        switch call.head.method {
        case .get: return call.answer(S3Versioning(status: try settings(of: bucket).versioning))
        case .put:
            let wanted = try await call.document(S3Versioning.self)
            guard wanted.deletionNeedsFactor != true else { throw S3Refusal.notImplemented("MfaDelete") }
            guard let status = wanted.status else {
                throw S3Refusal(
                    "IllegalVersioningConfigurationException", "The Versioning element must be specified")
            }
            try await configure(bucket) { $0.versioning = status }
            return HTTPAnswer(call.responseHead())
        default: throw Self.methodNotAllowed(call)
        }
    }

    /// ListObjectVersions.
    func listVersions(_ call: S3Call, _ bucket: String) throws(S3Refusal) -> HTTPAnswer {
        var order = VersionListingOrder()
        order.prefix = call.query["prefix"] ?? ""
        order.delimiter = Self.nonEmpty(call.query["delimiter"])
        order.keyMarker = call.query["key-marker"] ?? ""
        order.versionIDMarker = call.query["version-id-marker"] ?? ""
        order.maxKeys = try Self.limit(call, "max-keys", "maxKeys")
        guard order.versionIDMarker.isEmpty || !order.keyMarker.isEmpty else {
            throw .invalidArgument(
                "version-id-marker", order.versionIDMarker,
                "A version-id marker cannot be specified without a key marker.")
        }
        var page = try objects.read { [order] (service) throws(S3Refusal) in
            try service.listVersions(bucket, order, ownerID: Self.ownerID)
        }
        page.isURLEncoded = try Self.isURLEncoded(call)
        return call.answer(page)
    }

    /// The version of a record as an answer names it; `nil` in a bucket that never kept versions.
    func shownVersion(of record: ObjectRecord, in bucket: String) throws(S3Refusal) -> String? {
        try settings(of: bucket).versioning == nil ? nil : record.versionName
    }
}
