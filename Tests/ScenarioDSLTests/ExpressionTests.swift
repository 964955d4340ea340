import PureJSON
import Testing

@testable import ScenarioDSL

@Suite("Expressions")
struct ExpressionTests {
    private struct Names: ExpressionScope {
        var values: [String: JSONValue] = [:]

        func value(of path: [String]) -> JSONValue? { values[path.joined(separator: ".")] }

        func value(of function: ExpressionFunction, _ arguments: [JSONValue], at place: SourcePlace) -> JSONValue? {
            function == .count ? 3 : arguments.first
        }
    }

    private func parsed(_ text: String) throws(ExpressionFault) -> Expression {
        try ExpressionParser.parse(text) { SourcePlace(line: 1, column: $0 + 1, length: $1) }
    }

    private let scope = Names(values: ["a": 2, "b.c": "x", "none": nil, "half-way": true])

    @Test(
        "Operators bind as in most languages, and have the usual values",
        arguments: [
            ("1 + 2 * 3", JSONValue.integer(7)), ("(1 + 2) * 3", 9), ("7 % 4 - 1", 2), ("-2 + 5", 3), ("7 / 2", 3),
            ("7 / 2.0", 3.5), ("'a' + 'b'", "ab"), ("1 < 2 && 2 < 3", true), ("1 == 1.0", true), ("!(1 == 2)", true),
            ("1 == 2 || 'x' == \"x\"", true), ("none ?? 5", 5), ("a ?? 5", 2), ("b.c in ['x', 'y']", true),
            ("'ell' in 'hello'", true), ("b.c != 'x'", false), ("half-way", true), ("3 - a", 1),
            ("null ?? null ?? 1", 1),
            ("count(job.claimed) >= 3", true), ("true && false || true", true), ("'it\\'s'", "it's"),
        ])
    func values(text: String, expected: JSONValue) throws {
        #expect(Expression.areEqual(try parsed(text).value(in: scope), expected), "\(text)")
    }

    @Test(
        "What is written out reads as the same value",
        arguments: ["1 + 2 * 3", "!(a == 2) || b.c in ['x']", "-a ?? 'q\\'s'"])
    func description(text: String) throws {
        let expression = try parsed(text)
        #expect(try parsed(expression.description).value(in: scope) == expression.value(in: scope))
    }

    @Test(
        "Mistakes are told where they stand",
        arguments: [
            ("1 +", 4), ("1 2", 3), ("(1", 3), ("a ==", 5), ("'open", 1), ("1 # 2", 3), ("nope(1)", 1), ("[1, ", 5),
            ("random.int(1)", 1), ("", 1), ("99999999999999999999", 1),
        ])
    func places(text: String, column: Int) {
        do throws(ExpressionFault) {
            let expression = try parsed(text)
            Issue.record("\(text) was read as \(expression)")
        } catch {
            #expect(error.place.column == column, "\(text): \(error.message)")
        }
    }

    @Test(
        "Values that do not go together have no value",
        arguments: ["'a' * 2", "1 && true", "1 / 0", "!1", "9223372036854775807 + 1", "1 in 2", "'a' < 1", "-'a'"])
    func types(text: String) throws {
        let expression = try parsed(text)
        #expect(throws: ExpressionFault.self) { try expression.value(in: scope) }
    }

    @Test("Deep nesting is refused, not a crash")
    func depth() {
        let text = String(repeating: "(", count: 10_000) + "1" + String(repeating: ")", count: 10_000)
        #expect(throws: ExpressionFault.self) { try parsed(text) }
        #expect(throws: ExpressionFault.self) { try parsed(String(repeating: "!", count: 10_000) + "true") }
    }

    @Test("Both sides of && and || count only as far as needed")
    func shortCircuit() throws {
        #expect(try parsed("false && unknown").value(in: scope) == false)
        #expect(try parsed("true || unknown").value(in: scope) == true)
    }

    @Test("Texts keep what is not computed, and whole expressions their type")
    func templates() throws {
        func template(_ text: String) throws -> TextTemplate {
            try TextTemplate.parse(text) { SourcePlace(line: 1, column: $0 + 1, length: $1) }
        }
        #expect(try template("j-${a}-${b.c}").text(in: scope) == "j-2-x")
        #expect(try template("${'}'}").text(in: scope) == "}")
        #expect(try template("$${a}").literal == "${a}")
        #expect(try template("${a}").wholeExpression?.value(in: scope) == 2)
        #expect(try template("").literal == "")
        let written = try template("cost $${x} ${a + 1}").description
        #expect(try template(written).text(in: scope) == "cost ${x} 3")
        #expect(throws: ExpressionFault.self) { try template("${a") }
    }

    @Test("Matchers compare numbers, texts, lists and mappings")
    func matchers() throws {
        func accepts(_ yaml: String, _ value: JSONValue, _ kind: MatchedKind = .value) throws -> Bool {
            let node = try SourceText(Array(yaml.utf8), path: "m").root()
            var decoder = ScenarioDecoder()
            let matcher = decoder.matcher(node, kind)
            return try #require(matcher).accepts(value, in: scope)
        }
        #expect(try accepts("{gte: 2, lt: 4}", 3))
        #expect(try !accepts("{gte: 2, lt: 4}", 4))
        #expect(try accepts("{between: [1, 3]}", 3))
        #expect(try accepts("{in: [a, b]}", "b"))
        #expect(try accepts("{not: {in: [a, b]}}", "c"))
        #expect(try accepts("{has: [x, y]}", ["x", "y", "z"]))
        #expect(try accepts("{has: x}", ["x": 1]))
        #expect(try accepts("{matches: 'b.+m'}", "boom"))
        #expect(try !accepts("{matches: 'b.+m'}", 3))
        #expect(try !accepts("{lt: 5}", "text"))
        #expect(try accepts("{lte: 5m}", 300.0, .duration))
        #expect(try accepts("{lt: 1KiB}", 1_023, .size))
        #expect(try accepts("{gt: 20/s}", 20.5, .rate))
        #expect(try accepts("'${a}'", 2))
    }
}
