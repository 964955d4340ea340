package import JobCore

/// The answer to ListBuckets.
package struct S3BucketList: S3Document {
    /// One bucket.
    package struct Bucket: Sendable, Hashable {
        /// The name.
        package var name: String
        /// When it was created.
        package var createdAt: Timestamp
        /// The region, where it is told.
        package var region: String?

        /// Makes an entry.
        package init(name: String, createdAt: Timestamp, region: String? = nil) {
            self.name = name
            self.createdAt = createdAt
            self.region = region
        }
    }

    /// The owner's id.
    package var ownerID: String
    /// The buckets by name.
    package var buckets: [Bucket]
    /// What names start with, when the client asked.
    package var prefix: String?
    /// Where the page ends, when there are more.
    package var continuationToken: String?

    /// Makes the answer.
    package init(ownerID: String, buckets: [Bucket], prefix: String? = nil, continuationToken: String? = nil) {
        self.ownerID = ownerID
        self.buckets = buckets
        self.prefix = prefix
        self.continuationToken = continuationToken
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
            buckets.append(
                Bucket(
                    name: try entry.requiredText("Name"), createdAt: createdAt, region: entry["BucketRegion"]?.text))
        }
        prefix = xml["Prefix"]?.text
        continuationToken = xml["ContinuationToken"]?.text
    }

    /// The `<ListAllMyBucketsResult>` document.
    package var xml: XMLElement {
        let entries = buckets.map { bucket in
            XMLElement(
                "Bucket",
                [
                    XMLElement("Name", bucket.name), XMLElement("CreationDate", bucket.createdAt.rfc3339),
                    .optional("BucketRegion", bucket.region),
                ])
        }
        return XMLElement(
            "ListAllMyBucketsResult",
            [
                XMLElement("Owner", [XMLElement("ID", ownerID)]), XMLElement("Buckets", entries),
                .optional("Prefix", prefix), .optional("ContinuationToken", continuationToken),
            ])
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
