internal import AWSWire
internal import HTTPTypes

extension S3Routes {
    /// CreateMultipartUpload.
    func createUpload(_ call: S3Call, _ bucket: String, _ key: ObjectKey) async throws -> HTTPAnswer {
        let metadata = try S3Headers.metadata(call.head.headerFields)
        let (algorithm, isComposite) = try Self.checksumKind(call)
        let tags = try TagRules.tags(header: call[.amzTagging])
        let id = objects.newID()
        try await objects.change { (service, now) throws(S3Refusal) in
            var record = UploadRecord(
                id: id, bucket: bucket, key: key, startedAt: now, metadata: metadata, algorithm: algorithm,
                isComposite: isComposite)
            record.tags = tags
            try service.createUpload(record)
        }
        var answer = call.answer(S3MultipartUpload(bucket: bucket, key: key.text, uploadID: id))
        answer.head.headerFields[.amzServerSideEncryption] = "AES256"
        if let algorithm {
            answer.head.headerFields[.amzChecksumAlgorithm] = algorithm.rawValue
            answer.head.headerFields[.amzChecksumType] = isComposite ? "COMPOSITE" : "FULL_OBJECT"
        }
        return answer
    }

    /// UploadPart and UploadPartCopy.
    func uploadPart(
        _ call: S3Call, _ bucket: String, _ key: ObjectKey, _ uploadID: String
    ) async throws -> HTTPAnswer {
        let message = "Part number must be an integer between 1 and 10000, inclusive"
        guard let number = try call.integer("partNumber", in: 1...10_000, message) else {
            throw S3Refusal.invalidArgument("partNumber", "", message)
        }
        let upload = try objects.read { (service) throws(S3Refusal) in
            try service.upload(uploadID, bucket: bucket, key: key)
        }
        guard call[.amzCopySource] == nil else { return try await copyPart(call, number: number, of: upload) }
        let claims = try BodyClaims(call.head, pass: call.pass)
        if let wanted = upload.algorithm, let found = claims.checksumAlgorithm, wanted != found {
            throw S3Refusal(
                "InvalidRequest",
                "Checksum Type mismatch occurred, expected checksum Type: \(wanted.rawValue.lowercased()), actual "
                    + "checksum Type: \(found.rawValue.lowercased())")
        }
        let stored = try await BodyIntake(host: objects, claims: claims).store(
            call.body, algorithm: upload.algorithm ?? .crc64nvme)
        try await keep(stored) { (service, now) throws(S3Refusal) in
            try service.put(
                PartRecord(
                    number: number, segment: stored.segment, etag: stored.etag, modifiedAt: now,
                    checksum: stored.checksum), uploadID: uploadID)
        }
        var response = call.responseHead()
        response.headerFields[.eTag] = stored.etag
        response.headerFields[.amzServerSideEncryption] = "AES256"
        response.headerFields[stored.checksum.algorithm.header] = stored.checksum.value
        return HTTPAnswer(response)
    }

    /// CompleteMultipartUpload.
    func completeUpload(
        _ call: S3Call, _ bucket: String, _ key: ObjectKey, _ uploadID: String
    ) async throws -> HTTPAnswer {
        // A checksum header is that of the object here, not of the request's body.
        var request = call.head
        for algorithm in S3ChecksumAlgorithm.allCases { request.headerFields[algorithm.header] = nil }
        let manifest = try await S3Call(call, head: request).document(S3MultipartManifest.self)
        let claimed = S3Headers.checksums(call.head.headerFields)
        let condition = call.writeCondition
        let versionID = objects.newID()
        let record = try await objects.change { (service, now) throws(S3Refusal) in
            try service.completeUpload(
                uploadID, bucket: bucket, key: key, manifest: manifest, checksums: claimed, versionID: versionID,
                if: condition, at: now)
        }
        let shown = try shownVersion(of: record, in: bucket)
        let event = ObjectEvent(
            name: "ObjectCreated:CompleteMultipartUpload", key: key, record: record, versionID: shown)
        try await tell([event], call, bucket)
        var checksums: [String: String] = [:]
        if let checksum = record.checksum {
            checksums = [checksum.algorithm.element: checksum.value, "ChecksumType": checksum.type]
        }
        let location = "http://" + (call.head.authority ?? "localhost") + RequestTarget(call.head).path
        var answer = call.answer(
            S3MultipartResult(
                location: location, bucket: bucket, key: key.text, etag: record.etag, checksums: checksums))
        answer.head.headerFields[.amzVersionID] = shown
        answer.head.headerFields[.amzServerSideEncryption] = "AES256"
        return answer
    }

    /// ListParts.
    func listParts(
        _ call: S3Call, _ bucket: String, _ key: ObjectKey, _ uploadID: String
    ) throws(S3Refusal) -> HTTPAnswer {
        let limit = try call.integer("max-parts", in: 0...2_147_483_647, "Argument max-parts must be an integer")
        let marker = try call.integer("part-number-marker", in: 0...10_000, "Invalid part-number-marker") ?? 0
        let parts = try objects.read { (service) throws(S3Refusal) in
            _ = try service.upload(uploadID, bucket: bucket, key: key)
            return try service.parts(of: uploadID).filter { $0.number > marker }
        }
        let page = parts.prefix(min(limit ?? 1_000, 1_000))
        let isTruncated = page.count < parts.count
        return call.answer(
            S3PartListing(
                bucket: bucket, key: key.text, uploadID: uploadID, partNumberMarker: marker,
                nextPartNumberMarker: isTruncated ? page.last?.number : nil, maxParts: limit ?? 1_000,
                isTruncated: isTruncated,
                parts: page.map { part in
                    S3PartListing.Part(
                        number: part.number, lastModified: part.modifiedAt, etag: part.etag,
                        sizeBytes: part.segment.sizeBytes,
                        checksums: [part.checksum.algorithm.element: part.checksum.value])
                }))
    }

    private static func checksumKind(_ call: S3Call) throws(S3Refusal) -> (S3ChecksumAlgorithm?, Bool) {
        let type = call[.amzChecksumType]?.uppercased()
        guard let name = call[.amzChecksumAlgorithm] else { return (nil, false) }
        guard let algorithm = S3ChecksumAlgorithm(rawValue: name.uppercased()) else {
            throw S3Refusal(
                "InvalidRequest",
                "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                    + "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]")
        }
        let isComposite = type.map { $0 == "COMPOSITE" } ?? (algorithm != .crc64nvme)
        let canJoin = ChecksumJoin(algorithm) != nil
        guard isComposite ? algorithm != .crc64nvme : canJoin else {
            throw S3Refusal(
                "InvalidRequest",
                "The \(isComposite ? "COMPOSITE" : "FULL_OBJECT") checksum type cannot be used with the "
                    + "\(algorithm.rawValue.lowercased()) checksum algorithm.")
        }
        return (algorithm, isComposite)
    }
}
