package import PureJSON

/// A text with `${…}` in it.
package struct TextTemplate: Sendable, Hashable {
    /// A part of it.
    package enum Piece: Sendable, Hashable {
        /// Characters as they are.
        case text(String)
        /// The value of an expression, as text.
        case expression(Expression)
    }

    /// Its parts in order; none for the empty text.
    package var pieces: [Piece]

    /// Takes parts.
    package init(pieces: [Piece]) { self.pieces = pieces }

    /// A text without `${…}`.
    package init(_ text: String) { pieces = text.isEmpty ? [] : [.text(text)] }

    /// The text, when nothing in it has to be worked out.
    package var literal: String? {
        switch pieces.count {
        case 0: return ""
        case 1:
            guard case .text(let text) = pieces[0] else { return nil }
            return text
        default: return nil
        }
    }

    /// The expression, when there is nothing else: its value keeps its type.
    package var wholeExpression: Expression? {
        guard pieces.count == 1, case .expression(let expression) = pieces[0] else { return nil }
        return expression
    }

    /// The expressions in it.
    package var expressions: [Expression] {
        pieces.compactMap { piece in
            guard case .expression(let expression) = piece else { return nil }
            return expression
        }
    }

    /// Reads a text; `$${` stands for the characters `${`.
    ///
    /// - Parameters:
    ///   - text: the text.
    ///   - place: tells where a part of the text stands, by its offset and length in characters.
    /// - Returns: its parts.
    /// - Throws: what was expected and found, and where.
    package static func parse(
        _ text: String, place: @escaping (_ offset: Int, _ length: Int) -> SourcePlace
    ) throws(ExpressionFault) -> TextTemplate {
        let scalars = Array(text.unicodeScalars)
        var pieces: [Piece] = []
        var plain = String.UnicodeScalarView()
        var position = 0
        while position < scalars.count {
            if scalars[position...].starts(with: "$${".unicodeScalars) {
                plain.append(contentsOf: "${".unicodeScalars)
                position += 3
                continue
            }
            guard scalars[position...].starts(with: "${".unicodeScalars) else {
                plain.append(scalars[position])
                position += 1
                continue
            }
            guard let end = closing(of: position + 2, in: scalars) else {
                throw ExpressionFault(
                    code: .expressionSyntax, place: place(position, scalars.count - position),
                    message: "expected \"}\" after \"${\", found the end")
            }
            if !plain.isEmpty { pieces.append(.text(String(plain))) }
            plain = String.UnicodeScalarView()
            let start = position + 2
            let inner = String(String.UnicodeScalarView(scalars[start..<end]))
            let expression = try ExpressionParser.parse(inner) { place(start + $0, $1) }
            pieces.append(.expression(expression))
            position = end + 1
        }
        if !plain.isEmpty { pieces.append(.text(String(plain))) }
        return TextTemplate(pieces: pieces)
    }

    /// The brace that ends an expression; braces in quotes are no ends.
    private static func closing(of start: Int, in scalars: [Unicode.Scalar]) -> Int? {
        var quote: Unicode.Scalar?
        var position = start
        while position < scalars.count {
            let scalar = scalars[position]
            if let open = quote {
                if scalar == "\\" { position += 1 } else if scalar == open { quote = nil }
            } else if scalar == "'" || scalar == "\"" {
                quote = scalar
            } else if scalar == "}" {
                return position
            }
            position += 1
        }
        return nil
    }

    /// The text in a scope.
    package func text(in scope: some ExpressionScope) throws(ExpressionFault) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .expression(let expression): text += Self.spelled(try expression.value(in: scope))
            }
        }
        return text
    }

    /// How a value stands inside a text.
    package static func spelled(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .null: ""
        default: value.serialized()
        }
    }
}

extension TextTemplate: CustomStringConvertible {
    /// The text as it can be parsed again.
    package var description: String {
        pieces.map { piece in
            switch piece {
            case .text(let plain): plain.replacing("${", with: "$${")
            case .expression(let expression): "${\(expression)}"
            }
        }.joined()
    }
}
