/// What a run of the fuzzer is aimed at.
package enum FuzzTarget: String, Sendable, Hashable, CaseIterable {
    /// Bodies of SQS in AWS JSON 1.0.
    case json
    /// Forms of SQS in the older Query protocol.
    case query
    /// Documents of S3: deletions, tags, CORS, notifications, versioning, locations.
    case xml
    /// Bodies in aws-chunked, signed and unsigned, with trailers and without.
    case chunked
    /// Multipart uploads: part lists, and the operations in any order.
    case multipart

    /// Whether requests are signed and the cloud checks signatures.
    var signs: Bool { self == .chunked }

    /// The most bytes that an input may have, so that memory and time say something about the server.
    var inputLimitBytes: Int { 512 * 1_024 }
}
