/// The answer to ListObjects, the first version of listings, whose pages are named by keys.
package struct S3MarkerListing: S3Document {
    /// The entries; what it says of tokens is not part of this document.
    package var page: S3Listing
    /// The key after which the page starts.
    package var marker: String
    /// The last key or common prefix of a page, where a delimiter makes it hard to see.
    package var nextMarker: String?

    /// Makes a page.
    package init(page: S3Listing, marker: String, nextMarker: String? = nil) {
        self.page = page
        self.marker = marker
        self.nextMarker = nextMarker
    }

    /// Reads a `<ListBucketResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        page = try S3Listing(xml: xml)
        func plain(_ text: String) -> String {
            xml["EncodingType"]?.text == "url" ? PercentEncoding.decode(text, plusIsSpace: true) : text
        }
        marker = plain(xml["Marker"]?.text ?? "")
        nextMarker = xml["NextMarker"].map { plain($0.text) }
    }

    /// The `<ListBucketResult>` document.
    package var xml: XMLElement {
        let head: [XMLElement?] = [
            XMLElement("Name", page.bucket), XMLElement("Prefix", page.spelled(page.prefix)),
            XMLElement("Marker", page.spelled(marker)), .optional("NextMarker", nextMarker.map(page.spelled)),
            XMLElement("MaxKeys", String(page.maxKeys)), .optional("Delimiter", page.delimiter.map(page.spelled)),
            .optional("EncodingType", page.isURLEncoded ? "url" : nil),
            XMLElement("IsTruncated", page.isTruncated ? "true" : "false"),
        ]
        return XMLElement("ListBucketResult", head + page.entries)
    }
}
