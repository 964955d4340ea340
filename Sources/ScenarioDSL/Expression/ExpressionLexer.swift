internal import PureJSON

/// Splits the text of an expression into its smallest parts.
struct ExpressionLexer {
    /// A part.
    enum Token: Hashable {
        case literal(JSONValue)
        case name(String)
        case sign(String)
        case end

        var summary: String {
            switch self {
            case .literal(let value): value.serialized()
            case .name(let name): "\"\(name)\""
            case .sign(let sign): "\"\(sign)\""
            case .end: "the end"
            }
        }
    }

    private static let signs = [
        "??", "||", "&&", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "(", ")", "[", "]", ",",
    ].map { ($0, Array($0.unicodeScalars)) }

    private let scalars: [Unicode.Scalar]
    private var position = 0
    /// Tells the place of a part.
    let place: (_ offset: Int, _ length: Int) -> SourcePlace

    init(_ text: String, place: @escaping (_ offset: Int, _ length: Int) -> SourcePlace) {
        scalars = Array(text.unicodeScalars)
        self.place = place
    }

    /// All parts with their places, the end last.
    mutating func tokens() throws(ExpressionFault) -> [(token: Token, place: SourcePlace)] {
        var list: [(token: Token, place: SourcePlace)] = []
        while true {
            while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
            let start = position
            guard position < scalars.count else {
                list.append((.end, place(start, 1)))
                return list
            }
            let token = try next()
            list.append((token, place(start, position - start)))
        }
    }

    private mutating func next() throws(ExpressionFault) -> Token {
        let scalar = scalars[position]
        if scalar == "'" || scalar == "\"" { return .literal(.string(try text(quote: scalar))) }
        if isDigit(scalar) { return .literal(try number()) }
        if isLetter(scalar) { return word() }
        for (sign, spelled) in Self.signs where scalars[position...].starts(with: spelled) {
            position += spelled.count
            return .sign(sign)
        }
        throw ExpressionFault(
            code: .expressionSyntax, place: place(position, 1),
            message: "expected a value or a sign, found \"\(scalar)\"")
    }

    private mutating func text(quote: Unicode.Scalar) throws(ExpressionFault) -> String {
        let start = position
        position += 1
        var text = String.UnicodeScalarView()
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            if scalar == quote { return String(text) }
            if scalar == "\\", position < scalars.count {
                text.append(scalars[position])
                position += 1
            } else {
                text.append(scalar)
            }
        }
        throw ExpressionFault(
            code: .expressionSyntax, place: place(start, position - start),
            message: "expected \(quote) at the end of the text, found the end")
    }

    private mutating func number() throws(ExpressionFault) -> JSONValue {
        let start = position
        while position < scalars.count, isDigit(scalars[position]) { position += 1 }
        if position + 1 < scalars.count, scalars[position] == ".", isDigit(scalars[position + 1]) {
            position += 1
            while position < scalars.count, isDigit(scalars[position]) { position += 1 }
        }
        let text = String(String.UnicodeScalarView(scalars[start..<position]))
        if let whole = Int64(text) { return .integer(whole) }
        guard text.contains("."), let value = Double(text), value.isFinite else {
            throw ExpressionFault(
                code: .expressionSyntax, place: place(start, position - start),
                message: "expected a number of at most 18 digits, found \(text)")
        }
        return .number(value)
    }

    /// A name with its members; hyphens belong to it where a letter or digit follows at once.
    private mutating func word() -> Token {
        let start = position
        while position < scalars.count {
            let scalar = scalars[position]
            if isLetter(scalar) || isDigit(scalar) {
                position += 1
            } else if scalar == "." || scalar == "-", position + 1 < scalars.count,
                isLetter(scalars[position + 1]) || isDigit(scalars[position + 1])
            {
                position += 2
            } else {
                break
            }
        }
        switch String(String.UnicodeScalarView(scalars[start..<position])) {
        case "true": return .literal(true)
        case "false": return .literal(false)
        case "null": return .literal(.null)
        case "in": return .sign("in")
        case let name: return .name(name)
        }
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
}
