package import HTTPTypes

/// Header names of S3.
extension HTTPField.Name {
    /// The service's name for one request.
    package static let amzRequestID = known("x-amz-request-id")
    /// The second name of the request, for AWS support.
    package static let amzID2 = known("x-amz-id-2")
    /// The source of a copy: `/bucket/key`, encoded.
    package static let amzCopySource = known("x-amz-copy-source")
    /// The bytes of the source of a copied part.
    package static let amzCopySourceRange = known("x-amz-copy-source-range")
    /// The ETag that the source of a copy must have.
    package static let amzCopySourceIfMatch = known("x-amz-copy-source-if-match")
    /// The ETags that the source of a copy must not have.
    package static let amzCopySourceIfNoneMatch = known("x-amz-copy-source-if-none-match")
    /// When the source of a copy must have been written, at the earliest.
    package static let amzCopySourceIfModifiedSince = known("x-amz-copy-source-if-modified-since")
    /// When the source of a copy must have been written, at the latest.
    package static let amzCopySourceIfUnmodifiedSince = known("x-amz-copy-source-if-unmodified-since")
    /// The facts that GetObjectAttributes is asked for.
    package static let amzObjectAttributes = known("x-amz-object-attributes")
    /// How many parts GetObjectAttributes tells of.
    package static let amzMaxParts = known("x-amz-max-parts")
    /// The part after which GetObjectAttributes goes on.
    package static let amzPartNumberMarker = known("x-amz-part-number-marker")
    /// `COPY` or `REPLACE`.
    package static let amzMetadataDirective = known("x-amz-metadata-directive")
    /// The version of an object.
    package static let amzVersionID = known("x-amz-version-id")
    /// The version of the source of a copy.
    package static let amzCopySourceVersionID = known("x-amz-copy-source-version-id")
    /// Whether the newest version is a delete marker.
    package static let amzDeleteMarker = known("x-amz-delete-marker")
    /// How the object is encrypted at rest.
    package static let amzServerSideEncryption = known("x-amz-server-side-encryption")
    /// The class of storage.
    package static let amzStorageClass = known("x-amz-storage-class")
    /// `ENABLED` asks for the object's checksum in the answer.
    package static let amzChecksumMode = known("x-amz-checksum-mode")
    /// `FULL_OBJECT` or `COMPOSITE`.
    package static let amzChecksumType = known("x-amz-checksum-type")
    /// The algorithm of a multipart upload's checksums.
    package static let amzChecksumAlgorithm = known("x-amz-checksum-algorithm")
    /// The algorithm that an SDK chose.
    package static let amzSDKChecksumAlgorithm = known("x-amz-sdk-checksum-algorithm")
    /// The CRC-32 of the body.
    package static let amzChecksumCRC32 = known("x-amz-checksum-crc32")
    /// The CRC-32C of the body.
    package static let amzChecksumCRC32C = known("x-amz-checksum-crc32c")
    /// The CRC-64/NVME of the body.
    package static let amzChecksumCRC64NVME = known("x-amz-checksum-crc64nvme")
    /// The SHA-1 of the body.
    package static let amzChecksumSHA1 = known("x-amz-checksum-sha1")
    /// The SHA-256 of the body.
    package static let amzChecksumSHA256 = known("x-amz-checksum-sha256")
    /// The length of an aws-chunked body without its frames.
    package static let amzDecodedContentLength = known("x-amz-decoded-content-length")
    /// The names of trailing headers.
    package static let amzTrailer = known("x-amz-trailer")
    /// The region of a bucket.
    package static let amzBucketRegion = known("x-amz-bucket-region")
    /// How many parts an object has.
    package static let amzPartsCount = known("x-amz-mp-parts-count")
    /// How many tags an object has.
    package static let amzTaggingCount = known("x-amz-tagging-count")
    /// The tags of an object that is stored, as a query.
    package static let amzTagging = known("x-amz-tagging")
    /// `COPY` or `REPLACE`, of the tags of an object that is copied.
    package static let amzTaggingDirective = known("x-amz-tagging-directive")
    /// Whether queues are named in a configuration without being asked.
    package static let amzSkipDestinationValidation = known("x-amz-skip-destination-validation")
    /// The MD5 of the body in base 64.
    package static let contentMD5 = known("Content-MD5")
}
