package import JobCore

/// The answer to CopyObject or UploadPartCopy.
package struct S3CopyResult: S3Document {
    /// The new ETag with its quotes.
    package var etag: String
    /// When the copy was written.
    package var lastModified: Timestamp
    /// Checksums by element name.
    package var checksums: [String: String]
    /// Whether a part was copied, whose document has another name.
    package var isPart: Bool

    /// Makes the answer.
    package init(etag: String, lastModified: Timestamp, checksums: [String: String] = [:], isPart: Bool = false) {
        self.etag = etag
        self.lastModified = lastModified
        self.checksums = checksums
        self.isPart = isPart
    }

    /// Reads a `<CopyObjectResult>` or `<CopyPartResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        isPart = xml.name == "CopyPartResult"
        if !isPart { try xml.requireRoot("CopyObjectResult") }
        etag = try xml.requiredText("ETag")
        let date = try xml.requiredText("LastModified")
        guard let moment = Timestamp(rfc3339: date) else {
            throw .wrongValue(element: "LastModified", expected: "an RFC 3339 date", found: date)
        }
        lastModified = moment
        checksums = xml.checksums
    }

    /// The document.
    package var xml: XMLElement {
        XMLElement(
            isPart ? "CopyPartResult" : "CopyObjectResult",
            [XMLElement("LastModified", lastModified.rfc3339), XMLElement("ETag", etag)]
                + XMLElement.checksums(checksums))
    }
}
