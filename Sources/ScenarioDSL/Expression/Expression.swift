package import PureJSON

/// A typed, total expression: what stands in `${…}`, `when`, `where` and rules.
///
/// No loops, no assignments, no side effects: its value depends on the names in it alone, and it always has one or a
/// reason why not.
package indirect enum Expression: Sendable, Hashable {
    /// A text, number, truth value or null.
    case literal(JSONValue, SourcePlace)
    /// A name and the names of members below it, such as `matrix.point.event`.
    case path([String], SourcePlace)
    /// Values in square brackets.
    case list([Expression], SourcePlace)
    /// `!` or `-` before a value.
    case unary(UnaryOperator, Expression, SourcePlace)
    /// An operator between two values.
    case binary(BinaryOperator, Expression, Expression, SourcePlace)
    /// A function, such as `random.int(0, 9)`.
    case call(ExpressionFunction, [Expression], SourcePlace)

    /// Operators with one value.
    package enum UnaryOperator: String, Sendable, Hashable {
        case not = "!"
        case minus = "-"
    }

    /// Operators with two values.
    package enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
        case coalesce = "??"
        case or = "||"
        case and = "&&"
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case contained = "in"
        case plus = "+"
        case minus = "-"
        case times = "*"
        case divided = "/"
        case remainder = "%"

        /// How tightly it binds, from 1.
        var precedence: Int {
            switch self {
            case .coalesce: 1
            case .or: 2
            case .and: 3
            case .equal, .notEqual, .lessOrEqual, .greaterOrEqual, .less, .greater, .contained: 4
            case .plus, .minus: 5
            case .times, .divided, .remainder: 6
            }
        }
    }

    /// Where it stands.
    package var place: SourcePlace {
        switch self {
        case .literal(_, let place), .path(_, let place), .list(_, let place), .unary(_, _, let place),
            .binary(_, _, _, let place), .call(_, _, let place):
            place
        }
    }

    /// All names in it, with their places.
    package var paths: [(path: [String], place: SourcePlace)] {
        switch self {
        case .literal: []
        case .path(let path, let place): [(path, place)]
        case .list(let elements, _): elements.flatMap(\.paths)
        case .unary(_, let value, _): value.paths
        case .binary(_, let left, let right, _): left.paths + right.paths
        case .call(.count, _, _): []
        case .call(_, let arguments, _): arguments.flatMap(\.paths)
        }
    }

    /// Whether its value is drawn, and may differ from seed to seed.
    package var isRandom: Bool {
        switch self {
        case .literal, .path: false
        case .list(let elements, _): elements.contains { $0.isRandom }
        case .unary(_, let value, _): value.isRandom
        case .binary(_, let left, let right, _): left.isRandom || right.isRandom
        case .call(let function, let arguments, _): function != .count || arguments.contains { $0.isRandom }
        }
    }
}

/// The functions that expressions can call.
package enum ExpressionFunction: String, Word {
    case randomInteger = "random.int"
    case randomPick = "random.pick"
    case randomChance = "random.chance"
    case count

    package var meaning: String {
        switch self {
        case .randomInteger: "`random.int(LOW, HIGH)`: a whole number from LOW to HIGH, drawn from the seed."
        case .randomPick: "`random.pick(A, B, …)`: one of the values, drawn from the seed."
        case .randomChance: "`random.chance(SHARE)`: true in that share of the seeds, 0…1."
        case .count: "`count(EVENT)`: how many events of that type there are; in rules only."
        }
    }

    /// How many values it takes.
    var argumentCounts: ClosedRange<Int> {
        switch self {
        case .randomInteger: 2...2
        case .randomPick: 1...64
        case .randomChance, .count: 1...1
        }
    }
}

extension Expression: CustomStringConvertible {
    /// The expression as it can be parsed again.
    package var description: String {
        switch self {
        case .literal(.string(let text), _): "'\(text.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
        case .literal(let value, _): value.serialized()
        case .path(let path, _): path.joined(separator: ".")
        case .list(let elements, _): "[" + elements.map(\.description).joined(separator: ", ") + "]"
        case .unary(let sign, let value, _): "\(sign.rawValue)(\(value))"
        case .binary(let sign, let left, let right, _): "(\(left) \(sign.rawValue) \(right))"
        case .call(let function, let arguments, _):
            "\(function.rawValue)(\(arguments.map(\.description).joined(separator: ", ")))"
        }
    }
}

/// Why an expression cannot be read or has no value, and where.
package struct ExpressionFault: Error, Sendable, Hashable {
    /// The kind of mistake.
    package var code: DiagnosticCode
    /// Where it stands.
    package var place: SourcePlace
    /// What was expected and what was found.
    package var message: String
}
