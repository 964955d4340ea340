internal import AWSWire
internal import HTTPTypes
internal import JobCore

/// The headers of objects, in both directions.
enum S3Headers {
    private static let kept: [HTTPField.Name] = [
        .cacheControl, .contentDisposition, .contentEncoding, .contentLanguage, .contentType, .expires,
    ]
    /// The storage classes whose objects are read like any other; stored and shown.
    private static let readableClasses: Set<String> = [
        "INTELLIGENT_TIERING", "ONEZONE_IA", "REDUCED_REDUNDANCY", "STANDARD", "STANDARD_IA",
    ]
    private static let userPrefix = "x-amz-meta-"

    /// S3's limit of a client's own metadata.
    private static let userLimitBytes = 2_048

    /// What a client says of an object, without the framing of the body.
    static func metadata(_ fields: HTTPFields) throws(S3Refusal) -> ObjectMetadata {
        var metadata = ObjectMetadata()
        for name in kept { metadata.headers[name.canonicalName] = fields[name] }
        if let storageClass = fields[.amzStorageClass], storageClass != "STANDARD" {
            metadata.headers["x-amz-storage-class"] = storageClass
        }
        if let encodings = metadata.headers["content-encoding"] {
            let rest = encodings.split(separator: ",").map { $0.filter { $0 != " " } }.filter { $0 != "aws-chunked" }
            metadata.headers["content-encoding"] = rest.isEmpty ? nil : rest.joined(separator: ",")
        }
        for field in fields where field.name.canonicalName.hasPrefix(userPrefix) {
            let name = String(field.name.canonicalName.dropFirst(userPrefix.count))
            metadata.user[name] = metadata.user[name].map { $0 + "," + field.value } ?? field.value
        }
        let size = metadata.user.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        guard size <= userLimitBytes else {
            throw S3Refusal(
                "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size",
                details: ["MaxSizeAllowed": String(userLimitBytes), "Size": String(size)])
        }
        return metadata
    }

    /// Refuses headers whose effect this service does not have.
    static func checkSupported(_ fields: HTTPFields) throws(S3Refusal) {
        for field in fields {
            let name = field.name.canonicalName
            let isSupported =
                switch name {
                case "x-amz-acl": ["private", "bucket-owner-full-control"].contains(field.value)
                case "x-amz-server-side-encryption": field.value == "AES256"
                case "x-amz-storage-class": readableClasses.contains(field.value)
                case "x-amz-website-redirect-location", "x-amz-write-offset-bytes", "x-amz-rename-source",
                    "x-amz-bucket-object-lock-enabled":
                    field.value == "false"
                default:
                    !["x-amz-grant-", "x-amz-object-lock-", "x-amz-server-side-encryption-"].contains {
                        name.hasPrefix($0)
                    }
                }
            guard isSupported else { throw .notImplemented("\(name): \(field.value)") }
        }
    }

    /// The headers that describe an object; the checksum only when asked for.
    static func describe(_ record: ObjectRecord, showingChecksum: Bool, in fields: inout HTTPFields) {
        fields[.eTag] = record.etag
        fields[.lastModified] = record.modifiedAt.httpDate
        fields[.acceptRanges] = "bytes"
        fields[.amzServerSideEncryption] = "AES256"
        fields[.contentType] = "binary/octet-stream"
        for (name, value) in record.metadata.headers.sorted(by: { $0.key < $1.key }) {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        for (name, value) in record.metadata.user.sorted(by: { $0.key < $1.key }) {
            if let name = HTTPField.Name(userPrefix + name) { fields[name] = value }
        }
        if !record.tags.isEmpty { fields[.amzTaggingCount] = String(record.tags.count) }
        if showingChecksum, let checksum = record.checksum { show(checksum, in: &fields) }
    }

    /// The headers of a checksum.
    static func show(_ checksum: StoredChecksum, in fields: inout HTTPFields) {
        fields[checksum.algorithm.header] = checksum.value
        fields[.amzChecksumType] = checksum.type
    }

    /// The headers that a read overrides by its query, such as `response-content-type`.
    static func override(_ fields: inout HTTPFields, by query: QueryItems) {
        for name in kept {
            if let value = query["response-" + name.canonicalName] { fields[name] = value }
        }
    }

    /// The checksums of whole objects that a request claims.
    static func checksums(_ fields: HTTPFields) -> [S3ChecksumAlgorithm: String] {
        var claimed: [S3ChecksumAlgorithm: String] = [:]
        for algorithm in S3ChecksumAlgorithm.allCases { claimed[algorithm] = fields[algorithm.header] }
        return claimed
    }
}
