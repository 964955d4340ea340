/// The answer to CreateMultipartUpload.
package struct S3MultipartUpload: S3Document {
    /// The bucket.
    package var bucket: String
    /// The key.
    package var key: String
    /// The name of the upload in later requests.
    package var uploadID: String

    /// Makes the answer.
    package init(bucket: String, key: String, uploadID: String) {
        self.bucket = bucket
        self.key = key
        self.uploadID = uploadID
    }

    /// Reads an `<InitiateMultipartUploadResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("InitiateMultipartUploadResult")
        bucket = try xml.requiredText("Bucket")
        key = try xml.requiredText("Key")
        uploadID = try xml.requiredText("UploadId")
    }

    /// The `<InitiateMultipartUploadResult>` document.
    package var xml: XMLElement {
        XMLElement(
            "InitiateMultipartUploadResult",
            [XMLElement("Bucket", bucket), XMLElement("Key", key), XMLElement("UploadId", uploadID)])
    }
}

/// The request body of CompleteMultipartUpload: which parts, in which order.
package struct S3MultipartManifest: S3Document {
    /// One part.
    package struct Part: Sendable, Hashable {
        /// 1...10000.
        package var number: Int
        /// The ETag that the upload of the part was answered with.
        package var etag: String
        /// Checksums by element name, such as `ChecksumCRC32`.
        package var checksums: [String: String]

        /// Makes a part.
        package init(number: Int, etag: String, checksums: [String: String] = [:]) {
            self.number = number
            self.etag = etag
            self.checksums = checksums
        }
    }

    /// The parts in the order of the document.
    package var parts: [Part]

    /// Makes a list of parts.
    package init(parts: [Part]) { self.parts = parts }

    /// Reads a `<CompleteMultipartUpload>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("CompleteMultipartUpload")
        parts = []
        for part in xml.all("Part") {
            parts.append(
                Part(
                    number: Int(try part.requiredInteger("PartNumber")), etag: try part.requiredText("ETag"),
                    checksums: part.checksums))
        }
    }

    /// The `<CompleteMultipartUpload>` document.
    package var xml: XMLElement {
        XMLElement(
            "CompleteMultipartUpload",
            parts.map { part in
                XMLElement(
                    "Part",
                    [XMLElement("ETag", part.etag)] + XMLElement.checksums(part.checksums)
                        + [XMLElement("PartNumber", String(part.number))])
            })
    }
}

/// The answer to CompleteMultipartUpload.
package struct S3MultipartResult: S3Document {
    /// The object's URL.
    package var location: String
    /// The bucket.
    package var bucket: String
    /// The key.
    package var key: String
    /// The ETag, `"md5-parts"` with its quotes.
    package var etag: String
    /// Checksums by element name, with `ChecksumType`.
    package var checksums: [String: String]

    /// Makes the answer.
    package init(location: String, bucket: String, key: String, etag: String, checksums: [String: String] = [:]) {
        self.location = location
        self.bucket = bucket
        self.key = key
        self.etag = etag
        self.checksums = checksums
    }

    /// Reads a `<CompleteMultipartUploadResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("CompleteMultipartUploadResult")
        location = xml["Location"]?.text ?? ""
        bucket = try xml.requiredText("Bucket")
        key = try xml.requiredText("Key")
        etag = try xml.requiredText("ETag")
        checksums = xml.checksums
    }

    /// The `<CompleteMultipartUploadResult>` document.
    package var xml: XMLElement {
        XMLElement(
            "CompleteMultipartUploadResult",
            [
                XMLElement("Location", location), XMLElement("Bucket", bucket), XMLElement("Key", key),
                XMLElement("ETag", etag),
            ] + XMLElement.checksums(checksums))
    }
}

extension XMLElement {
    /// The children whose names start with `Checksum`, by name.
    var checksums: [String: String] {
        Dictionary(
            children.filter { $0.name.hasPrefix("Checksum") }.map { ($0.name, $0.text) },
            uniquingKeysWith: { first, _ in first })
    }

    static func checksums(_ values: [String: String]) -> [XMLElement] {
        values.sorted { $0.key < $1.key }.map { XMLElement($0.key, $0.value) }
    }
}
