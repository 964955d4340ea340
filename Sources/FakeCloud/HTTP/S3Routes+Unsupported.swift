internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// What S3 has and this service has not.
    ///
    /// Source: Amazon S3 API reference, the sub-resources of its operations.
    private static let missingSubresources: Set<String> = [
        "abac", "accelerate", "acl", "analytics", "encryption", "intelligent-tiering", "inventory", "legal-hold",
        "lifecycle", "logging", "metadataConfiguration", "metadataInventoryTable", "metadataJournalTable",
        "metadataTable", "metrics", "object-lock", "ownershipControls", "policy", "policyStatus", "publicAccessBlock",
        "renameObject", "replication", "requestPayment", "restore", "retention", "select", "session", "torrent",
        "website",
    ]

    /// Answers what is not offered as far as that is honest, and refuses the rest; `nil` for what is offered.
    func answerUnsupported(_ call: S3Call) throws(S3Refusal) -> HTTPAnswer? {
        try S3Headers.checkSupported(call.head.headerFields)
        guard let name = call.query.items.first(where: { Self.missingSubresources.contains($0.name) })?.name else {
            try Self.refuseForm(call)
            return nil
        }
        guard let bucket = call.bucket else { throw .notImplemented("?" + name) }
        if call.head.method == .delete, call.key == nil, UnconfiguredBucket.isDeletable(name) {
            try objects.read { (service) throws(S3Refusal) in try service.checkBucket(bucket) }
            return HTTPAnswer(call.responseHead(.noContent))
        }
        guard call.head.method == .get else { throw .notImplemented("?" + name) }
        if let key = call.key {
            guard name == "acl" else { throw .notImplemented("?" + name) }
            let versionID = try call.versionID()
            let record = try objects.read { (service) throws(S3Refusal) in
                try service.object(key, in: bucket, versionID: versionID)
            }
            var answer = Self.answer(call, UnconfiguredBucket.accessControl(ownerID: Self.ownerID))
            answer.head.headerFields[.amzVersionID] = try shownVersion(of: record, in: bucket)
            return answer
        }
        try objects.read { (service) throws(S3Refusal) in try service.checkBucket(bucket) }
        if let refusal = UnconfiguredBucket.refusal(name, bucket: bucket) { throw refusal }
        guard let document = UnconfiguredBucket.document(name, ownerID: Self.ownerID) else {
            throw .notImplemented("?" + name)
        }
        return Self.answer(call, document)
    }

    /// Uploads by a browser's form.
    private static func refuseForm(_ call: S3Call) throws(S3Refusal) {
        guard call.head.method == .post, call.key == nil,
            call[.contentType]?.lowercased().hasPrefix("multipart/form-data") == true
        else { return }
        throw .notImplemented("POST of a form")
    }

    private static func answer(_ call: S3Call, _ document: [UInt8]) -> HTTPAnswer {
        var response = call.responseHead()
        response.headerFields[.contentType] = "application/xml"
        return HTTPAnswer(response, .bytes(document))
    }
}
