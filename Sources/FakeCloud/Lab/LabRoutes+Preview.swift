internal import AWSWire
internal import PureJSON

extension LabRoutes {
    /// `GET /_lab/connection`: what a client needs to know beside the address.
    ///
    /// Keys that guard something are not told.
    func answerConnection() -> HTTPAnswer {
        var members: JSONObject = [
            "region": .string(configuration.region), "account": .string(configuration.account),
            "signatures": configuration.authentication == .verify ? "verified" : "accepted",
        ]
        let local = FakeCloudConfiguration.localCredentials
        if configuration.credentials.contains(local) {
            members["access_key_id"] = .string(local.accessKeyID)
            members["secret_access_key"] = .string(local.secretAccessKey)
        }
        return Self.answer(.object(members))
    }

    /// `GET /_lab/objects/preview`: the first bytes of an object, as text when they are UTF-8 without NUL.
    func answerPreview(_ visitor: Visitor) async throws(LabRefusal) -> HTTPAnswer {
        guard let bucket = visitor.query["bucket"], let key = visitor.query["key"] else {
            throw LabRefusal.malformed("a preview needs bucket=NAME and key=KEY")
        }
        let limit = try visitor.integer("limit", in: 1...65_536) ?? 4_096
        let record: ObjectRecord
        let lease: BlobLease
        do throws(S3Refusal) {
            (record, lease) = try laboratory.objects.open(ObjectKey(key), in: bucket, if: ObjectCondition())
        } catch {
            throw LabRefusal(error.status, error.error.message)
        }
        let range = 0..<min(Int64(limit), record.sizeBytes)
        let bytes: [UInt8]
        do {
            bytes = try await laboratory.objects.stream(record, range, lease: lease).collect()
        } catch {
            throw LabRefusal(500, "the bytes of \(bucket)/\(key) cannot be read: \(error)")
        }
        let isTruncated = range.upperBound < record.sizeBytes
        var members: JSONObject = [
            "bucket": .string(bucket), "key": .string(key), "size_bytes": .integer(record.sizeBytes),
            "etag": .string(record.etag), "is_truncated": .bool(isTruncated),
            "preview_bytes": .integer(Int64(bytes.count)),
        ]
        members["content_type"] = record.metadata.headers["content-type"].map { .string($0) }
        members["checksum"] = record.checksum.map { .string("\($0.algorithm.rawValue) \($0.value)") }
        if let text = Self.text(bytes, isTruncated: isTruncated) {
            members["text"] = .string(text)
        } else {
            members["base64"] = .string(Base64.encode(bytes))
        }
        return Self.answer(.object(members))
    }

    /// Bytes as text; a character that the end of a preview cuts in two is left out.
    private static func text(_ bytes: [UInt8], isTruncated: Bool) -> String? {
        guard !bytes.contains(0) else { return nil }
        for cut in 0...(isTruncated ? min(3, bytes.count) : 0) {
            if let text = String(validating: bytes.dropLast(cut), as: UTF8.self) { return text }
        }
        return nil
    }
}
