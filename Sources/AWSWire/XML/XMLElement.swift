/// An XML element: a name with either text or child elements.
///
/// Namespaces and attributes are read and dropped: the documents of S3 say nothing in them.
package struct XMLElement: Sendable, Hashable {
    /// The name without a namespace prefix.
    package var name: String
    /// The text; empty for an element with children.
    package var text: String
    /// The child elements in order.
    package var children: [XMLElement]

    /// Makes an element with text.
    package init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
        children = []
    }

    /// Makes an element with children; `nil` ones are left out.
    package init(_ name: String, _ children: [XMLElement?]) {
        self.name = name
        text = ""
        self.children = children.compactMap { $0 }
    }

    /// Makes an element with text, or none when there is no text.
    package static func optional(_ name: String, _ text: String?) -> XMLElement? {
        text.map { XMLElement(name, $0) }
    }

    /// The first child of that name.
    package subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

    /// All children of that name, in order.
    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The element as a document in UTF-8, with an XML declaration and the default namespace when one is given.
    ///
    /// Control characters are written as references, as S3 writes those of keys; NUL, which XML cannot say, is replaced.
    package func document(namespace: String? = nil) -> [UInt8] {
        var text = #"<?xml version="1.0" encoding="UTF-8"?>"# + "\n"
        write(to: &text, attributes: namespace.map { #" xmlns=""# + $0 + #"""# } ?? "")
        return Array(text.utf8)
    }

    private func write(to output: inout String, attributes: String) {
        output += "<" + name + attributes
        if text.isEmpty, children.isEmpty {
            output += "/>"
            return
        }
        output += ">"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "\r": output += "&#13;"
            case "\0": output += "\u{FFFD}"
            case "\u{1}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}":
                output += "&#x" + String(scalar.value, radix: 16) + ";"
            default: output.unicodeScalars.append(scalar)
            }
        }
        for child in children { child.write(to: &output, attributes: "") }
        output += "</" + name + ">"
    }
}
