package import AWSWire

/// What a fake cloud needs to know before it starts.
package struct FakeCloudConfiguration: Sendable, Hashable {
    /// What becomes of signatures.
    package enum Authentication: Sendable, Hashable {
        /// Every request must be signed with one of the keys.
        case verify
        /// Signatures are not looked at.
        case accept
    }

    /// The address to listen on; `127.0.0.1` is reached from this machine only.
    package var host: String
    /// The port; 0 takes a free one.
    package var port: Int
    /// The directory that keeps everything; `nil` keeps nothing beyond the end of the server.
    package var dataDirectory: String?
    /// The keys that requests may be signed with.
    package var credentials: [AWSCredentials]
    /// What becomes of signatures.
    package var authentication: Authentication
    /// The region of queues and buckets.
    package var region: String
    /// The account that owns everything, 12 digits.
    package var account: String
    /// Hosts, without port, below which a first label names a bucket: `bucket.s3.localhost`.
    package var bucketHosts: [String]
    /// Whether AWS's 60 seconds between two purges, and between deletion and new creation of a queue, hold.
    package var enforcesCooldowns: Bool
    /// How the cloud's time goes on at first.
    package var clock: CloudClock.Mode
    /// Where ids start; `nil` takes a seed of the system, as a server with a data directory must.
    package var seed: UInt64?

    /// Makes a configuration; without arguments that of a server on a free port that keeps nothing.
    package init(
        host: String = "127.0.0.1", port: Int = 0, dataDirectory: String? = nil,
        credentials: [AWSCredentials] = [Self.localCredentials], authentication: Authentication = .verify,
        region: String = "us-east-1", account: String = "000000000000",
        bucketHosts: [String] = ["s3.localhost", "localhost"], enforcesCooldowns: Bool = true,
        clock: CloudClock.Mode = .real, seed: UInt64? = nil
    ) {
        self.host = host
        self.port = port
        self.dataDirectory = dataDirectory
        self.credentials = credentials
        self.authentication = authentication
        self.region = region
        self.account = account
        self.bucketHosts = bucketHosts
        self.enforcesCooldowns = enforcesCooldowns
        self.clock = clock
        self.seed = seed
    }

    /// The key of a server that is reached from its own machine only; it guards nothing.
    package static let localCredentials = AWSCredentials(
        accessKeyID: "headrace", secretAccessKey: "headrace-local-secret")
}
