/// Replaces comments and string literals by blanks, so that rules see code only; newlines stay where they are.
///
/// Knows line comments, nested block comments, and plain, multi-line and raw strings; what is interpolated into a
/// string counts as part of it.
struct SwiftBlanker {
    /// The result: as many bytes and lines as the source.
    private(set) var code: [UInt8]
    private let source: [UInt8]
    private var position = 0

    init(_ text: [UInt8]) {
        source = text
        code = source
        while position < source.count {
            switch source[position] {
            case UInt8(ascii: "/") where starts("//"):
                blank(upTo: source[position...].firstIndex(of: UInt8(ascii: "\n")) ?? source.count)
            case UInt8(ascii: "/") where starts("/*"): blankBlockComment()
            case UInt8(ascii: "\""), UInt8(ascii: "#"):
                if let hashes = stringStart() { blankString(hashes: hashes) } else { position += 1 }
            default: position += 1
            }
        }
    }

    private func starts(_ text: StaticString, at place: Int? = nil) -> Bool {
        let start = place ?? position
        guard start + text.utf8CodeUnitCount <= source.count else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(source[start..<start + text.utf8CodeUnitCount]) }
    }

    private mutating func blank(upTo end: Int) {
        for place in position..<min(end, source.count) where source[place] != UInt8(ascii: "\n") {
            code[place] = UInt8(ascii: " ")
        }
        position = min(end, source.count)
    }

    private mutating func blankBlockComment() {
        var depth = 0
        var place = position
        repeat {
            if starts("/*", at: place) {
                depth += 1
                place += 2
            } else if starts("*/", at: place) {
                depth -= 1
                place += 2
            } else {
                place += 1
            }
        } while depth > 0 && place < source.count
        blank(upTo: place)
    }

    /// - Returns: the number of `#` before the quote when a string starts here.
    private func stringStart() -> Int? {
        var place = position
        while place < source.count, source[place] == UInt8(ascii: "#") { place += 1 }
        guard place < source.count, source[place] == UInt8(ascii: "\"") else { return nil }
        return place - position
    }

    private mutating func blankString(hashes: Int) {
        let isMultiline = starts("\"\"\"", at: position + hashes)
        let quotes = isMultiline ? 3 : 1
        var place = position + hashes + quotes
        while place < source.count {
            if isClosing(at: place, quotes: quotes, hashes: hashes) {
                place += quotes + hashes
                break
            }
            if source[place] == UInt8(ascii: "\n"), !isMultiline { break }
            if let next = afterEscape(at: place, hashes: hashes) { place = next } else { place += 1 }
        }
        blank(upTo: place)
    }

    private func isClosing(at place: Int, quotes: Int, hashes: Int) -> Bool {
        guard place + quotes + hashes <= source.count else { return false }
        return source[place..<place + quotes].allSatisfy { $0 == UInt8(ascii: "\"") }
            && source[(place + quotes)..<(place + quotes + hashes)].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    /// The place after an escape sequence, interpolation included; `nil` when there is none here.
    private func afterEscape(at place: Int, hashes: Int) -> Int? {
        guard source[place] == UInt8(ascii: "\\"), place + hashes + 1 < source.count,
            source[(place + 1)..<(place + 1 + hashes)].allSatisfy({ $0 == UInt8(ascii: "#") })
        else { return nil }
        var next = place + 1 + hashes
        guard source[next] == UInt8(ascii: "(") else { return next + 1 }
        var depth = 0
        var isInString = false
        repeat {
            switch source[next] {
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "\\") where isInString: next += 1
            case UInt8(ascii: "(") where !isInString: depth += 1
            case UInt8(ascii: ")") where !isInString: depth -= 1
            default: break
            }
            next += 1
        } while depth > 0 && next < source.count
        return next
    }
}
