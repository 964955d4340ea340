internal import AWSWire
internal import HTTPTypes
internal import HummingbirdCore
internal import NIOCore
internal import NIOPosix

/// Takes a request's body into a new file and checks everything that the client claims of it.
struct BodyIntake: Sendable {
    /// The largest body of one request: 5 GiB.
    static let limitBytes: Int64 = 5 * 1_024 * 1_024 * 1_024

    /// A body that is in the store.
    struct Stored: Sendable {
        let segment: BlobSegment
        let etag: String
        let checksum: StoredChecksum
    }

    private let host: ObjectHost
    private let claims: BodyClaims

    init(host: ObjectHost, claims: BodyClaims) {
        self.host = host
        self.claims = claims
    }

    /// Reads the body to its end.
    ///
    /// `algorithm` is the checksum to keep when the client chose none.
    func store(_ body: RequestBody, algorithm: S3ChecksumAlgorithm = .crc64nvme) async throws -> Stored {
        let wanted = BlobDigests.Wanted(
            sha256: claims.payload.isDigest, algorithm: claims.checksumAlgorithm ?? algorithm)
        let id = host.newID()
        var draft: BlobDraft?
        var chunks = claims.chunks
        var pieces: [[UInt8]] = []
        var heldBytes = 0
        for try await buffer in body {
            if chunks != nil {
                for piece in try chunks?.decode(Array(buffer.readableBytesView)) ?? [] {
                    heldBytes += piece.count
                    pieces.append(piece)
                }
            } else {
                heldBytes += buffer.readableBytes
                pieces.append(Array(buffer.readableBytesView))
            }
            guard heldBytes >= BlobStream.pieceBytes else { continue }
            draft = try await write(pieces, to: draft, id, wanted)
            pieces = []
            heldBytes = 0
        }
        let trailer = try chunks?.finish() ?? [:]
        return try await finish(pieces, draft, id, wanted, trailer: trailer)
    }

    private func write(
        _ pieces: [[UInt8]], to draft: BlobDraft?, _ id: BlobID, _ wanted: BlobDigests.Wanted
    ) async throws -> BlobDraft {
        try await host.pool.runIfActive { [blobs = host.blobs] in
            let draft = try draft ?? blobs.draft(id, digests: wanted)
            try draft.write(pieces)
            return draft
        }
    }

    private func finish(
        _ pieces: [[UInt8]], _ draft: BlobDraft?, _ id: BlobID, _ wanted: BlobDigests.Wanted,
        trailer: [String: String]
    ) async throws -> Stored {
        let result = try await host.pool.runIfActive { [blobs = host.blobs, claims] in
            let draft = try draft ?? blobs.draft(id, digests: wanted)
            try draft.write(pieces)
            let digests = draft.digests()
            try claims.check(digests, trailer: trailer)
            try draft.finish()
            return digests
        }
        return Stored(
            segment: BlobSegment(blob: id, sizeBytes: result.sizeBytes), etag: ETag.quoted(md5: result.md5),
            checksum: result.checksum)
    }
}

/// What the head of a request claims of its body.
struct BodyClaims: Sendable {
    /// The value of `x-amz-content-sha256`.
    let payload: PayloadHash
    /// The algorithm that a checksum header or the announced trailer names.
    let checksumAlgorithm: S3ChecksumAlgorithm?
    /// The decoder, when the body is aws-chunked.
    let chunks: ChunkedBody?
    private let md5: [UInt8]?
    private let checksum: String?

    /// Reads a head; an object's must say how long the body is.
    init(_ head: HTTPRequest, pass: SignatureGate.Pass, needsLength: Bool = true) throws(S3Refusal) {
        let fields = head.headerFields
        payload = PayloadHash(text: fields[.amzContentSHA256] ?? PayloadHash.unsigned.text)
        if let text = fields[.contentMD5] {
            guard let bytes = Base64.decode(text), bytes.count == 16 else {
                throw S3Refusal("InvalidDigest", "The Content-MD5 you specified was invalid.")
            }
            md5 = bytes
        } else {
            md5 = nil
        }
        let named = S3ChecksumAlgorithm.allCases.filter { fields[$0.header] != nil }
        guard named.count <= 1 else {
            throw S3Refusal(
                "InvalidRequest", "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.")
        }
        let trailing = fields[.amzTrailer]?.lowercased()
        checksumAlgorithm =
            named.first ?? S3ChecksumAlgorithm.allCases.first { $0.header.canonicalName == trailing }
            ?? (fields[.amzSDKChecksumAlgorithm] ?? fields[.amzChecksumAlgorithm])
            .flatMap { S3ChecksumAlgorithm(rawValue: $0.uppercased()) }
        checksum = named.first.flatMap { fields[$0.header] }
        if let checksum, Base64.decode(checksum) == nil, let algorithm = named.first {
            throw S3Refusal("InvalidRequest", "Value for \(algorithm.header.canonicalName) header is invalid.")
        }
        chunks = try ChunkedBody(head, payload: payload, pass: pass)
        if needsLength { try Self.checkLength(fields, isChunked: chunks != nil) }
    }

    private static func checkLength(_ fields: HTTPFields, isChunked: Bool) throws(S3Refusal) {
        guard let text = isChunked ? fields[.amzDecodedContentLength] : fields[.contentLength],
            let length = Int64(text)
        else { throw S3Refusal("MissingContentLength", "You must provide the Content-Length HTTP header.") }
        guard length <= BodyIntake.limitBytes else {
            throw S3Refusal(
                "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
                details: ["MaxSizeAllowed": String(BodyIntake.limitBytes), "ProposedSize": String(length)])
        }
    }

    /// Compares the claims with the sums of what came.
    func check(_ digests: BlobDigests, trailer: [String: String]) throws(S3Refusal) {
        if payload.isDigest, let found = digests.sha256, Hex.encode(found) != payload.text.lowercased() {
            throw S3Refusal(
                "XAmzContentSHA256Mismatch",
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
                details: [
                    "ClientComputedContentSHA256": payload.text, "S3ComputedContentSHA256": Hex.encode(found),
                ])
        }
        if let md5, md5 != digests.md5 {
            throw S3Refusal("BadDigest", "The Content-MD5 you specified did not match what we received.")
        }
        let algorithm = digests.checksum.algorithm
        let claimed = checksum ?? (checksumAlgorithm.flatMap { trailer[$0.header.canonicalName] })
        if let claimed, claimed != digests.checksum.value {
            throw S3Refusal(
                "BadDigest", "The \(algorithm.rawValue) you specified did not match the calculated checksum.")
        }
    }
}
