/// One tag of an object or a bucket.
package struct S3Tag: Sendable, Hashable {
    /// The name, 1...128 characters.
    package var key: String
    /// The value, 0...256 characters.
    package var value: String

    /// Makes a tag.
    package init(key: String, value: String) {
        self.key = key
        self.value = value
    }
}

/// The tags of an object or a bucket, in both directions.
package struct S3Tagging: S3Document {
    /// The tags in the order of the document.
    package var tags: [S3Tag]

    /// Makes a set of tags.
    package init(tags: [S3Tag]) { self.tags = tags }

    /// Reads the value of `x-amz-tagging`: `a=1&b=2`, encoded.
    package init(header: String) {
        tags = QueryItems(parsing: header).items.map { S3Tag(key: $0.name, value: $0.value ?? "") }
    }

    /// Reads a `<Tagging>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("Tagging")
        guard let set = xml["TagSet"] else { throw .missing(element: "TagSet") }
        tags = []
        for tag in set.all("Tag") {
            tags.append(S3Tag(key: try tag.requiredText("Key"), value: try tag.requiredText("Value")))
        }
    }

    /// The `<Tagging>` document.
    package var xml: XMLElement {
        let set = tags.map { XMLElement("Tag", [XMLElement("Key", $0.key), XMLElement("Value", $0.value)]) }
        return XMLElement("Tagging", [XMLElement("TagSet", set)])
    }
}
