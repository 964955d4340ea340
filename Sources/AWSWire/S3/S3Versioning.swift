internal import JobCore

/// Whether a bucket keeps versions, in both directions.
package struct S3Versioning: S3Document {
    /// What a bucket does with versions once it was told.
    package enum Status: String, Sendable, Hashable {
        /// Every write makes a version of its own.
        case enabled = "Enabled"
        /// Writes replace the version named `null`; the others stay.
        case suspended = "Suspended"
    }

    /// `nil` for a bucket that never was told.
    package var status: Status?
    /// Whether deleting needs a second factor, when the document says.
    package var deletionNeedsFactor: Bool?

    /// Makes a document.
    package init(status: Status?) { self.status = status }

    /// Reads a `<VersioningConfiguration>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("VersioningConfiguration")
        if let text = xml["Status"]?.text {
            guard let status = Status(rawValue: text) else {
                throw .wrongValue(element: "Status", expected: "Enabled or Suspended", found: text)
            }
            self.status = status
        }
        deletionNeedsFactor = xml["MfaDelete"].map { $0.text == "Enabled" }
    }

    /// The `<VersioningConfiguration>` document.
    package var xml: XMLElement {
        XMLElement(
            "VersioningConfiguration",
            [
                .optional("Status", status?.rawValue),
                .optional("MfaDelete", deletionNeedsFactor.map { $0 ? "Enabled" : "Disabled" }),
            ])
    }
}

/// The answer to ListObjectVersions: one page of versions and delete markers.
package struct S3VersionListing: S3Document {
    /// One version, or one delete marker.
    package struct Version: Sendable, Hashable {
        /// The version's name; `null` for one that was written without.
        package var id: String
        /// Whether it is the newest of its key.
        package var isLatest: Bool
        /// The object; of a delete marker only the key, the time and the owner mean something.
        package var object: S3ListedObject
        /// Whether it marks a deletion.
        package var isDeleteMarker: Bool

        /// Makes an entry.
        package init(id: String, isLatest: Bool, object: S3ListedObject, isDeleteMarker: Bool = false) {
            self.id = id
            self.isLatest = isLatest
            self.object = object
            self.isDeleteMarker = isDeleteMarker
        }
    }

    /// The bucket.
    package var bucket: String
    /// What keys start with.
    package var prefix = ""
    /// What ends a common prefix.
    package var delimiter: String?
    /// The key after which the page starts.
    package var keyMarker = ""
    /// The version of that key after which the page starts.
    package var versionIDMarker = ""
    /// The last key of a page, when there are more.
    package var nextKeyMarker: String?
    /// The last version of a page, when there are more.
    package var nextVersionIDMarker: String?
    /// The page's size.
    package var maxKeys = 1_000
    /// Whether there are more.
    package var isTruncated = false
    /// Whether the document says `encoding-type=url`.
    package var isURLEncoded = false
    /// The versions by key, and of one key from the newest to the oldest.
    package var versions: [Version] = []
    /// The common prefixes.
    package var commonPrefixes: [String] = []

    /// Makes an empty page.
    package init(bucket: String) { self.bucket = bucket }

    /// Reads a `<ListVersionsResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("ListVersionsResult")
        let isURLEncoded = xml["EncodingType"]?.text == "url"
        func plain(_ text: String) -> String {
            isURLEncoded ? PercentEncoding.decode(text, plusIsSpace: true) : text
        }
        self.isURLEncoded = isURLEncoded
        bucket = try xml.requiredText("Name")
        prefix = plain(xml["Prefix"]?.text ?? "")
        delimiter = xml["Delimiter"].map { plain($0.text) }
        keyMarker = plain(xml["KeyMarker"]?.text ?? "")
        versionIDMarker = xml["VersionIdMarker"]?.text ?? ""
        nextKeyMarker = xml["NextKeyMarker"].map { plain($0.text) }
        nextVersionIDMarker = xml["NextVersionIdMarker"]?.text
        maxKeys = Int(try xml.requiredInteger("MaxKeys"))
        isTruncated = try xml.bool("IsTruncated") ?? false
        for entry in xml.children where ["Version", "DeleteMarker"].contains(entry.name) {
            let date = try entry.requiredText("LastModified")
            guard let lastModified = Timestamp(rfc3339: date) else {
                throw .wrongValue(element: "LastModified", expected: "an RFC 3339 date", found: date)
            }
            let isDeleteMarker = entry.name == "DeleteMarker"
            let object = S3ListedObject(
                key: plain(try entry.requiredText("Key")), lastModified: lastModified,
                etag: entry["ETag"]?.text ?? "", sizeBytes: isDeleteMarker ? 0 : try entry.requiredInteger("Size"),
                storageClass: entry["StorageClass"]?.text ?? "STANDARD",
                checksumAlgorithm: entry["ChecksumAlgorithm"]?.text, checksumType: entry["ChecksumType"]?.text,
                ownerID: entry["Owner"]?["ID"]?.text)
            versions.append(
                Version(
                    id: try entry.requiredText("VersionId"), isLatest: try entry.bool("IsLatest") ?? false,
                    object: object, isDeleteMarker: isDeleteMarker))
        }
        for group in xml.all("CommonPrefixes") { commonPrefixes.append(plain(try group.requiredText("Prefix"))) }
    }

    /// The `<ListVersionsResult>` document.
    package var xml: XMLElement {
        let head: [XMLElement?] = [
            XMLElement("Name", bucket), XMLElement("Prefix", spelled(prefix)),
            XMLElement("KeyMarker", spelled(keyMarker)), XMLElement("VersionIdMarker", versionIDMarker),
            .optional("NextKeyMarker", nextKeyMarker.map(spelled)),
            .optional("NextVersionIdMarker", nextVersionIDMarker), XMLElement("MaxKeys", String(maxKeys)),
            .optional("Delimiter", delimiter.map(spelled)), .optional("EncodingType", isURLEncoded ? "url" : nil),
            XMLElement("IsTruncated", isTruncated ? "true" : "false"),
        ]
        let groups = commonPrefixes.map { XMLElement("CommonPrefixes", [XMLElement("Prefix", spelled($0))]) }
        return XMLElement("ListVersionsResult", head + versions.map(entry) + groups)
    }

    private func entry(_ version: Version) -> XMLElement {
        let object = version.object
        let name: [XMLElement?] = [
            XMLElement("Key", spelled(object.key)), XMLElement("VersionId", version.id),
            XMLElement("IsLatest", version.isLatest ? "true" : "false"),
            XMLElement("LastModified", object.lastModified.rfc3339),
        ]
        let owner = object.ownerID.map { XMLElement("Owner", [XMLElement("ID", $0)]) }
        guard !version.isDeleteMarker else { return XMLElement("DeleteMarker", name + [owner]) }
        return XMLElement(
            "Version",
            name + [
                XMLElement("ETag", object.etag), .optional("ChecksumAlgorithm", object.checksumAlgorithm),
                .optional("ChecksumType", object.checksumType), XMLElement("Size", String(object.sizeBytes)), owner,
                XMLElement("StorageClass", object.storageClass),
            ])
    }

    private func spelled(_ text: String) -> String {
        isURLEncoded ? PercentEncoding.encode(text, keeping: "/") : text
    }
}
