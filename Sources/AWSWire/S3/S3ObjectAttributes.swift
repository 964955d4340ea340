/// The answer to GetObjectAttributes: those facts of an object that were asked for.
package struct S3ObjectAttributes: S3Document {
    /// The ETag without quotes.
    package var etag: String?
    /// Checksums by element name, with `ChecksumType`.
    package var checksums: [String: String]?
    /// The object's parts.
    package var parts: Parts?
    /// The class of storage.
    package var storageClass: String?
    /// The size in bytes.
    package var sizeBytes: Int64?

    /// One page of the parts that an object was uploaded in.
    package struct Parts: Sendable, Hashable {
        /// One part.
        package struct Part: Sendable, Hashable {
            /// Counted from 1 without gaps.
            package var number: Int
            /// The size in bytes.
            package var sizeBytes: Int64
            /// Checksums by element name.
            package var checksums: [String: String]

            /// Makes an entry.
            package init(number: Int, sizeBytes: Int64, checksums: [String: String] = [:]) {
                self.number = number
                self.sizeBytes = sizeBytes
                self.checksums = checksums
            }
        }

        /// How many parts there are.
        package var count: Int
        /// The page; `nil` for an object whose upload asked for no checksum, of which S3 tells the number only.
        package var page: [Part]?
        /// The number after which the page starts.
        package var marker: Int
        /// The page's size.
        package var limit: Int
        /// Whether there are more.
        package var isTruncated: Bool

        /// Makes a page.
        package init(count: Int, page: [Part]? = nil, marker: Int = 0, limit: Int = 1_000, isTruncated: Bool = false) {
            self.count = count
            self.page = page
            self.marker = marker
            self.limit = limit
            self.isTruncated = isTruncated
        }
    }

    /// Makes an answer that says nothing yet.
    package init() {}

    /// Reads a `<GetObjectAttributesResponse>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("GetObjectAttributesResponse")
        etag = xml["ETag"]?.text
        checksums = xml["Checksum"]?.checksums
        storageClass = xml["StorageClass"]?.text
        sizeBytes = xml["ObjectSize"] == nil ? nil : try xml.requiredInteger("ObjectSize")
        guard let list = xml["ObjectParts"] else { return }
        var parts = Parts(count: Int(try list.requiredInteger("PartsCount")))
        if list["MaxParts"] != nil {
            parts.marker = Int(try list.requiredInteger("PartNumberMarker"))
            parts.limit = Int(try list.requiredInteger("MaxParts"))
            parts.isTruncated = try list.bool("IsTruncated") ?? false
            var page: [Parts.Part] = []
            for part in list.all("Part") {
                page.append(
                    Parts.Part(
                        number: Int(try part.requiredInteger("PartNumber")),
                        sizeBytes: try part.requiredInteger("Size"), checksums: part.checksums))
            }
            parts.page = page
        }
        self.parts = parts
    }

    /// The `<GetObjectAttributesResponse>` document.
    package var xml: XMLElement {
        XMLElement(
            "GetObjectAttributesResponse",
            [
                .optional("ETag", etag), checksums.map { XMLElement("Checksum", XMLElement.checksums($0)) },
                parts?.xml, .optional("StorageClass", storageClass),
                .optional("ObjectSize", sizeBytes.map { String($0) }),
            ])
    }
}

extension S3ObjectAttributes.Parts {
    fileprivate var xml: XMLElement {
        guard let page else { return XMLElement("ObjectParts", [XMLElement("PartsCount", String(count))]) }
        let entries = page.map { part in
            XMLElement(
                "Part",
                XMLElement.checksums(part.checksums) + [
                    XMLElement("PartNumber", String(part.number)), XMLElement("Size", String(part.sizeBytes)),
                ])
        }
        return XMLElement(
            "ObjectParts",
            [
                XMLElement("IsTruncated", isTruncated ? "true" : "false"), XMLElement("MaxParts", String(limit)),
                XMLElement("NextPartNumberMarker", String(page.last?.number ?? 0)),
            ] + entries + [
                XMLElement("PartNumberMarker", String(marker)), XMLElement("PartsCount", String(count)),
            ])
    }
}
