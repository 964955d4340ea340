internal import PureJSON

/// Finds assertions that every possible history satisfies, and loops that do nothing.
enum EmptyClaimLint {
    static func findings(in scenario: Scenario) -> [Diagnostic] {
        scenario.expectations.flatMap { finding($0) } + steps(scenario.steps)
            + scenario.background.flatMap { steps($0.steps) }
    }

    private static func steps(_ list: [Step]) -> [Diagnostic] {
        list.flatMap { step -> [Diagnostic] in
            switch step.action {
            case .expect(let expectations): return expectations.flatMap { finding($0) }
            case .parallel(let branches): return branches.flatMap { steps($0) }
            case .repeat(let action):
                guard action.times == .value(0) else { return steps(action.steps) }
                return [Diagnostic(.unreachable, at: step.place, "the loop runs zero times; its steps are never done")]
            case .eventually(let check, _): return matchers(of: check).flatMap { finding($0) }
            default: return []
            }
        }
    }

    private static func finding(_ expectation: Expectation) -> [Diagnostic] {
        switch expectation.claim {
        case .holds(let check), .eventually(let check, _), .always(let check, _, _):
            matchers(of: check).flatMap { finding($0) }
        case .count(_, let matcher): finding(matcher)
        case .latency(_, let tests): tests.flatMap { finding($0.matcher) }
        case .never, .sometimes, .order, .retries, .snapshot: []
        }
    }

    private static func finding(_ matcher: Matcher) -> [Diagnostic] {
        guard matcher.terms.allSatisfy({ alwaysHolds($0, matcher.kind) }) else { return [] }
        return [Diagnostic(.neverFails, at: matcher.place, "every possible value fits; the assertion can never fail")]
    }

    /// Counts, sizes and durations are never less than 0.
    private static func alwaysHolds(_ term: Matcher.Term, _ kind: MatchedKind) -> Bool {
        let isNeverNegative = [.count, .size, .duration, .rate].contains(kind)
        switch term {
        case .greaterOrEqual(.value(let least)): return isNeverNegative && (least.doubleValue ?? 1) <= 0
        case .matches(let pattern): return ["", ".*", "^.*$"].contains(pattern.literal) && kind == .text
        case .has(.value(.array(let parts))): return parts.isEmpty
        default: return false
        }
    }

    private static func matchers(of check: StateCheck) -> [Matcher] {
        switch check {
        case .message(_, let tests): tests.map(\.matcher)
        case .job(_, let tests), .jobs(_, let tests): tests.map(\.matcher)
        case .queue(_, let tests): tests.map(\.matcher)
        case .object(_, let tests): tests.map(\.matcher)
        case .runner(_, let tests): tests.map(\.matcher)
        case .objects(_, let count), .runners(_, let count): [count]
        case .log(_, let count): [count].compactMap { $0 }
        case .metric(_, _, let matcher), .alarm(_, let matcher): [matcher]
        case .query: []
        }
    }
}
