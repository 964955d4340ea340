internal import AWSWire
internal import HTTPTypes
package import JobCore

/// The calls about buckets as such that commands need.
package struct S3Admin: Sendable {
    private let caller: S3Caller

    /// Makes the calls for a store's client and addressing.
    package init(store: S3ObjectStore) { caller = store.caller }

    /// Succeeds when the bucket exists and may be used.
    ///
    /// - Throws: `notFound` without the bucket, `denied` without the right.
    package func headBucket(_ bucket: String) async throws(DependencyError) {
        _ = try await caller.call("s3.HeadBucket \(bucket)", caller.head(.head, bucket: bucket))
    }

    /// Creates a bucket in the client's region; one that the caller owns already is fine.
    package func createBucket(_ bucket: String) async throws(DependencyError) {
        let region = caller.client.region
        let body = region == "us-east-1" ? [] : S3BucketConfiguration(location: region).body
        do throws(DependencyError) {
            _ = try await caller.call("s3.CreateBucket \(bucket)", caller.head(.put, bucket: bucket), body: body)
        } catch {
            guard error.code == "BucketAlreadyOwnedByYou" else { throw error }
        }
    }

    /// The names of all buckets, sorted.
    package func bucketNames() async throws(DependencyError) -> [String] {
        let operation = "s3.ListBuckets"
        let response = try await caller.call(operation, caller.head(.get, bucket: nil))
        return try caller.read(S3BucketList.self, response, operation).buckets.map(\.name).sorted()
    }
}
