package import JobCore

/// The chain of signatures over the chunks of an aws-chunked body.
///
/// Each chunk signs the signature before it; the request's own signature is the first of the chain.
/// Source: S3 API reference, "Signature calculations for the Authorization header: transferring payload in multiple
/// chunks", with the form for trailing headers.
package struct ChunkSignatures: Sendable {
    private let key: [UInt8]
    private let scope: SigningScope
    private let amzDate: String
    /// The signature that the next link signs.
    package private(set) var previous: String

    /// Starts the chain after a request's signature.
    package init(secret: String, scope: SigningScope, signedAt: Timestamp, seed: String) {
        key = scope.signingKey(secret: secret)
        self.scope = scope
        amzDate = signedAt.amzDate
        previous = seed
    }

    /// Starts the chain of a request that was verified.
    package init(secret: String, identity: SigV4Identity) {
        self.init(secret: secret, scope: identity.scope, signedAt: identity.signedAt, seed: identity.signature)
    }

    /// The signature of the next chunk, by the SHA-256 of its data; the last chunk is empty.
    package mutating func next(chunk hash: PayloadHash) -> String {
        sign(["AWS4-HMAC-SHA256-PAYLOAD", amzDate, scope.text, previous, PayloadHash.empty.text, hash.text])
    }

    /// The signature of the trailer: its lines `name:value`, each ended by a line feed.
    package mutating func next(trailer: String) -> String {
        sign(["AWS4-HMAC-SHA256-TRAILER", amzDate, scope.text, previous, Digest.sha256.hex(trailer.utf8)])
    }

    private mutating func sign(_ lines: [String]) -> String {
        let text = lines.joined(separator: "\n")
        previous = Hex.encode(Digest.hmacSHA256(key: key, text.utf8))
        return previous
    }
}
