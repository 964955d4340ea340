package import JobCore

/// The answer to ListMultipartUploads: one page of the uploads under way to a bucket.
package struct S3UploadListing: S3Document {
    /// One upload.
    package struct Upload: Sendable, Hashable {
        /// The key that the object will have.
        package var key: String
        /// The upload's name.
        package var id: String
        /// When it was begun.
        package var startedAt: Timestamp
        /// The class of storage.
        package var storageClass: String
        /// The algorithm of its checksums, when one was asked for.
        package var checksumAlgorithm: String?
        /// `FULL_OBJECT` or `COMPOSITE`, with an algorithm.
        package var checksumType: String?

        /// Makes an entry.
        package init(
            key: String, id: String, startedAt: Timestamp, storageClass: String = "STANDARD",
            checksumAlgorithm: String? = nil, checksumType: String? = nil
        ) {
            self.key = key
            self.id = id
            self.startedAt = startedAt
            self.storageClass = storageClass
            self.checksumAlgorithm = checksumAlgorithm
            self.checksumType = checksumType
        }
    }

    /// The bucket.
    package var bucket: String
    /// What keys start with.
    package var prefix: String
    /// What ends a common prefix.
    package var delimiter: String?
    /// The key after which the page starts.
    package var keyMarker: String
    /// The upload of that key after which the page starts.
    package var uploadIDMarker: String
    /// The last key of a page, when there are more.
    package var nextKeyMarker: String?
    /// The last upload of a page, when there are more.
    package var nextUploadIDMarker: String?
    /// The page's size.
    package var maxUploads: Int
    /// Whether there are more.
    package var isTruncated = false
    /// Whether the document says `encoding-type=url`.
    package var isURLEncoded = false
    /// The uploads by key, and of one key by time.
    package var uploads: [Upload] = []
    /// The common prefixes.
    package var commonPrefixes: [String] = []
    /// The owner's id.
    package var ownerID: String

    /// Makes an empty page.
    package init(
        bucket: String, prefix: String = "", delimiter: String? = nil, keyMarker: String = "",
        uploadIDMarker: String = "", maxUploads: Int = 1_000, ownerID: String
    ) {
        self.bucket = bucket
        self.prefix = prefix
        self.delimiter = delimiter
        self.keyMarker = keyMarker
        self.uploadIDMarker = uploadIDMarker
        self.maxUploads = maxUploads
        self.ownerID = ownerID
    }

    /// Reads a `<ListMultipartUploadsResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("ListMultipartUploadsResult")
        let isURLEncoded = xml["EncodingType"]?.text == "url"
        func plain(_ text: String) -> String {
            isURLEncoded ? PercentEncoding.decode(text, plusIsSpace: true) : text
        }
        self.init(
            bucket: try xml.requiredText("Bucket"), prefix: plain(xml["Prefix"]?.text ?? ""),
            delimiter: xml["Delimiter"].map { plain($0.text) }, keyMarker: plain(xml["KeyMarker"]?.text ?? ""),
            uploadIDMarker: xml["UploadIdMarker"]?.text ?? "", maxUploads: Int(try xml.requiredInteger("MaxUploads")),
            ownerID: xml["Upload"]?["Owner"]?["ID"]?.text ?? "")
        self.isURLEncoded = isURLEncoded
        nextKeyMarker = xml["NextKeyMarker"].map { plain($0.text) }
        nextUploadIDMarker = xml["NextUploadIdMarker"]?.text
        isTruncated = try xml.bool("IsTruncated") ?? false
        for entry in xml.all("Upload") {
            let date = try entry.requiredText("Initiated")
            guard let startedAt = Timestamp(rfc3339: date) else {
                throw .wrongValue(element: "Initiated", expected: "an RFC 3339 date", found: date)
            }
            uploads.append(
                Upload(
                    key: plain(try entry.requiredText("Key")), id: try entry.requiredText("UploadId"),
                    startedAt: startedAt, storageClass: entry["StorageClass"]?.text ?? "STANDARD",
                    checksumAlgorithm: entry["ChecksumAlgorithm"]?.text, checksumType: entry["ChecksumType"]?.text))
        }
        for group in xml.all("CommonPrefixes") { commonPrefixes.append(plain(try group.requiredText("Prefix"))) }
    }

    /// The `<ListMultipartUploadsResult>` document.
    package var xml: XMLElement {
        func spelled(_ text: String) -> String { isURLEncoded ? PercentEncoding.encode(text, keeping: "/") : text }
        let owner = [XMLElement("ID", ownerID)]
        let entries = uploads.map { upload in
            XMLElement(
                "Upload",
                [
                    XMLElement("Key", spelled(upload.key)), XMLElement("UploadId", upload.id),
                    XMLElement("Initiator", owner), XMLElement("Owner", owner),
                    XMLElement("StorageClass", upload.storageClass),
                    XMLElement("Initiated", upload.startedAt.rfc3339),
                    .optional("ChecksumAlgorithm", upload.checksumAlgorithm),
                    .optional("ChecksumType", upload.checksumType),
                ])
        }
        let head: [XMLElement?] = [
            XMLElement("Bucket", bucket), XMLElement("KeyMarker", spelled(keyMarker)),
            XMLElement("UploadIdMarker", uploadIDMarker), .optional("NextKeyMarker", nextKeyMarker.map(spelled)),
            .optional("NextUploadIdMarker", nextUploadIDMarker), XMLElement("Prefix", spelled(prefix)),
            .optional("Delimiter", delimiter.map(spelled)), .optional("EncodingType", isURLEncoded ? "url" : nil),
            XMLElement("MaxUploads", String(maxUploads)), XMLElement("IsTruncated", isTruncated ? "true" : "false"),
        ]
        let groups = commonPrefixes.map { XMLElement("CommonPrefixes", [XMLElement("Prefix", spelled($0))]) }
        return XMLElement("ListMultipartUploadsResult", head + entries + groups)
    }
}
