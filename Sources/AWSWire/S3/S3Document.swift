/// A document of the S3 REST protocol.
package protocol S3Document: Sendable, Hashable {
    /// Reads the document; elements it does not know are ignored.
    init(xml: XMLElement) throws(S3CodecError)

    /// The document's root element.
    var xml: XMLElement { get }
}

/// Why a body is not the document that the protocol asks for.
package enum S3CodecError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The bytes are not XML; the reader's sentence.
    case notXML(String)
    /// The root element has another name.
    case wrongRoot(expected: String, found: String)
    /// A required element is not there.
    case missing(element: String)
    /// An element's text is not of its type.
    case wrongValue(element: String, expected: String, found: String)

    /// What was expected and what was found.
    package var description: String {
        switch self {
        case .notXML(let reason): "the body is \(reason)"
        case .wrongRoot(let expected, let found): "expected the document <\(expected)>, found <\(found)>"
        case .missing(let element): "the element <\(element)> is missing"
        case .wrongValue(let element, let expected, let found):
            "the element <\(element)> should be \(expected), found '\(found)'"
        }
    }
}

extension S3Document {
    /// The namespace of S3's documents.
    package static var namespace: String { "http://s3.amazonaws.com/doc/2006-03-01/" }

    /// Reads a body.
    package init(body: [UInt8]) throws(S3CodecError) {
        let root: XMLElement
        do throws(XMLError) { root = try XMLElement(parsing: body) } catch { throw .notXML(error.description) }
        try self.init(xml: root)
    }

    /// The document as a body in S3's namespace.
    package var body: [UInt8] { xml.document(namespace: Self.namespace) }
}

extension XMLElement {
    func requireRoot(_ expected: String) throws(S3CodecError) {
        guard name == expected else { throw .wrongRoot(expected: expected, found: name) }
    }

    func requiredText(_ child: String) throws(S3CodecError) -> String {
        guard let element = self[child] else { throw .missing(element: child) }
        return element.text
    }

    func requiredInteger(_ child: String) throws(S3CodecError) -> Int64 {
        let text = try requiredText(child)
        guard let number = Int64(text) else { throw .wrongValue(element: child, expected: "an integer", found: text) }
        return number
    }

    func bool(_ child: String) throws(S3CodecError) -> Bool? {
        guard let text = self[child]?.text else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default: throw .wrongValue(element: child, expected: "true or false", found: text)
        }
    }
}
