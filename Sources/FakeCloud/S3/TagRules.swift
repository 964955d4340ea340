internal import AWSWire

/// What S3 allows tags to be.
///
/// Source: S3 user guide, "Categorizing your objects using tags" and "Using cost allocation S3 bucket tags".
enum TagRules {
    static let mostOfObject = 10
    static let mostOfBucket = 50

    /// Reads `x-amz-tagging`.
    static func tags(header: String?) throws(S3Refusal) -> [S3Tag] {
        guard let header else { return [] }
        let tags = S3Tagging(header: header).tags
        guard Set(tags.map(\.key)).count == tags.count else {
            throw .invalidArgument(
                "x-amz-tagging", header,
                "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag "
                    + "name duplicates.")
        }
        try check(tags, atMost: mostOfObject)
        return tags
    }

    /// Refuses tags that S3 would refuse.
    static func check(_ tags: [S3Tag], atMost limit: Int) throws(S3Refusal) {
        guard tags.count <= limit else {
            let owner = limit == mostOfObject ? "Object" : "Bucket"
            throw S3Refusal("BadRequest", "\(owner) tags cannot be greater than \(limit)")
        }
        var keys: Set<String> = []
        for tag in tags {
            guard (1...128).contains(tag.key.unicodeScalars.count), isAllowed(tag.key) else {
                throw S3Refusal(
                    "InvalidTag", "The TagKey you have provided is invalid", details: ["TagKey": tag.key])
            }
            guard tag.value.unicodeScalars.count <= 256, isAllowed(tag.value) else {
                throw S3Refusal(
                    "InvalidTag", "The TagValue you have provided is invalid",
                    details: ["TagKey": tag.key, "TagValue": tag.value])
            }
            guard !tag.key.hasPrefix("aws:") else {
                throw S3Refusal("InvalidTag", "System tags cannot be added/updated by requester")
            }
            guard keys.insert(tag.key).inserted else {
                throw S3Refusal(
                    "InvalidTag", "Cannot provide multiple Tags with the same key", details: ["TagKey": tag.key])
            }
        }
    }

    private static func isAllowed(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar.properties.isWhitespace
                || "+-=._:/@".unicodeScalars.contains(scalar)
        }
    }
}
