/// A part of S3 that a handler may touch: a bucket, or every one that jobs may name, and the beginning of keys.
///
/// Written `bucket/key/prefix` or `{bucket}/key/prefix`. A prefix ends where a segment of a key does: `b/in` holds
/// `in` and `in/x`, and not `incoming`.
package struct ObjectPrefix: Sendable, Hashable, CustomStringConvertible {
    /// The bucket; `nil` for every bucket that jobs may name.
    package let bucket: String?
    /// Segments of the key, none for the whole bucket.
    private let segments: [String]

    /// How often `%XX` is undone: more rounds than any chain of proxies does.
    private static let decodingRounds = 4
    private static let anyBucket = "{bucket}"

    /// Reads a text; `nil` when it is not a bucket, a slash, and a key prefix without `..`, `//`, `%` and control
    /// characters, of at most 1,024 bytes.
    package init?(_ text: String) {
        guard let slash = text.firstIndex(of: "/") else { return nil }
        let name = String(text[..<slash])
        let prefix = text[text.index(after: slash)...]
        guard name == Self.anyBucket || ObjectLocation.isBucketName(name), prefix.utf8.count <= 1_024,
            !prefix.hasPrefix("/"), !prefix.contains(".."), !prefix.contains("//"), !prefix.contains("%"),
            prefix.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { return nil }
        bucket = name == Self.anyBucket ? nil : name
        segments = prefix.split(separator: "/").map(String.init)
    }

    private init(bucket: String?, segments: [String]) {
        self.bucket = bucket
        self.segments = segments
    }

    /// Whether an object lies here, as its key stands and as whoever decodes and resolves it would read it.
    package func contains(_ location: ObjectLocation) -> Bool {
        guard bucket == nil || bucket == location.bucket else { return false }
        var key = location.key
        for _ in 0..<Self.decodingRounds {
            guard let resolved = Self.resolved(key), resolved.starts(with: segments) else { return false }
            guard let decoded = Self.percentDecoded(key) else { return true }
            key = decoded
        }
        return false
    }

    /// What lies in both; `nil` when nothing does.
    package func intersection(_ other: ObjectPrefix) -> ObjectPrefix? {
        if let bucket, let otherBucket = other.bucket, bucket != otherBucket { return nil }
        let (long, short) =
            segments.count >= other.segments.count ? (segments, other.segments) : (other.segments, segments)
        guard long.starts(with: short) else { return nil }
        return ObjectPrefix(bucket: bucket ?? other.bucket, segments: long)
    }

    /// The prefix as it is written, with a slash at its end.
    package var description: String {
        ([bucket ?? Self.anyBucket] + segments).joined(separator: "/") + "/"
    }

    /// Prefixes as a sentence has them.
    package static func list(_ prefixes: [ObjectPrefix]) -> String {
        prefixes.isEmpty ? "nowhere" : prefixes.map(\.description).joined(separator: ", ")
    }

    /// Segments of a key with `.` and `..` carried out; `nil` when it climbs above its bucket.
    private static func resolved(_ key: String) -> [String]? {
        var path: [String] = []
        for segment in key.split(whereSeparator: { $0 == "/" || $0 == "\\" }) {
            switch segment {
            case ".": continue
            case "..":
                guard path.popLast() != nil else { return nil }
            default: path.append(String(segment))
            }
        }
        return path
    }

    /// The text with one round of `%XX` undone; `nil` when there is none.
    private static func percentDecoded(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var place = 0
        var isChanged = false
        while place < bytes.count {
            if bytes[place] == 0x25, place + 2 < bytes.count, let high = hexadecimal(bytes[place + 1]),
                let low = hexadecimal(bytes[place + 2])
            {
                decoded.append(high << 4 | low)
                place += 3
                isChanged = true
            } else {
                decoded.append(bytes[place])
                place += 1
            }
        }
        return isChanged ? String(decoding: decoded, as: UTF8.self) : nil
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
