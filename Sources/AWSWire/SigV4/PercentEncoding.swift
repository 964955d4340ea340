/// Percent-encoding as AWS signs it: every byte but the unreserved characters of RFC 3986, in upper-case hexadecimal.
package enum PercentEncoding {
    /// Encodes UTF-8 text; `keeping` names further ASCII bytes to leave as they are, such as `/` in a path.
    package static func encode(_ text: some StringProtocol, keeping kept: String = "") -> String {
        encode(bytes: text.utf8, keeping: kept)
    }

    /// The bytes that escapes stand for, as UTF-8 text; a `%` that starts no escape stands for itself.
    package static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
        String(decoding: decodedBytes(text.utf8, plusIsSpace: plusIsSpace), as: UTF8.self)
    }

    /// Spells every escape the way AWS does, without changing what the text means; `%2F` stays an escape.
    static func normalized(path: some StringProtocol) -> String {
        let bytes = Array(path.utf8)
        var text: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if let value = escape(in: bytes, at: place) {
                append(value, to: &text, keeping: [])
                place += 3
            } else {
                append(bytes[place], to: &text, keeping: [UInt8(ascii: "/")])
                place += 1
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func encode(bytes: some Collection<UInt8>, keeping kept: String = "") -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        let kept = Array(kept.utf8)
        for byte in bytes { append(byte, to: &text, keeping: kept) }
        return String(decoding: text, as: UTF8.self)
    }

    static func decodedBytes(_ encoded: some Collection<UInt8>, plusIsSpace: Bool) -> [UInt8] {
        let bytes = Array(encoded)
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            if let value = escape(in: bytes, at: place) {
                decoded.append(value)
                place += 3
            } else {
                decoded.append(plusIsSpace && bytes[place] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[place])
                place += 1
            }
        }
        return decoded
    }

    private static func escape(in bytes: [UInt8], at place: Int) -> UInt8? {
        guard bytes[place] == UInt8(ascii: "%"), place + 2 < bytes.count,
            let high = Hex.value(of: bytes[place + 1]), let low = Hex.value(of: bytes[place + 2])
        else { return nil }
        return high << 4 | low
    }

    private static let upperDigits = Array("0123456789ABCDEF".utf8)

    private static func append(_ byte: UInt8, to text: inout [UInt8], keeping kept: [UInt8]) {
        if isUnreserved(byte) || kept.contains(byte) {
            text.append(byte)
        } else {
            text += [UInt8(ascii: "%"), upperDigits[Int(byte >> 4)], upperDigits[Int(byte & 15)]]
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
