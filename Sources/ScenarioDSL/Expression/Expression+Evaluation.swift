package import PureJSON

/// What the names and functions of an expression stand for.
package protocol ExpressionScope {
    /// The value of a path; `nil` when this scope does not know it.
    func value(of path: [String]) -> JSONValue?

    /// The value of a function; `nil` when this scope cannot say.
    func value(of function: ExpressionFunction, _ arguments: [JSONValue], at place: SourcePlace) -> JSONValue?
}

extension Expression {
    /// The value in a scope.
    ///
    /// - Throws: a fault with ``DiagnosticCode/knownTooLate`` for what the scope does not know, and with
    ///   ``DiagnosticCode/wrongExpressionType`` for values that do not go together.
    package func value(in scope: some ExpressionScope) throws(ExpressionFault) -> JSONValue {
        switch self {
        case .literal(let value, _): return value
        case .path(let path, let place):
            guard let value = scope.value(of: path) else { throw unknown(path.joined(separator: "."), place) }
            return value
        case .list(let elements, _):
            var values: [JSONValue] = []
            for element in elements { values.append(try element.value(in: scope)) }
            return .array(values)
        case .unary(let sign, let operand, let place):
            let value = try operand.value(in: scope)
            switch (sign, value) {
            case (.not, .bool(let flag)): return .bool(!flag)
            case (.minus, .integer(let number)) where number != .min: return .integer(-number)
            case (.minus, .number(let number)): return .number(-number)
            default:
                throw ExpressionFault(
                    code: .wrongExpressionType, place: place,
                    message: "\"\(sign.rawValue)\" expects \(sign == .not ? "true or false" : "a number"), "
                        + "found \(value.serialized())")
            }
        case .binary(let sign, let left, let right, let place):
            return try Self.value(of: sign, left, right, at: place, in: scope)
        case .call(let function, let arguments, let place):
            var values: [JSONValue] = []
            for argument in arguments {
                if function == .count, case .path(let path, _) = argument {
                    values.append(.string(path.joined(separator: ".")))
                } else {
                    values.append(try argument.value(in: scope))
                }
            }
            guard let value = scope.value(of: function, values, at: place) else {
                throw unknown(function.rawValue, place)
            }
            return value
        }
    }

    /// The expression with everything worked out that a scope knows.
    package func simplified(in scope: some ExpressionScope) -> Expression {
        switch self {
        case .literal: return self
        case .path(let path, let place): return scope.value(of: path).map { .literal($0, place) } ?? self
        case .list(let elements, let place): return .list(elements.map { $0.simplified(in: scope) }, place)
        case .unary(let sign, let value, let place): return .unary(sign, value.simplified(in: scope), place)
        case .binary(let sign, let left, let right, let place):
            return .binary(sign, left.simplified(in: scope), right.simplified(in: scope), place)
        case .call(.count, _, _): return self
        case .call(let function, let arguments, let place):
            return .call(function, arguments.map { $0.simplified(in: scope) }, place)
        }
    }

    private func unknown(_ name: String, _ place: SourcePlace) -> ExpressionFault {
        ExpressionFault(
            code: .knownTooLate, place: place, message: "the value of \(name) is not known before the run")
    }

    private static func value(
        of sign: BinaryOperator, _ left: Expression, _ right: Expression, at place: SourcePlace,
        in scope: some ExpressionScope
    ) throws(ExpressionFault) -> JSONValue {
        let first = try left.value(in: scope)
        switch (sign, first) {
        case (.coalesce, .null): return try right.value(in: scope)
        case (.coalesce, _): return first
        case (.or, .bool(true)): return true
        case (.and, .bool(false)): return false
        default: break
        }
        let second = try right.value(in: scope)
        guard let value = combined(sign, first, second) else {
            throw ExpressionFault(
                code: .wrongExpressionType, place: place,
                message: "\"\(sign.rawValue)\" expects \(expectation(of: sign)), found \(first.serialized()) and "
                    + second.serialized())
        }
        return value
    }

    private static func expectation(of sign: BinaryOperator) -> String {
        switch sign {
        case .or, .and: "true or false on both sides"
        case .contained: "a list or a text on its right"
        case .plus: "two numbers or two texts"
        case .less, .lessOrEqual, .greater, .greaterOrEqual: "two numbers or two texts"
        case .divided, .remainder: "two numbers, the second not 0"
        default: "two numbers"
        }
    }

    private static func combined(_ sign: BinaryOperator, _ left: JSONValue, _ right: JSONValue) -> JSONValue? {
        switch sign {
        case .coalesce: return left.isNull ? right : left
        case .or, .and:
            guard left.boolValue != nil, let flag = right.boolValue else { return nil }
            return .bool(flag)
        case .equal: return .bool(areEqual(left, right))
        case .notEqual: return .bool(!areEqual(left, right))
        case .contained:
            if let elements = right.arrayValue { return .bool(elements.contains { areEqual($0, left) }) }
            guard let text = right.stringValue, let part = left.stringValue else { return nil }
            return .bool(text.contains(part))
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            return ordered(left, right).map { .bool(holds(sign, $0)) }
        case .plus, .minus, .times, .divided, .remainder:
            if sign == .plus, let first = left.stringValue, let second = right.stringValue {
                return .string(first + second)
            }
            return arithmetic(sign, left, right)
        }
    }

    /// Whether two values are the same; numbers by their value.
    package static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        guard left != right else { return true }
        guard let first = left.doubleValue, let second = right.doubleValue else { return false }
        return first == second
    }

    /// -1, 0 or 1 for numbers and for texts; `nil` for values without order.
    package static func ordered(_ left: JSONValue, _ right: JSONValue) -> Int? {
        if let first = left.doubleValue, let second = right.doubleValue {
            return first < second ? -1 : first > second ? 1 : 0
        }
        guard let first = left.stringValue, let second = right.stringValue else { return nil }
        return first < second ? -1 : first > second ? 1 : 0
    }

    private static func holds(_ sign: BinaryOperator, _ order: Int) -> Bool {
        switch sign {
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        default: order >= 0
        }
    }

    private static func arithmetic(_ sign: BinaryOperator, _ left: JSONValue, _ right: JSONValue) -> JSONValue? {
        if case .integer(let first) = left, case .integer(let second) = right {
            let result: (partialValue: Int64, overflow: Bool)
            switch sign {
            case .plus: result = first.addingReportingOverflow(second)
            case .minus: result = first.subtractingReportingOverflow(second)
            case .times: result = first.multipliedReportingOverflow(by: second)
            case .divided: result = first.dividedReportingOverflow(by: second)
            default: result = first.remainderReportingOverflow(dividingBy: second)
            }
            return result.overflow ? nil : .integer(result.partialValue)
        }
        guard let first = left.doubleValue, let second = right.doubleValue else { return nil }
        switch sign {
        case .plus: return .number(first + second)
        case .minus: return .number(first - second)
        case .times: return .number(first * second)
        case .divided: return second == 0 ? nil : .number(first / second)
        default: return second == 0 ? nil : .number(first.truncatingRemainder(dividingBy: second))
        }
    }
}
