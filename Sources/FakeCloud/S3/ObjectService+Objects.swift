internal import AWSWire
package import JobCore

/// What must hold of the object that a request replaces or reads.
package struct ObjectCondition: Sendable, Hashable {
    /// `If-Match`.
    package var ifMatch: String?
    /// `If-None-Match`.
    package var ifNoneMatch: String?
    /// `If-Modified-Since`.
    package var ifModifiedSince: Timestamp?
    /// `If-Unmodified-Since`.
    package var ifUnmodifiedSince: Timestamp?

    /// Makes a condition; without arguments one that always holds.
    package init(
        ifMatch: String? = nil, ifNoneMatch: String? = nil, ifModifiedSince: Timestamp? = nil,
        ifUnmodifiedSince: Timestamp? = nil
    ) {
        self.ifMatch = ifMatch
        self.ifNoneMatch = ifNoneMatch
        self.ifModifiedSince = ifModifiedSince
        self.ifUnmodifiedSince = ifUnmodifiedSince
    }
}

extension ObjectService {
    /// Reads an object's record when the condition holds; RFC 9110, 13.2.2 gives the order of the checks.
    package func object(
        _ key: ObjectKey, in bucketName: String, versionID: String? = nil,
        if condition: ObjectCondition = ObjectCondition()
    ) throws(S3Refusal) -> ObjectRecord {
        let record = try version(versionID, of: key, in: bucketName)
        if let wanted = condition.ifMatch {
            guard ETag.matches(header: wanted, record.etag) else { throw .preconditionFailed("If-Match") }
        } else if let limit = condition.ifUnmodifiedSince, record.modifiedAt.seconds > limit.seconds {
            throw .preconditionFailed("If-Unmodified-Since")
        }
        if let unwanted = condition.ifNoneMatch {
            guard !ETag.matches(header: unwanted, record.etag) else { throw S3Refusal("NotModified", "Not Modified") }
        } else if let limit = condition.ifModifiedSince, record.modifiedAt.seconds <= limit.seconds {
            throw S3Refusal("NotModified", "Not Modified")
        }
        return record
    }

    /// Whether an object may be written: the bucket is there, the key is valid and the condition holds.
    package func checkWrite(
        _ key: ObjectKey, in bucketName: String, if condition: ObjectCondition = ObjectCondition()
    ) throws(S3Refusal) {
        let existing = try bucket(bucketName).objects[key]
        guard key.text.utf8.count <= 1_024 else {
            throw S3Refusal("KeyTooLongError", "Your key is too long", details: ["MaxSizeAllowed": "1024"])
        }
        if let unwanted = condition.ifNoneMatch {
            guard unwanted == "*" else { throw .notImplemented("If-None-Match other than * on writes") }
            guard existing == nil else { throw .preconditionFailed("If-None-Match") }
        }
        if let wanted = condition.ifMatch {
            guard let existing else { throw .noKey(key) }
            guard ETag.matches(header: wanted, existing.etag) else { throw .preconditionFailed("If-Match") }
        }
    }

    /// Writes an object whose bytes are in files already; the condition is checked again.
    ///
    /// In a bucket that keeps versions the record brings its version's name. Returns the record as it is kept.
    @discardableResult
    package mutating func put(
        _ record: ObjectRecord, at key: ObjectKey, in bucketName: String,
        if condition: ObjectCondition = ObjectCondition()
    ) throws(S3Refusal) -> ObjectRecord {
        try checkWrite(key, in: bucketName, if: condition)
        return write(record, at: key, in: bucketName)
    }
}
