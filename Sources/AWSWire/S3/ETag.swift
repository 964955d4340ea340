/// The entity tag of an object, as S3 makes and compares it.
package enum ETag {
    /// The tag of an object that was stored in one piece: its MD5 in quotes.
    package static func quoted(md5: [UInt8]) -> String { "\"" + Hex.encode(md5) + "\"" }

    /// The tag of an object that was stored in parts: the MD5 of the parts' MD5s, and their number.
    package static func multipart(partMD5s: [[UInt8]]) -> String {
        "\"" + Digest.md5.hex(partMD5s.flatMap { $0 }) + "-\(partMD5s.count)\""
    }

    /// The tag without quotes and without the mark of a weak one.
    package static func bare(_ etag: String) -> String {
        var text = etag[...]
        if text.hasPrefix("W/") { text = text.dropFirst(2) }
        if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
        return String(text)
    }

    /// Whether two tags are the same, however they are quoted.
    package static func matches(_ left: String, _ right: String) -> Bool { bare(left) == bare(right) }

    /// Whether one of the tags of an `If-Match` or `If-None-Match` header is this one; `*` is any.
    package static func matches(header: String, _ etag: String) -> Bool {
        header.split(separator: ",").map { $0.trimmingSpaces() }.contains { $0 == "*" || matches(String($0), etag) }
    }

    /// The MD5 that the tag says, or `nil` for one that is no MD5, as of objects in parts.
    package static func md5(_ etag: String) -> [UInt8]? {
        let text = bare(etag)
        return text.utf8.count == 32 ? Hex.decode(text) : nil
    }
}
