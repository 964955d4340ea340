/// RFC 4648 base 64 with the standard alphabet and padding.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// Four characters for each three bytes, padded.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var held = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            held += 1
            guard held == 3 else { continue }
            for shift in [18, 12, 6, 0] as [UInt32] { text.append(alphabet[Int(group >> shift & 63)]) }
            group = 0
            held = 0
        }
        if held == 1 {
            text += [alphabet[Int(group >> 2 & 63)], alphabet[Int(group << 4 & 63)], padding, padding]
        } else if held == 2 {
            text += [
                alphabet[Int(group >> 10 & 63)], alphabet[Int(group >> 4 & 63)], alphabet[Int(group << 2 & 63)],
                padding,
            ]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes, or `nil` when the text has other characters, wrong padding or a length that is not a multiple of 4.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let characters = Array(text.utf8)
        guard characters.count.isMultiple(of: 4) else { return nil }
        var padded = 0
        while padded < 2, padded < characters.count, characters[characters.count - 1 - padded] == padding {
            padded += 1
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count / 4 * 3)
        var group: UInt32 = 0
        var held = 0
        for character in characters.dropLast(padded) {
            let value = values[Int(character)]
            guard value != 255 else { return nil }
            group = group << 6 | UInt32(value)
            held += 1
            guard held == 4 else { continue }
            bytes += [UInt8(group >> 16 & 255), UInt8(group >> 8 & 255), UInt8(group & 255)]
            group = 0
            held = 0
        }
        switch held {
        case 0: return bytes
        case 2: return group & 15 == 0 ? bytes + [UInt8(group >> 4 & 255)] : nil
        case 3: return group & 3 == 0 ? bytes + [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)] : nil
        default: return nil
        }
    }
}
