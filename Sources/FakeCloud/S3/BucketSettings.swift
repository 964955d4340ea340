package import AWSWire

/// What a bucket is told to do, beside keeping objects.
package struct BucketSettings: Sendable, Hashable {
    /// The region that the bucket was asked to be in; `nil` for the service's own.
    package var location: String?
    /// The tags.
    package var tags: [S3Tag] = []
    /// Which pages of other origins may use the bucket.
    package var cors: S3CORSConfiguration?
    /// What becomes of replaced and deleted objects; `nil` for a bucket that never was told.
    package var versioning: S3Versioning.Status?
    /// Who is told of events.
    package var notifications = S3NotificationConfiguration()

    /// Makes the settings of a new bucket.
    package init() {}
}

extension ObjectService {
    /// The settings of a bucket.
    package func settings(of bucketName: String) throws(S3Refusal) -> BucketSettings { try bucket(bucketName).settings }

    /// Changes the settings of a bucket.
    package mutating func configure(
        _ bucketName: String, _ change: (inout BucketSettings) -> Void
    ) throws(S3Refusal) {
        var settings = try settings(of: bucketName)
        change(&settings)
        buckets[bucketName]?.settings = settings
        note(.bucketConfigured(name: bucketName, settings))
    }
}
