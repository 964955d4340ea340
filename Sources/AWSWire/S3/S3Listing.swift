package import JobCore

/// One object of a listing.
package struct S3ListedObject: Sendable, Hashable {
    /// The key, decoded.
    package var key: String
    /// When it was last written.
    package var lastModified: Timestamp
    /// The ETag with its quotes.
    package var etag: String
    /// The size in bytes.
    package var sizeBytes: Int64
    /// `STANDARD`, or another class.
    package var storageClass: String
    /// The algorithm of its checksum, such as `CRC64NVME`.
    package var checksumAlgorithm: String?
    /// `FULL_OBJECT` or `COMPOSITE`.
    package var checksumType: String?
    /// The owner's id, where it is told.
    package var ownerID: String?

    /// Makes an entry.
    package init(
        key: String, lastModified: Timestamp, etag: String, sizeBytes: Int64, storageClass: String = "STANDARD",
        checksumAlgorithm: String? = nil, checksumType: String? = nil, ownerID: String? = nil
    ) {
        self.key = key
        self.lastModified = lastModified
        self.etag = etag
        self.sizeBytes = sizeBytes
        self.storageClass = storageClass
        self.checksumAlgorithm = checksumAlgorithm
        self.checksumType = checksumType
        self.ownerID = ownerID
    }
}

/// The answer to ListObjectsV2: one page of keys and common prefixes.
///
/// With ``isURLEncoded`` keys and prefixes are percent-encoded in the document; here they are always decoded.
package struct S3Listing: S3Document {
    /// The bucket.
    package var bucket: String
    /// What keys start with.
    package var prefix: String
    /// What ends a common prefix.
    package var delimiter: String?
    /// The key after which the listing starts.
    package var startAfter: String?
    /// The page's size.
    package var maxKeys: Int
    /// Where the page before ended.
    package var continuationToken: String?
    /// Where this page ends, when there are more.
    package var nextContinuationToken: String?
    /// Whether there are more.
    package var isTruncated: Bool
    /// Whether the document says `encoding-type=url`.
    package var isURLEncoded: Bool
    /// The objects, in UTF-8 byte order.
    package var objects: [S3ListedObject]
    /// The common prefixes, in UTF-8 byte order.
    package var commonPrefixes: [String]

    /// Makes a page.
    package init(
        bucket: String, prefix: String = "", delimiter: String? = nil, startAfter: String? = nil,
        maxKeys: Int = 1000, continuationToken: String? = nil, nextContinuationToken: String? = nil,
        isTruncated: Bool = false, isURLEncoded: Bool = false, objects: [S3ListedObject] = [],
        commonPrefixes: [String] = []
    ) {
        self.bucket = bucket
        self.prefix = prefix
        self.delimiter = delimiter
        self.startAfter = startAfter
        self.maxKeys = maxKeys
        self.continuationToken = continuationToken
        self.nextContinuationToken = nextContinuationToken
        self.isTruncated = isTruncated
        self.isURLEncoded = isURLEncoded
        self.objects = objects
        self.commonPrefixes = commonPrefixes
    }

    /// Reads a `<ListBucketResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("ListBucketResult")
        let isURLEncoded = xml["EncodingType"]?.text == "url"
        func plain(_ text: String) -> String {
            isURLEncoded ? PercentEncoding.decode(text, plusIsSpace: true) : text
        }
        self.isURLEncoded = isURLEncoded
        bucket = try xml.requiredText("Name")
        prefix = plain(xml["Prefix"]?.text ?? "")
        delimiter = xml["Delimiter"].map { plain($0.text) }
        startAfter = xml["StartAfter"].map { plain($0.text) }
        maxKeys = xml["MaxKeys"] == nil ? 1000 : Int(try xml.requiredInteger("MaxKeys"))
        continuationToken = xml["ContinuationToken"]?.text
        nextContinuationToken = xml["NextContinuationToken"]?.text
        isTruncated = try xml.bool("IsTruncated") ?? false
        objects = []
        for entry in xml.all("Contents") {
            let date = try entry.requiredText("LastModified")
            guard let lastModified = Timestamp(rfc3339: date) else {
                throw .wrongValue(element: "LastModified", expected: "an RFC 3339 date", found: date)
            }
            objects.append(
                S3ListedObject(
                    key: plain(try entry.requiredText("Key")), lastModified: lastModified,
                    etag: try entry.requiredText("ETag"), sizeBytes: try entry.requiredInteger("Size"),
                    storageClass: entry["StorageClass"]?.text ?? "STANDARD",
                    checksumAlgorithm: entry["ChecksumAlgorithm"]?.text,
                    checksumType: entry["ChecksumType"]?.text, ownerID: entry["Owner"]?["ID"]?.text))
        }
        commonPrefixes = []
        for group in xml.all("CommonPrefixes") { commonPrefixes.append(plain(try group.requiredText("Prefix"))) }
    }

    /// The `<ListBucketResult>` document.
    package var xml: XMLElement {
        let head: [XMLElement?] = [
            XMLElement("Name", bucket), XMLElement("Prefix", spelled(prefix)),
            .optional("StartAfter", startAfter.map(spelled)),
            .optional("ContinuationToken", continuationToken),
            .optional("NextContinuationToken", nextContinuationToken),
            XMLElement("KeyCount", String(objects.count + commonPrefixes.count)),
            XMLElement("MaxKeys", String(maxKeys)), .optional("Delimiter", delimiter.map(spelled)),
            .optional("EncodingType", isURLEncoded ? "url" : nil),
            XMLElement("IsTruncated", isTruncated ? "true" : "false"),
        ]
        return XMLElement("ListBucketResult", head + entries)
    }

    /// The elements of the objects and of the common prefixes.
    var entries: [XMLElement] {
        let contents = objects.map { object in
            XMLElement(
                "Contents",
                [
                    XMLElement("Key", spelled(object.key)),
                    XMLElement("LastModified", object.lastModified.rfc3339), XMLElement("ETag", object.etag),
                    .optional("ChecksumAlgorithm", object.checksumAlgorithm),
                    .optional("ChecksumType", object.checksumType),
                    XMLElement("Size", String(object.sizeBytes)),
                    object.ownerID.map { XMLElement("Owner", [XMLElement("ID", $0)]) },
                    XMLElement("StorageClass", object.storageClass),
                ])
        }
        return contents + commonPrefixes.map { XMLElement("CommonPrefixes", [XMLElement("Prefix", spelled($0))]) }
    }

    /// A key or prefix as the document spells it.
    func spelled(_ text: String) -> String {
        isURLEncoded ? PercentEncoding.encode(text, keeping: "/") : text
    }
}
