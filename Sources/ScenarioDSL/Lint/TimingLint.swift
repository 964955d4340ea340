internal import PureJSON

/// Finds deadlines and limits that are shorter than what must happen before them.
enum TimingLint {
    static func findings(in scenario: Scenario) -> [Diagnostic] {
        deadlines(scenario.steps, scenario) + limit(scenario)
    }

    /// A message that a dead or frozen runner holds comes back after the visibility timeout, not before.
    private static func deadlines(_ steps: [Step], _ scenario: Scenario) -> [Diagnostic] {
        guard let visibility = scenario.setup.queues.map(\.visibility).min() else { return [] }
        var found: [Diagnostic] = []
        var sinceLoss: Duration?
        for step in steps {
            switch step.action {
            case .signal(_, .kill), .signal(_, .stop), .pause: sinceLoss = .zero
            case .resume, .signal(_, .resume): sinceLoss = nil
            case .advance(let time): sinceLoss = sinceLoss.map { $0 + time }
            case .eventually(let check, let within):
                if let passed = sinceLoss, isCompletion(check), passed + within < visibility {
                    found.append(
                        Diagnostic(
                            .deadlineTooShort, at: step.place,
                            "\(Quantity.spelled(within)) after the runner was lost is shorter than the visibility timeout of "
                                + "\(Quantity.spelled(visibility)); this can never see the redelivery"))
                }
            case .repeat(let action): found += deadlines(action.steps, scenario)
            case .parallel(let branches): found += branches.flatMap { deadlines($0, scenario) }
            default: break
            }
        }
        return found
    }

    private static func isCompletion(_ check: StateCheck) -> Bool {
        guard case .job(_, let tests) = check, let state = tests.first(where: { $0.property == .state }) else {
            return false
        }
        return state.matcher.terms == [.equal(.value("COMPLETED"))]
    }

    private static func limit(_ scenario: Scenario) -> [Diagnostic] {
        var total = Duration.zero
        for step in scenario.steps {
            guard case .advance(let time) = step.action else { continue }
            total += time
            if total > scenario.time.limit {
                return [
                    Diagnostic(
                        .limitTooShort, at: step.place,
                        "the steps so far let \(Quantity.spelled(total)) pass, and time.limit is \(Quantity.spelled(scenario.time.limit))"
                    )
                ]
            }
        }
        return []
    }
}
