internal import AWSWire
internal import HTTPTypes

/// Takes the framing off an aws-chunked body, and checks the signatures of its chunks and trailer.
///
/// `hex-length[;chunk-signature=…] CRLF data CRLF`, a chunk of length 0, then trailing headers and an empty line.
/// Source: S3 API reference, "Transferring payload in multiple chunks".
struct ChunkedBody: Sendable {
    private enum Place: Sendable {
        case header
        case data(left: Int)
        case dataEnd
        case trailer
        case end
    }

    private var place = Place.header
    private var held: [UInt8] = []
    private var signatures: ChunkSignatures?
    private var claimedSignature: String?
    private var hash = ChunkHash()
    private var decodedBytes: Int64 = 0
    private let expectedBytes: Int64?
    private let hasTrailer: Bool
    private var trailer: [String: String] = [:]
    private var trailerText = ""

    /// The longest header or trailer line.
    private static let longestLine = 16 * 1_024

    /// `nil` for a body that is not aws-chunked.
    init?(_ head: HTTPRequest, payload: PayloadHash, pass: SignatureGate.Pass) throws(S3Refusal) {
        switch payload {
        case .signedChunks, .signedChunksAndTrailer:
            if let identity = pass.identity, let secret = pass.secret {
                signatures = ChunkSignatures(secret: secret, identity: identity)
            }
        case .unsignedChunksAndTrailer: break
        default:
            let encodings = head.headerFields[.contentEncoding]?.split(separator: ",") ?? []
            guard encodings.contains(where: { $0.filter { $0 != " " } == "aws-chunked" }) else { return nil }
        }
        hasTrailer = payload == .signedChunksAndTrailer || payload == .unsignedChunksAndTrailer
        expectedBytes = head.headerFields[.amzDecodedContentLength].flatMap { Int64($0) }
    }

    /// Takes bytes of the body and returns the data among them.
    mutating func decode(_ bytes: [UInt8]) throws(S3Refusal) -> [[UInt8]] {
        held += bytes
        var data: [[UInt8]] = []
        var start = 0
        while let (piece, next) = try step(from: start) {
            if let piece { data.append(piece) }
            start = next
        }
        held.removeFirst(start)
        return data
    }

    /// The trailing headers by lower-case name; throws when the body ended too early.
    func finish() throws(S3Refusal) -> [String: String] {
        guard case .end = place, expectedBytes ?? decodedBytes == decodedBytes else {
            throw S3Refusal(
                "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP header")
        }
        return trailer
    }

    /// One step over the held bytes; `nil` when more are needed.
    private mutating func step(from start: Int) throws(S3Refusal) -> (piece: [UInt8]?, next: Int)? {
        switch place {
        case .header:
            guard let (line, next) = try line(from: start) else { return nil }
            try beginChunk(line)
            return (nil, next)
        case .data(let left):
            let count = min(left, held.count - start)
            guard count > 0 else { return nil }
            let piece = Array(held[start..<(start + count)])
            hash.update(piece)
            decodedBytes += Int64(count)
            place = left == count ? .dataEnd : .data(left: left - count)
            return (piece, start + count)
        case .dataEnd:
            guard let (line, next) = try line(from: start) else { return nil }
            guard line.isEmpty else { throw Self.malformed }
            try endChunk()
            place = .header
            return (nil, next)
        case .trailer:
            guard let (line, next) = try line(from: start) else { return nil }
            try takeTrailer(line)
            return (nil, next)
        case .end: return nil
        }
    }

    private mutating func beginChunk(_ line: String) throws(S3Refusal) {
        let parts = line.split(separator: ";", maxSplits: 1)
        guard let length = parts.first.flatMap({ Int($0.filter { $0 != " " }, radix: 16) }), length >= 0 else {
            throw Self.malformed
        }
        let extensionText = parts.count > 1 ? parts[1].filter { $0 != " " } : ""
        claimedSignature =
            extensionText.hasPrefix("chunk-signature=") ? String(extensionText.dropFirst(16)) : nil
        guard length == 0 else {
            place = .data(left: length)
            return
        }
        try endChunk()
        place = .trailer
    }

    private mutating func endChunk() throws(S3Refusal) {
        let found = hash.finish()
        guard let expected = signatures?.next(chunk: PayloadHash(sha256: found)) else { return }
        guard expected == claimedSignature else { throw Self.wrongSignature }
    }

    private mutating func takeTrailer(_ line: String) throws(S3Refusal) {
        if line.isEmpty {
            guard hasTrailer, signatures != nil, !trailerText.isEmpty else {
                place = .end
                return
            }
            let claimed = trailer["x-amz-trailer-signature"]
            guard signatures?.next(trailer: trailerText) == claimed else { throw Self.wrongSignature }
            place = .end
            return
        }
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { throw Self.malformed }
        let name = parts[0].lowercased()
        let value = String(parts[1].drop { $0 == " " })
        trailer[name] = value
        if name != "x-amz-trailer-signature" { trailerText += name + ":" + value + "\n" }
    }

    private func line(from start: Int) throws(S3Refusal) -> (String, Int)? {
        guard let end = held[start...].firstIndex(of: UInt8(ascii: "\n")) else {
            guard held.count - start <= Self.longestLine else { throw Self.malformed }
            return nil
        }
        let isCRLF = end > start && held[end - 1] == UInt8(ascii: "\r")
        return (String(decoding: held[start..<(isCRLF ? end - 1 : end)], as: UTF8.self), end + 1)
    }

    private static let malformed = S3Refusal("InvalidRequest", "The body is not framed as aws-chunked says.")

    private static let wrongSignature = S3Refusal(
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing "
            + "method.")
}

/// The SHA-256 of one chunk after another.
private final class ChunkHash: @unchecked Sendable {
    // SAFETY: belongs to one ChunkedBody, which belongs to the one task that reads the body.
    private var digest: StreamingDigest? = StreamingDigest(.sha256)

    func update(_ bytes: [UInt8]) { digest?.update(bytes) }

    func finish() -> [UInt8] {
        let result = digest.take()?.finalize() ?? []
        digest = StreamingDigest(.sha256)
        return result
    }
}
