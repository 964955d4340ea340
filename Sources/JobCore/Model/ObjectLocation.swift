/// Where an object is: `s3://bucket/key`.
package struct ObjectLocation: Sendable, Hashable, CustomStringConvertible {
    /// The bucket's name.
    package let bucket: String
    /// The key, without a leading slash.
    package let key: String

    /// Takes a bucket and a key that are known to be good.
    package init(bucket: String, key: String) {
        self.bucket = bucket
        self.key = key
    }

    /// Why a text does not name an object that a job may use.
    package enum Fault: Error, Hashable {
        case notAnS3URI
        case emptyBucket
        case badBucketName(String)
        case emptyKey
        case keyTooLong(bytes: Int)
        case traversal
        case doubleSlash
        case controlCharacter
        case leadingSlash
    }

    /// Reads an `s3://bucket/key` text.
    ///
    /// Refused: `..` as a path segment or anywhere in the key, `//`, control characters, keys over 1,024 bytes,
    /// bucket names that S3 does not allow.
    ///
    /// - Throws: ``Fault``, which names the rule that the text breaks.
    package init(uri: String) throws(Fault) {
        guard uri.hasPrefix("s3://") else { throw .notAnS3URI }
        let rest = uri.dropFirst(5)
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let bucket = String(rest[..<slash])
        guard !bucket.isEmpty else { throw .emptyBucket }
        guard Self.isBucketName(bucket) else { throw .badBucketName(bucket) }
        guard slash < rest.endIndex else { throw .emptyKey }
        let key = String(rest[rest.index(after: slash)...])
        guard !key.isEmpty else { throw .emptyKey }
        guard key.utf8.count <= 1_024 else { throw .keyTooLong(bytes: key.utf8.count) }
        guard !key.hasPrefix("/") else { throw .leadingSlash }
        guard !key.contains("..") else { throw .traversal }
        guard !key.contains("//") else { throw .doubleSlash }
        guard key.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            throw .controlCharacter
        }
        self.init(bucket: bucket, key: key)
    }

    /// The location as `s3://bucket/key`.
    package var uri: String { "s3://\(bucket)/\(key)" }

    /// The location as `s3://bucket/key`.
    package var description: String { uri }

    /// Whether S3 allows the name: 3 to 63 of `a-z 0-9 . -`, a letter or digit at both ends, no `..`.
    ///
    /// Source: Amazon S3 user guide, "Bucket naming rules".
    package static func isBucketName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard (3...63).contains(bytes.count), !name.contains(".."), let first = bytes.first, let last = bytes.last
        else { return false }
        let isEnd = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) }
        return isEnd(first) && isEnd(last) && bytes.allSatisfy { isEnd($0) || $0 == 0x2E || $0 == 0x2D }
    }
}

extension ObjectLocation.Fault: CustomStringConvertible {
    /// What was expected and what was found.
    package var description: String {
        switch self {
        case .notAnS3URI: "expected s3://bucket/key"
        case .emptyBucket: "the bucket is missing; expected s3://bucket/key"
        case .badBucketName(let name): "\"\(name)\" is not a bucket name that S3 allows"
        case .emptyKey: "the key is missing; expected s3://bucket/key"
        case .keyTooLong(let bytes): "the key has \(bytes) bytes, S3 allows 1024"
        case .traversal: "the key contains \"..\""
        case .doubleSlash: "the key contains \"//\""
        case .controlCharacter: "the key contains a control character"
        case .leadingSlash: "the key starts with \"/\""
        }
    }
}

/// One input of a job: an object, and optionally which version of it.
package struct InputReference: Sendable, Hashable {
    /// Where the object is.
    package let location: ObjectLocation
    /// The version to read; the latest when `nil`.
    package let versionID: String?
    /// The ETag that the object must still have; unchecked when `nil`.
    package let etag: String?

    /// Makes a reference.
    package init(location: ObjectLocation, versionID: String? = nil, etag: String? = nil) {
        self.location = location
        self.versionID = versionID
        self.etag = etag
    }
}
