/// What a signature says about the body: the value of `x-amz-content-sha256`.
package struct PayloadHash: Sendable, Hashable {
    /// The text that is signed: 64 hexadecimal digits or one of the constants.
    package let text: String

    /// Wraps a header's value.
    package init(text: String) { self.text = text }

    /// The hash of a body that is in memory.
    package init(of body: some Collection<UInt8>) { text = Digest.sha256.hex(body) }

    /// The hash of a body whose SHA-256 is known.
    package init(sha256: [UInt8]) { text = Hex.encode(sha256) }

    /// The hash of no bytes.
    package static let empty = PayloadHash(
        text: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    /// The body is not part of the signature (S3 only).
    package static let unsigned = PayloadHash(text: "UNSIGNED-PAYLOAD")
    /// An aws-chunked body in which every chunk is signed.
    package static let signedChunks = PayloadHash(text: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
    /// An aws-chunked body in which every chunk and a trailer are signed.
    package static let signedChunksAndTrailer = PayloadHash(text: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
    /// An aws-chunked body without signatures, with a trailer.
    package static let unsignedChunksAndTrailer = PayloadHash(text: "STREAMING-UNSIGNED-PAYLOAD-TRAILER")

    /// Whether this is the hash of a plain body, which can be compared with the bytes received.
    package var isDigest: Bool { text.utf8.count == 64 && text.utf8.allSatisfy { Hex.value(of: $0) != nil } }
}
