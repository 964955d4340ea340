import AWSWire
import FakeCloud
import HTTPTypes
import JobCore

/// Signs requests, and the chunks of those whose bodies are aws-chunked, as an SDK would.
///
/// Frames that are well formed get a valid signature in the chain; from the first one on that is not, the body stays as
/// it is.
struct ChunkSigning: Sendable {
    private let signer = SigV4Signer(
        credentials: FakeCloudConfiguration.localCredentials, region: "us-east-1", service: "s3")

    func sign(_ head: HTTPRequest, body: [UInt8], at now: Timestamp) -> (HTTPRequest, [UInt8]) {
        let payload = head.headerFields[.amzContentSHA256].map { PayloadHash(text: $0) } ?? PayloadHash(of: body)
        var head = head
        var signed = signer.sign(head, payload: payload, at: now)
        guard payload == .signedChunks || payload == .signedChunksAndTrailer else { return (signed, body) }
        // The length is signed: it is found with a chain that starts anywhere, and then the chain is made again.
        head.headerFields[.contentLength] = String(frames(body, chain(signed, now)).count)
        signed = signer.sign(head, payload: payload, at: now)
        return (signed, frames(body, chain(signed, now)))
    }

    private func chain(_ signed: HTTPRequest, _ now: Timestamp) -> ChunkSignatures {
        let seed = signed.headerFields[.authorization]?.split(separator: "Signature=").last ?? ""
        return ChunkSignatures(
            secret: signer.credentials.secretAccessKey,
            scope: SigningScope(at: now, region: signer.region, service: signer.service), signedAt: now,
            seed: String(seed))
    }

    private func frames(_ body: [UInt8], _ chain: ChunkSignatures) -> [UInt8] {
        var chain = chain
        var signed: [UInt8] = []
        var rest = body[...]
        let lineEnd = Array("\r\n".utf8)
        while let end = rest.firstIndex(of: UInt8(ascii: "\r")) {
            let digits = rest[..<end]
            guard let length = Int(String(decoding: digits, as: UTF8.self), radix: 16), length >= 0,
                length <= rest.endIndex - end, rest[end...].starts(with: lineEnd)
            else { break }
            let data = rest[(end + 2)...].prefix(length)
            let signature = chain.next(chunk: PayloadHash(of: data))
            signed += Array(digits) + Array(";chunk-signature=\(signature)\r\n".utf8)
            rest = rest[(end + 2)...]
            if length == 0 { return signed + signedTrailer(rest, &chain) }
            signed += data
            rest = rest.dropFirst(length)
            guard rest.starts(with: lineEnd) else { break }
            signed += lineEnd
            rest = rest.dropFirst(2)
        }
        return signed + rest
    }

    /// The trailing lines, with their signature before the empty line at the end.
    private func signedTrailer(_ lines: ArraySlice<UInt8>, _ chain: inout ChunkSignatures) -> [UInt8] {
        let text = String(decoding: lines, as: UTF8.self)
        guard text.hasSuffix("\r\n\r\n") else { return Array(lines) }
        let trailer = text.dropLast(4)
        let signature = chain.next(trailer: trailer.replacing("\r\n", with: "\n") + "\n")
        return Array("\(trailer)\r\nx-amz-trailer-signature:\(signature)\r\n\r\n".utf8)
    }
}
