/// Why bytes are not a document that S3 and its clients exchange.
package struct XMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected or is not allowed.
    package let reason: String
    /// Where, in bytes from the start.
    package let byteOffset: Int

    /// The reason with its place.
    package var description: String { "not a valid XML document at byte \(byteOffset): \(reason)" }
}

extension XMLElement {
    /// Reads a document in UTF-8.
    ///
    /// Strict: one root, matched tags, the five named entities and numeric ones. Refused: document types, other
    /// entities, text beside child elements, more than `depthLimit` levels, more than `byteLimit` bytes.
    package init(parsing bytes: [UInt8], depthLimit: Int = 16, byteLimit: Int = 16 << 20) throws(XMLError) {
        guard bytes.count <= byteLimit else {
            throw XMLError(reason: "\(bytes.count) bytes are more than \(byteLimit)", byteOffset: byteLimit)
        }
        var reader = XMLReader(bytes: bytes, depthLimit: depthLimit)
        self = try reader.document()
    }
}

private struct XMLReader {
    let bytes: [UInt8]
    let depthLimit: Int
    var place = 0

    init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    mutating func document() throws(XMLError) -> XMLElement {
        try skipMisc()
        let root = try element(depth: 1)
        try skipMisc()
        guard place == bytes.count else { throw failure("more after the end of the root element") }
        return root
    }

    private mutating func element(depth: Int) throws(XMLError) -> XMLElement {
        guard depth <= depthLimit else { throw failure("more than \(depthLimit) levels") }
        guard take("<") else { throw failure("expected an element") }
        let fullName = try name()
        try skipAttributes()
        if take("/>") { return XMLElement(Self.local(fullName), "") }
        guard take(">") else { throw failure("expected > at the end of <\(fullName)") }
        var text: [UInt8] = []
        var children: [XMLElement] = []
        while true {
            guard place < bytes.count else { throw failure("<\(fullName)> is not closed") }
            if take("</") {
                guard try name() == fullName else { throw failure("expected </\(fullName)>") }
                skipSpace()
                guard take(">") else { throw failure("expected > at the end of </\(fullName)") }
                return try finish(fullName, text: text, children: children)
            }
            if try skipComment() { continue }
            if take("<![CDATA[") {
                text += try upTo("]]>", "a CDATA section that ends")
            } else if peek("<!") || peek("<?") {
                throw failure("declarations are not allowed here")
            } else if peek("<") {
                children.append(try element(depth: depth + 1))
            } else {
                text += try characters()
            }
        }
    }

    private func finish(_ fullName: String, text: [UInt8], children: [XMLElement]) throws(XMLError) -> XMLElement {
        guard let decoded = String(validating: text, as: UTF8.self) else { throw failure("text is not UTF-8") }
        guard !children.isEmpty else { return XMLElement(Self.local(fullName), decoded) }
        guard text.allSatisfy(Self.isSpace) else { throw failure("text beside elements in <\(fullName)>") }
        return XMLElement(Self.local(fullName), children)
    }

    private mutating func characters() throws(XMLError) -> [UInt8] {
        var text: [UInt8] = []
        while place < bytes.count, bytes[place] != UInt8(ascii: "<") {
            if bytes[place] == UInt8(ascii: "&") {
                text += try entity()
            } else {
                text.append(bytes[place])
                place += 1
            }
        }
        return text
    }

    private mutating func entity() throws(XMLError) -> [UInt8] {
        place += 1
        let start = place
        while place < bytes.count, place - start < 10, bytes[place] != UInt8(ascii: ";") { place += 1 }
        let name = String(decoding: bytes[start..<place], as: UTF8.self)
        guard take(";") else { throw failure("an entity without its ;") }
        switch name {
        case "amp": return [UInt8(ascii: "&")]
        case "lt": return [UInt8(ascii: "<")]
        case "gt": return [UInt8(ascii: ">")]
        case "quot": return [UInt8(ascii: "\"")]
        case "apos": return [UInt8(ascii: "'")]
        default: break
        }
        let number =
            name.hasPrefix("#x")
            ? UInt32(name.dropFirst(2), radix: 16)
            : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
        guard let number, number != 0, let scalar = Unicode.Scalar(number) else {
            throw failure("the entity &\(name); is not known")
        }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func name() throws(XMLError) -> String {
        let start = place
        while place < bytes.count, Self.isNameByte(bytes[place]) { place += 1 }
        guard place > start else { throw failure("expected a name") }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func skipAttributes() throws(XMLError) {
        while true {
            skipSpace()
            guard place < bytes.count, Self.isNameByte(bytes[place]) else { return }
            _ = try name()
            skipSpace()
            guard take("=") else { throw failure("expected = after an attribute's name") }
            skipSpace()
            guard take("\"") || take("'") else { throw failure("expected a quoted attribute") }
            let quote = bytes[place - 1]
            while place < bytes.count, bytes[place] != quote {
                guard bytes[place] != UInt8(ascii: "<") else { throw failure("< in an attribute") }
                place += 1
            }
            guard place < bytes.count else { throw failure("an attribute is not closed") }
            place += 1
        }
    }

    /// Spaces, comments and the XML declaration, which may stand around the root element.
    private mutating func skipMisc() throws(XMLError) {
        while true {
            skipSpace()
            if take("<?") {
                _ = try upTo("?>", "an XML declaration that ends")
            } else if try !skipComment() {
                return
            }
        }
    }

    private mutating func skipComment() throws(XMLError) -> Bool {
        guard take("<!--") else { return false }
        _ = try upTo("-->", "a comment that ends")
        return true
    }

    private mutating func upTo(_ end: StaticString, _ expected: String) throws(XMLError) -> [UInt8] {
        let start = place
        while place < bytes.count {
            if take(end) { return Array(bytes[start..<(place - end.utf8CodeUnitCount)]) }
            place += 1
        }
        throw failure("expected \(expected)")
    }

    private mutating func skipSpace() {
        while place < bytes.count, Self.isSpace(bytes[place]) { place += 1 }
    }

    private func peek(_ expected: StaticString) -> Bool {
        let text = Array(expected.description.utf8)
        return bytes[place...].starts(with: text)
    }

    private mutating func take(_ expected: StaticString) -> Bool {
        guard peek(expected) else { return false }
        place += expected.utf8CodeUnitCount
        return true
    }

    private func failure(_ reason: String) -> XMLError { XMLError(reason: reason, byteOffset: place) }

    private static func local(_ name: String) -> String {
        name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? name
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...0xFF:
            true
        default: false
        }
    }
}
