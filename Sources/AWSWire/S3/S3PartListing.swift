package import JobCore

/// The answer to ListParts: one page of the parts of an upload.
package struct S3PartListing: S3Document {
    /// One part.
    package struct Part: Sendable, Hashable {
        /// 1...10000.
        package var number: Int
        /// When it was last written.
        package var lastModified: Timestamp
        /// The ETag with its quotes.
        package var etag: String
        /// The size in bytes.
        package var sizeBytes: Int64
        /// Checksums by element name.
        package var checksums: [String: String]

        /// Makes an entry.
        package init(
            number: Int, lastModified: Timestamp, etag: String, sizeBytes: Int64, checksums: [String: String] = [:]
        ) {
            self.number = number
            self.lastModified = lastModified
            self.etag = etag
            self.sizeBytes = sizeBytes
            self.checksums = checksums
        }
    }

    /// The bucket.
    package var bucket: String
    /// The key.
    package var key: String
    /// The upload.
    package var uploadID: String
    /// The number after which the page starts.
    package var partNumberMarker: Int
    /// The number at which the next page starts.
    package var nextPartNumberMarker: Int?
    /// The page's size.
    package var maxParts: Int
    /// Whether there are more.
    package var isTruncated: Bool
    /// The parts by number.
    package var parts: [Part]

    /// Makes a page.
    package init(
        bucket: String, key: String, uploadID: String, partNumberMarker: Int = 0, nextPartNumberMarker: Int? = nil,
        maxParts: Int = 1000, isTruncated: Bool = false, parts: [Part] = []
    ) {
        self.bucket = bucket
        self.key = key
        self.uploadID = uploadID
        self.partNumberMarker = partNumberMarker
        self.nextPartNumberMarker = nextPartNumberMarker
        self.maxParts = maxParts
        self.isTruncated = isTruncated
        self.parts = parts
    }

    /// Reads a `<ListPartsResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("ListPartsResult")
        bucket = try xml.requiredText("Bucket")
        key = try xml.requiredText("Key")
        uploadID = try xml.requiredText("UploadId")
        partNumberMarker = xml["PartNumberMarker"].flatMap { Int($0.text) } ?? 0
        nextPartNumberMarker = xml["NextPartNumberMarker"].flatMap { Int($0.text) }
        maxParts = Int(try xml.requiredInteger("MaxParts"))
        isTruncated = try xml.bool("IsTruncated") ?? false
        parts = []
        for part in xml.all("Part") {
            let date = try part.requiredText("LastModified")
            guard let lastModified = Timestamp(rfc3339: date) else {
                throw .wrongValue(element: "LastModified", expected: "an RFC 3339 date", found: date)
            }
            parts.append(
                Part(
                    number: Int(try part.requiredInteger("PartNumber")), lastModified: lastModified,
                    etag: try part.requiredText("ETag"), sizeBytes: try part.requiredInteger("Size"),
                    checksums: part.checksums))
        }
    }

    /// The `<ListPartsResult>` document.
    package var xml: XMLElement {
        let entries = parts.map { part in
            XMLElement(
                "Part",
                [
                    XMLElement("PartNumber", String(part.number)),
                    XMLElement("LastModified", part.lastModified.rfc3339), XMLElement("ETag", part.etag),
                    XMLElement("Size", String(part.sizeBytes)),
                ] + XMLElement.checksums(part.checksums))
        }
        return XMLElement(
            "ListPartsResult",
            [
                XMLElement("Bucket", bucket), XMLElement("Key", key), XMLElement("UploadId", uploadID),
                XMLElement("PartNumberMarker", String(partNumberMarker)),
                .optional("NextPartNumberMarker", nextPartNumberMarker.map { String($0) }),
                XMLElement("MaxParts", String(maxParts)), XMLElement("IsTruncated", isTruncated ? "true" : "false"),
                XMLElement("StorageClass", "STANDARD"),
            ] + entries)
    }
}
