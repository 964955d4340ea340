/// Turns text that comes block by block into UTF-8.
///
/// UTF-8 passes through as it is, invalid sequences included; only its byte order mark is dropped. A lone surrogate
/// of UTF-16 becomes U+FFFD.
struct TextDecoder {
    let detection: EncodingDetection
    private var skip: Int
    private var oddByte: UInt8?
    private var highSurrogate: UInt32?

    init(_ detection: EncodingDetection) {
        self.detection = detection
        skip = detection.byteOrderMarkBytes
    }

    /// Whether bytes can be passed on without a copy.
    var isTransparent: Bool { detection.encoding == .utf8 && skip == 0 }

    mutating func decode(_ block: UnsafeRawBufferPointer) -> [UInt8] {
        let dropped = min(skip, block.count)
        skip -= dropped
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: block[dropped...])
        switch detection.encoding {
        case .utf8: return unsafe Array(bytes)
        case .windows1252: return unsafe decodeWindows1252(bytes)
        case .utf16LittleEndian: return unsafe decodeUTF16(bytes, isBigEndian: false)
        case .utf16BigEndian: return unsafe decodeUTF16(bytes, isBigEndian: true)
        }
    }

    /// Ends the text; what a cut character leaves.
    mutating func finish() -> [UInt8] {
        let isCut = oddByte != nil || highSurrogate != nil
        oddByte = nil
        highSurrogate = nil
        return isCut ? [0xEF, 0xBF, 0xBD] : []
    }

    private func decodeWindows1252(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for index in 0..<bytes.count {
            let byte = unsafe bytes[index]
            switch byte {
            case 0x00...0x7F: text.append(byte)
            case 0x80...0x9F: append(windows1252High[Int(byte) - 0x80], to: &text)
            default: append(UInt32(byte), to: &text)
            }
        }
        return text
    }

    private mutating func decodeUTF16(_ bytes: UnsafeRawBufferPointer, isBigEndian: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for index in 0..<bytes.count {
            let byte = unsafe bytes[index]
            guard let first = oddByte else {
                oddByte = byte
                continue
            }
            oddByte = nil
            let unit = isBigEndian ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first)
            switch unit {
            case 0xD800...0xDBFF:
                if highSurrogate != nil { append(0xFFFD, to: &text) }
                highSurrogate = unit
            case 0xDC00...0xDFFF:
                if let high = highSurrogate {
                    append(0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00), to: &text)
                } else {
                    append(0xFFFD, to: &text)
                }
                highSurrogate = nil
            default:
                if highSurrogate != nil { append(0xFFFD, to: &text) }
                highSurrogate = nil
                append(unit, to: &text)
            }
        }
        return text
    }

    private func append(_ scalar: UInt32, to text: inout [UInt8]) {
        switch scalar {
        case 0..<0x80:
            text.append(UInt8(scalar))
        case 0x80..<0x800:
            text.append(UInt8(0xC0 | scalar >> 6))
            text.append(UInt8(0x80 | scalar & 0x3F))
        case 0x800..<0x10000:
            text.append(UInt8(0xE0 | scalar >> 12))
            text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            text.append(UInt8(0x80 | scalar & 0x3F))
        default:
            text.append(UInt8(0xF0 | scalar >> 18))
            text.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            text.append(UInt8(0x80 | scalar & 0x3F))
        }
    }
}

/// Windows-1252 from 0x80 to 0x9F; the five unassigned bytes keep their Latin-1 control character.
///
/// Source: WHATWG Encoding Standard, index windows-1252.
private let windows1252High: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
]
