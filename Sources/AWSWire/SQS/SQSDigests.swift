/// The MD5 sums with which SQS and its clients check messages.
package enum SQSDigests {
    /// The sum of a body, in hexadecimal.
    package static func md5(body: String) -> String { Digest.md5.hex(body.utf8) }

    /// The sum of attributes in hexadecimal, or `nil` without any; the same for system attributes.
    ///
    /// By name in byte order, each: length and bytes of the name, length and bytes of the type, 1 for text or 2 for
    /// bytes, length and bytes of the value; lengths are 4 bytes, big-endian.
    /// Source: SQS developer guide, "Calculating the MD5 message digest for message attributes".
    package static func md5(attributes: [String: SQSMessageAttribute]) -> String? {
        guard !attributes.isEmpty else { return nil }
        var digest = StreamingDigest(.md5)
        let ordered = attributes.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (name, attribute) in ordered {
            update(&digest, with: Array(name.utf8))
            update(&digest, with: Array(attribute.dataType.utf8))
            digest.update([attribute.isBinary ? 2 : 1])
            update(
                &digest,
                with: attribute.isBinary ? attribute.binaryValue ?? [] : Array((attribute.stringValue ?? "").utf8))
        }
        return Hex.encode(digest.finalize())
    }

    private static func update(_ digest: inout StreamingDigest, with bytes: [UInt8]) {
        let count = UInt32(truncatingIfNeeded: bytes.count)
        digest.update((0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> UInt32($0 * 8)) })
        digest.update(bytes)
    }
}
