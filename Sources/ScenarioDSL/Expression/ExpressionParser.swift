internal import JobCore
internal import PureJSON

/// Reads expressions by precedence climbing.
struct ExpressionParser {
    /// How deep parentheses and signs may be nested.
    private static let depthLimit = 64

    private let tokens: [(token: ExpressionLexer.Token, place: SourcePlace)]
    private var position = 0
    private var depth = 0

    /// Reads the text of an expression.
    ///
    /// - Parameters:
    ///   - text: the expression alone.
    ///   - place: tells where a part of the text stands, by its offset and length in characters.
    /// - Returns: the expression.
    /// - Throws: what was expected and found, and where.
    static func parse(
        _ text: String, place: @escaping (_ offset: Int, _ length: Int) -> SourcePlace
    ) throws(ExpressionFault) -> Expression {
        var lexer = ExpressionLexer(text, place: place)
        var parser = ExpressionParser(tokens: try lexer.tokens())
        let expression = try parser.expression(above: 0)
        guard parser.token == .end else { throw parser.fault("an operator or the end") }
        return expression
    }

    private init(tokens: [(token: ExpressionLexer.Token, place: SourcePlace)]) { self.tokens = tokens }

    private var token: ExpressionLexer.Token { tokens[position].token }
    private var place: SourcePlace { tokens[position].place }

    private mutating func take(_ sign: String) -> Bool {
        guard token == .sign(sign) else { return false }
        position += 1
        return true
    }

    private func fault(_ expected: String) -> ExpressionFault {
        ExpressionFault(
            code: .expressionSyntax, place: place, message: "expected \(expected), found \(token.summary)")
    }

    private mutating func expression(above least: Int) throws(ExpressionFault) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.depthLimit else { throw fault("at most \(Self.depthLimit) levels of parentheses") }
        var left = try operand()
        while case .sign(let sign) = token, let joint = Expression.BinaryOperator(rawValue: sign),
            joint.precedence > least
        {
            let place = place
            position += 1
            left = .binary(joint, left, try expression(above: joint.precedence), place)
        }
        return left
    }

    private mutating func operand() throws(ExpressionFault) -> Expression {
        let start = place
        switch token {
        case .literal(let value):
            position += 1
            return .literal(value, start)
        case .name(let name):
            position += 1
            return try named(name, at: start)
        case .sign("!"), .sign("-"):
            let sign: Expression.UnaryOperator = token == .sign("!") ? .not : .minus
            position += 1
            return .unary(sign, try expression(above: 6), start)
        case .sign("("):
            position += 1
            let inner = try expression(above: 0)
            guard take(")") else { throw fault("\")\"") }
            return inner
        case .sign("["):
            position += 1
            return .list(try arguments(until: "]"), start)
        default: throw fault("a value")
        }
    }

    private mutating func named(_ name: String, at start: SourcePlace) throws(ExpressionFault) -> Expression {
        guard take("(") else {
            return .path(name.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }, start)
        }
        guard let function = ExpressionFunction(rawValue: name) else {
            let known = ExpressionFunction.allCases.map(\.rawValue)
            throw ExpressionFault(
                code: .unknownName, place: start,
                message: "there is no function \"\(name)\"\(NearestName.sentence(for: name, among: known))")
        }
        let values = try arguments(until: ")")
        guard function.argumentCounts.contains(values.count) else {
            let counts = function.argumentCounts
            let expected = counts.count == 1 ? "\(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
            throw ExpressionFault(
                code: .expressionSyntax, place: start,
                message: "\(name) expects \(expected) value\(expected == "1" ? "" : "s"), found \(values.count)")
        }
        return .call(function, values, start)
    }

    private mutating func arguments(until closing: String) throws(ExpressionFault) -> [Expression] {
        var values: [Expression] = []
        if take(closing) { return values }
        repeat { values.append(try expression(above: 0)) } while take(",")
        guard take(closing) else { throw fault("\",\" or \"\(closing)\"") }
        return values
    }
}
