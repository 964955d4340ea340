package import JobCore

/// The answer to ListBuckets.
package struct S3BucketList: S3Document {
    /// One bucket.
    package struct Bucket: Sendable, Hashable {
        /// The name.
        package var name: String
        /// When it was created.
        package var createdAt: Timestamp

        /// Makes an entry.
        package init(name: String, createdAt: Timestamp) {
            self.name = name
            self.createdAt = createdAt
        }
    }

    /// The owner's id.
    package var ownerID: String
    /// The buckets by name.
    package var buckets: [Bucket]

    /// Makes the answer.
    package init(ownerID: String, buckets: [Bucket]) {
        self.ownerID = ownerID
        self.buckets = buckets
    }

    /// Reads a `<ListAllMyBucketsResult>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("ListAllMyBucketsResult")
        ownerID = xml["Owner"]?["ID"]?.text ?? ""
        buckets = []
        for entry in xml["Buckets"]?.all("Bucket") ?? [] {
            let date = try entry.requiredText("CreationDate")
            guard let createdAt = Timestamp(rfc3339: date) else {
                throw .wrongValue(element: "CreationDate", expected: "an RFC 3339 date", found: date)
            }
            buckets.append(Bucket(name: try entry.requiredText("Name"), createdAt: createdAt))
        }
    }

    /// The `<ListAllMyBucketsResult>` document.
    package var xml: XMLElement {
        let entries = buckets.map { bucket in
            XMLElement(
                "Bucket",
                [XMLElement("Name", bucket.name), XMLElement("CreationDate", bucket.createdAt.rfc3339)])
        }
        return XMLElement(
            "ListAllMyBucketsResult",
            [XMLElement("Owner", [XMLElement("ID", ownerID)]), XMLElement("Buckets", entries)])
    }
}

/// The request body of CreateBucket outside us-east-1.
package struct S3BucketConfiguration: S3Document {
    /// The region that the bucket is to be in.
    package var location: String?

    /// Makes a configuration.
    package init(location: String?) { self.location = location }

    /// Reads a `<CreateBucketConfiguration>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("CreateBucketConfiguration")
        location = xml["LocationConstraint"]?.text
    }

    /// The `<CreateBucketConfiguration>` document.
    package var xml: XMLElement {
        XMLElement("CreateBucketConfiguration", [.optional("LocationConstraint", location)])
    }
}

/// The answer to GetBucketLocation; the empty location is us-east-1.
package struct S3BucketLocation: S3Document {
    /// The region, empty for us-east-1.
    package var location: String

    /// Makes the answer.
    package init(location: String) { self.location = location }

    /// Reads a `<LocationConstraint>` document.
    package init(xml: XMLElement) throws(S3CodecError) {
        try xml.requireRoot("LocationConstraint")
        location = xml.text
    }

    /// The `<LocationConstraint>` document.
    package var xml: XMLElement { XMLElement("LocationConstraint", location) }
}
