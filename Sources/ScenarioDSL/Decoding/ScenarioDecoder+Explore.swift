internal import JobCore
internal import PureJSON

extension ScenarioDecoder {
    mutating func invariant(_ node: SourceNode) -> Invariant? {
        if let name = word(node, InvariantName.self) { return Invariant(rule: .named(name), place: node.place) }
        if let within = duration(node["no_stuck"]?["within"]) {
            return Invariant(rule: .noStuck(within: within), place: node.place)
        }
        if let peak = size(node["bounded_memory"]?["peak_rss"]) {
            return Invariant(rule: .boundedMemory(peakBytes: peak), place: node.place)
        }
        guard let text = node["rule"], let name = node["name"]?.text, let rule = customRule(text) else { return nil }
        return Invariant(rule: .custom(name: name, rule), place: node.place)
    }

    private mutating func customRule(_ node: SourceNode) -> CustomRule? {
        let text = node.text ?? ""
        let subjects = CustomRule.Subject.allCases.map(\.rawValue)
        var subject = CustomRule.Subject.run
        var start = text.startIndex
        if text.hasPrefix("for each ") {
            guard let colon = text.firstIndex(of: ":") else {
                report(.expressionSyntax, node.place, "expected \":\" after \"for each\", found the end")
                return nil
            }
            let word = String(text[text.index(text.startIndex, offsetBy: 9)..<colon])
            guard let known = CustomRule.Subject(rawValue: word), known != .run else {
                let hint = NearestName.sentence(for: word, among: subjects)
                report(
                    .unknownName, node.place, "expected \"for each\" job, message or runner, found \"\(word)\"\(hint)")
                return nil
            }
            subject = known
            start = text.index(after: colon)
        }
        let offset = text[..<start].unicodeScalars.count + (node.textOffset ?? 0)
        let isTold = node.textOffset != nil
        do throws(ExpressionFault) {
            let condition = try ExpressionParser.parse(String(text[start...])) {
                isTold ? node.place.part(from: offset + $0, length: $1) : node.place
            }
            checkEvents(in: condition)
            return CustomRule(subject: subject, condition: condition)
        } catch {
            report(error.code, error.place, error.message)
            return nil
        }
    }

    /// Rules know counts of events and nothing else.
    private mutating func checkEvents(in expression: Expression) {
        for (path, place) in expression.paths {
            report(.unknownName, place, "expected count(EVENT) in a rule, found \(path.joined(separator: "."))")
        }
        for (argument, place) in expression.countedEvents where EventType(rawValue: argument) == nil {
            let hint = NearestName.sentence(for: argument, among: EventType.allCases.map(\.rawValue))
            report(.unknownName, place, "there is no event \"\(argument)\"\(hint)")
        }
    }

    mutating func exploration(_ node: SourceNode) -> Exploration {
        var plan = Exploration(place: node.place)
        plan.isSwarm = flag(node["swarm"]) ?? plan.isSwarm
        plan.maximumFaults = integer(node["max_faults"]) ?? plan.maximumFaults
        plan.budget = duration(node["budget"]) ?? plan.budget
        let kinds = node["kinds"]
        if let http = kinds?["http"] {
            let operations = (http["ops"]?.elements ?? []).compactMap { plain($0) }
            plan.calls = Exploration.CallKinds(operations: operations, troubles: words(http["do"]))
        }
        if let process = kinds?["process"] {
            let pause = process["pause"].flatMap { node in range(node, node.text.flatMap { Quantity.durationRange($0) })
            }
            plan.processes = Exploration.ProcessKinds(
                troubles: words(process["do"]), pause: pause ?? .seconds(1)...(.seconds(600)))
        }
        plan.database = words(kinds?["db"]?["do"])
        plan.schedule = words(kinds?["schedule"]?["do"])
        if let clock = kinds?["clock"] {
            plan.clocks = Exploration.ClockKinds(
                skew: clock["skew"].flatMap { node in range(node, node.text.flatMap { Quantity.durationRange($0) }) },
                drift: clock["drift"].flatMap { node in range(node, node.text.flatMap { Quantity.numberRange($0) }) })
        }
        if let at = duration(node["heal"]?["at"]), let within = duration(node["heal"]?["then_converge_within"]) {
            plan.healing = Exploration.Healing(at: at, convergeWithin: within)
        }
        for pin in node["pin"]?.elements ?? [] {
            guard let key = pin["key"]?.text, let choice = pin["choice"]?.scalar?.integerValue else { continue }
            plan.pins.append(Exploration.Decision(key: key, choice: choice))
        }
        return plan
    }
}

extension Expression {
    /// The events that `count(…)` names, with their places.
    var countedEvents: [(event: String, place: SourcePlace)] {
        switch self {
        case .literal, .path: []
        case .list(let elements, _): elements.flatMap(\.countedEvents)
        case .unary(_, let value, _): value.countedEvents
        case .binary(_, let left, let right, _): left.countedEvents + right.countedEvents
        case .call(.count, let arguments, let place):
            if case .path(let path, let at)? = arguments.first {
                [(path.joined(separator: "."), at)]
            } else {
                [("", place)]
            }
        case .call(_, let arguments, _): arguments.flatMap(\.countedEvents)
        }
    }
}
