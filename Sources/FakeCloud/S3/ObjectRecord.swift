package import AWSWire
package import JobCore

/// The name of a file that holds the bytes of an object or of a part.
package typealias BlobID = String

/// A run of bytes in one file.
package struct BlobSegment: Sendable, Hashable {
    /// The file.
    package var blob: BlobID
    /// How many bytes; always the whole file.
    package var sizeBytes: Int64

    /// Makes a segment.
    package init(blob: BlobID, sizeBytes: Int64) {
        self.blob = blob
        self.sizeBytes = sizeBytes
    }
}

/// A checksum as S3 keeps it with an object.
package struct StoredChecksum: Sendable, Hashable {
    /// The algorithm.
    package var algorithm: S3ChecksumAlgorithm
    /// The value in base 64, with `-N` when it is one of N parts' checksums.
    package var value: String
    /// Whether it is a checksum of the parts' checksums.
    package var isComposite: Bool

    /// Makes a checksum.
    package init(algorithm: S3ChecksumAlgorithm, value: String, isComposite: Bool = false) {
        self.algorithm = algorithm
        self.value = value
        self.isComposite = isComposite
    }

    /// The value of `x-amz-checksum-type`.
    package var type: String { isComposite ? "COMPOSITE" : "FULL_OBJECT" }
}

/// What a client says of an object beside its bytes: headers that come back with it.
package struct ObjectMetadata: Sendable, Hashable {
    /// System headers by lower-case name, such as `content-type`.
    package var headers: [String: String]
    /// The client's own, by lower-case name without `x-amz-meta-`.
    package var user: [String: String]

    /// Makes metadata.
    package init(headers: [String: String] = [:], user: [String: String] = [:]) {
        self.headers = headers
        self.user = user
    }
}

/// An object as a bucket keeps it.
package struct ObjectRecord: Sendable, Hashable {
    /// The bytes, in order.
    package var segments: [BlobSegment]
    /// The ETag with its quotes.
    package var etag: String
    /// When it was written.
    package var modifiedAt: Timestamp
    /// What the client said of it.
    package var metadata: ObjectMetadata
    /// The checksum.
    package var checksum: StoredChecksum?
    /// How many parts it was uploaded in; `nil` when it came in one piece.
    package var partCount: Int?
    /// The parts' checksums in base 64, when the upload asked for a checksum.
    package var partChecksums: [String]?
    /// The tags, ten at most.
    package var tags: [S3Tag] = []
    /// The version's name; `nil` for one that was written while the bucket kept none.
    package var versionID: String?
    /// Whether this is no object but the mark of a deletion.
    package var isDeleteMarker = false

    /// Makes a record.
    package init(
        segments: [BlobSegment], etag: String, modifiedAt: Timestamp, metadata: ObjectMetadata = ObjectMetadata(),
        checksum: StoredChecksum? = nil, partCount: Int? = nil, partChecksums: [String]? = nil
    ) {
        self.segments = segments
        self.etag = etag
        self.modifiedAt = modifiedAt
        self.metadata = metadata
        self.checksum = checksum
        self.partCount = partCount
        self.partChecksums = partChecksums
    }

    /// The version's name as clients see it.
    package var versionName: String { versionID ?? "null" }

    /// The size in bytes.
    package var sizeBytes: Int64 { segments.reduce(0) { $0 + $1.sizeBytes } }
}

/// An upload in parts that is under way.
package struct UploadRecord: Sendable, Hashable {
    /// Its name.
    package var id: String
    /// The bucket.
    package var bucket: String
    /// The key that the object will have.
    package var key: ObjectKey
    /// When it was begun.
    package var startedAt: Timestamp
    /// What the client said of the object.
    package var metadata: ObjectMetadata
    /// The tags that the object will have.
    package var tags: [S3Tag] = []
    /// The algorithm that the client asked for.
    package var algorithm: S3ChecksumAlgorithm?
    /// Whether the object's checksum will be one of the parts' checksums.
    package var isComposite: Bool

    /// Makes a record.
    package init(
        id: String, bucket: String, key: ObjectKey, startedAt: Timestamp, metadata: ObjectMetadata = ObjectMetadata(),
        algorithm: S3ChecksumAlgorithm? = nil, isComposite: Bool = false
    ) {
        self.id = id
        self.bucket = bucket
        self.key = key
        self.startedAt = startedAt
        self.metadata = metadata
        self.algorithm = algorithm
        self.isComposite = isComposite
    }
}

/// One part of an upload.
package struct PartRecord: Sendable, Hashable {
    /// 1...10000.
    package var number: Int
    /// The bytes.
    package var segment: BlobSegment
    /// The ETag with its quotes.
    package var etag: String
    /// When it was written.
    package var modifiedAt: Timestamp
    /// The checksum by the upload's algorithm; CRC64NVME when it has none.
    package var checksum: StoredChecksum

    /// Makes a record.
    package init(number: Int, segment: BlobSegment, etag: String, modifiedAt: Timestamp, checksum: StoredChecksum) {
        self.number = number
        self.segment = segment
        self.etag = etag
        self.modifiedAt = modifiedAt
        self.checksum = checksum
    }
}
