package import PureJSON

/// What a value must be like: all of its terms hold.
package struct Matcher: Sendable, Hashable {
    /// One comparison.
    package indirect enum Term: Sendable, Hashable {
        case equal(ValueTemplate)
        case notEqual(ValueTemplate)
        case less(ValueTemplate)
        case lessOrEqual(ValueTemplate)
        case greater(ValueTemplate)
        case greaterOrEqual(ValueTemplate)
        case oneOf([ValueTemplate])
        /// A text with this part, a list with these elements, a mapping with these keys.
        case has(ValueTemplate)
        /// A text in which this regular expression is found.
        case matches(TextTemplate)
        case between(ValueTemplate, ValueTemplate)
        case not(Matcher)
    }

    /// The kind of values; operands are seconds, bytes and counts per second where it says so.
    package var kind: MatchedKind
    package var terms: [Term]
    /// Where it stands.
    package var place: SourcePlace

    /// Whether a value fits; a value of another kind than a term needs does not.
    ///
    /// - Throws: a fault for an operand that has no value in the scope, or a pattern that is none.
    package func accepts(_ value: JSONValue, in scope: some ExpressionScope) throws(ExpressionFault) -> Bool {
        for term in terms where try !holds(term, value, scope) { return false }
        return true
    }

    private func holds(_ term: Term, _ value: JSONValue, _ scope: some ExpressionScope) throws(ExpressionFault) -> Bool
    {
        switch term {
        case .equal(let operand): return Expression.areEqual(value, try known(operand, scope))
        case .notEqual(let operand): return !Expression.areEqual(value, try known(operand, scope))
        case .less(let operand): return order(value, try known(operand, scope)).map { $0 < 0 } ?? false
        case .lessOrEqual(let operand): return order(value, try known(operand, scope)).map { $0 <= 0 } ?? false
        case .greater(let operand): return order(value, try known(operand, scope)).map { $0 > 0 } ?? false
        case .greaterOrEqual(let operand): return order(value, try known(operand, scope)).map { $0 >= 0 } ?? false
        case .oneOf(let operands):
            for operand in operands where Expression.areEqual(value, try known(operand, scope)) { return true }
            return false
        case .has(let operand): return Self.has(value, try known(operand, scope))
        case .matches(let template):
            guard let text = value.stringValue else { return false }
            let pattern = try template.text(in: scope)
            do {
                return try Regex(pattern).firstMatch(in: text) != nil
            } catch {
                throw ExpressionFault(
                    code: .badPattern, place: place, message: "expected a regular expression, found \(pattern)")
            }
        case .between(let low, let high):
            guard let lower = order(value, try known(low, scope)), let upper = order(value, try known(high, scope))
            else {
                return false
            }
            return lower >= 0 && upper <= 0
        case .not(let inner): return try !inner.accepts(value, in: scope)
        }
    }

    private func known(_ operand: ValueTemplate, _ scope: some ExpressionScope) throws(ExpressionFault) -> JSONValue {
        kind.normalized(try operand.value(in: scope))
    }

    private func order(_ left: JSONValue, _ right: JSONValue) -> Int? { Expression.ordered(left, right) }

    private static func has(_ value: JSONValue, _ wanted: JSONValue) -> Bool {
        if let all = wanted.arrayValue { return all.allSatisfy { has(value, $0) } }
        switch value {
        case .string(let text): return wanted.stringValue.map { text.contains($0) } ?? false
        case .array(let elements): return elements.contains { Expression.areEqual($0, wanted) }
        case .object(let object): return wanted.stringValue.map { object[$0] != nil } ?? false
        default: return false
        }
    }
}

extension MatchedKind {
    /// A value as it is compared: durations in seconds, sizes in bytes, rates per second.
    package func normalized(_ value: JSONValue) -> JSONValue {
        guard let text = value.stringValue else { return value }
        switch self {
        case .duration:
            return Quantity.duration(text).map { .number($0 / .seconds(1)) } ?? value
        case .size: return Quantity.size(text).map { .integer($0) } ?? value
        case .rate: return Quantity.rate(text).map { .number($0) } ?? value
        default: return value
        }
    }
}
