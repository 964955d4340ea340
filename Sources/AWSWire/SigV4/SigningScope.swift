package import JobCore

/// The day, region and service that a signature is good for.
package struct SigningScope: Sendable, Hashable {
    /// The day in UTC, `20150830`.
    package let day: String
    /// Such as `us-east-1`.
    package let region: String
    /// Such as `sqs` or `s3`.
    package let service: String

    /// Makes a scope from its parts.
    package init(day: String, region: String, service: String) {
        self.day = day
        self.region = region
        self.service = service
    }

    /// Makes the scope of a moment.
    package init(at moment: Timestamp, region: String, service: String) {
        self.init(day: moment.amzDay, region: region, service: service)
    }

    /// The form of the string to sign: `20150830/us-east-1/sqs/aws4_request`.
    package var text: String { day + "/" + region + "/" + service + "/aws4_request" }

    /// The key that signatures of this scope are computed with, 32 bytes.
    ///
    /// Source: IAM user guide, "Create a signed AWS API request", step 3.
    package func signingKey(secret: String) -> [UInt8] {
        let dayKey = Digest.hmacSHA256(key: ("AWS4" + secret).utf8, day.utf8)
        let regionKey = Digest.hmacSHA256(key: dayKey, region.utf8)
        let serviceKey = Digest.hmacSHA256(key: regionKey, service.utf8)
        return Digest.hmacSHA256(key: serviceKey, "aws4_request".utf8)
    }
}
