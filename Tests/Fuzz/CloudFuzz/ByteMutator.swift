/// Changes bytes without knowing what they mean.
enum ByteMutator {
    private static let extremes = [
        "0", "-1", "1", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "18446744073709551616", "99999999999999999999999", "1e400", "0x10", "+5", " 7", "0.1", "NaN", "",
    ]
    private static let oddBytes: [[UInt8]] = [
        [0], [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBF, 0xBF],
        [0xEF, 0xBB, 0xBF],
        Array("\r\n".utf8), Array("\u{1}".utf8), Array("%00".utf8), Array("&#0;".utf8), Array("]]>".utf8),
        Array("\\ud800".utf8), Array("<!DOCTYPE a>".utf8), Array("&a;".utf8), Array("\u{1F600}".utf8),
    ]

    /// One to six changes.
    static func mutate(_ bytes: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(6) { change(&bytes, &random) }
        return bytes
    }

    private static func change(_ bytes: inout [UInt8], _ random: inout FuzzRandom) {
        let place = random.below(bytes.count + 1)
        let end = min(bytes.count, place + random.below(16))
        switch random.below(8) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
        case 2: bytes.insert(contentsOf: random.pick(oddBytes), at: place)
        case 3: bytes.insert(contentsOf: Array(random.pick(extremes).utf8), at: place)
        case 4: if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
        case 5: if place < bytes.count { bytes[place] = UInt8(random.below(256)) }
        case 6: bytes.removeSubrange(place...)
        default:
            let piece = Array(bytes[place..<end])
            for _ in 0..<random.below(64) { bytes.insert(contentsOf: piece, at: place) }
        }
    }

    /// A text for a place where a text is expected.
    static func text(_ known: [String], _ random: inout FuzzRandom) -> String {
        switch random.below(8) {
        case 0: return random.pick(extremes)
        case 1: return String(decoding: random.pick(oddBytes), as: UTF8.self)
        case 2:
            return String(repeating: random.pick(["a", "é", "\u{1F600}", "<", "%", "\""]), count: random.below(300))
        case 3:
            let length = random.hits(oneIn: 200) ? 300_000 : 2_000
            return String(repeating: "x", count: random.below(length))
        case 4: return random.pick(["@RECEIPT@", "@UPLOAD@", "@ETAG@", "@VERSION@"])
        default:
            let text = known.isEmpty ? "" : random.pick(known)
            return random.hits(oneIn: 3)
                ? String(decoding: mutate(Array(text.utf8), &random), as: UTF8.self) : text
        }
    }
}
