/// The C header of the handler ABI as text, taken apart far enough to list its structs and constants.
struct ABIHeader {
    /// A struct and its members, in order.
    struct Layout: Hashable {
        var name: String
        var members: [String]
    }

    let structs: [Layout]
    /// Names of `#define`s with a number.
    let constants: [String]

    init(_ text: String) {
        let code = Self.withoutComments(text)
        structs = code.components(between: "typedef struct ", and: "\n} ").compactMap(Self.layout)
        constants = code.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count >= 3, words[0] == "#define", words[1].hasPrefix("JH_"), !words[1].contains("(") else {
                return nil
            }
            let value = words[2].drop { $0 == "(" || $0 == "-" }
            return value.first?.isNumber ?? false ? String(words[1]) : nil
        }
    }

    /// A program that prints every struct's size, every member's place and size, and every constant.
    var program: String {
        var lines = ["#include <stddef.h>", "#include <stdio.h>", "#include \"handler_abi.h\"", "int main(void) {"]
        for layout in structs {
            lines.append("printf(\"struct \(layout.name) %zu\\n\", sizeof(\(layout.name)));")
            for member in layout.members {
                lines.append(
                    "printf(\"\(layout.name).\(member) %zu %zu\\n\", offsetof(\(layout.name), \(member)), "
                        + "sizeof(((\(layout.name) *)0)->\(member)));")
            }
        }
        for constant in constants { lines.append("printf(\"constant \(constant) %d\\n\", \(constant));") }
        return (lines + ["return 0; }", ""]).joined(separator: "\n")
    }

    private static func withoutComments(_ text: String) -> String {
        var rest = text[...]
        var code = ""
        while let start = rest.firstRange(of: "/*") {
            code += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstRange(of: "*/") else { return code }
            rest = rest[end.upperBound...]
        }
        return code + rest
    }

    private static func layout(_ text: Substring) -> Layout? {
        // Handles without members may stand between two structs.
        guard let open = text.firstIndex(of: "{"), let name = words(text[..<open]).last else { return nil }
        let members = text[text.index(after: open)...].split(separator: ";").compactMap(member)
        return Layout(name: String(name), members: members)
    }

    private static func member(_ text: Substring) -> String? {
        if let pointer = text.firstRange(of: "(*") {
            return String(text[pointer.upperBound...].prefix { $0 != ")" })
        }
        return words(text).last.map(String.init)
    }

    private static func words(_ text: Substring) -> [Substring] {
        text.split { $0 == " " || $0 == "\n" || $0 == "*" }
    }
}

extension String {
    /// The texts between two marks.
    fileprivate func components(between start: String, and end: String) -> [Substring] {
        var rest = self[...]
        var found: [Substring] = []
        while let open = rest.firstRange(of: start) {
            rest = rest[open.upperBound...]
            guard let close = rest.firstRange(of: end) else { break }
            found.append(rest[..<close.lowerBound])
            rest = rest[close.upperBound...]
        }
        return found
    }
}
