internal import PureJSON

extension ScenarioDecoder {
    mutating func matcher(_ node: SourceNode?, _ kind: MatchedKind) -> Matcher? {
        guard let node else { return nil }
        guard let members = node.members else {
            return Matcher(kind: kind, terms: [.equal(operand(node, kind))], place: node.place)
        }
        var terms: [Matcher.Term] = []
        for member in members {
            guard let comparison = MatcherOperator(rawValue: member.name) else { continue }
            if let term = term(comparison, member.value, kind) { terms.append(term) }
        }
        return Matcher(kind: kind, terms: terms, place: node.place)
    }

    private mutating func term(_ comparison: MatcherOperator, _ node: SourceNode, _ kind: MatchedKind) -> Matcher.Term?
    {
        switch comparison {
        case .equal: return .equal(operand(node, kind))
        case .notEqual: return .notEqual(operand(node, kind))
        case .less: return .less(operand(node, kind))
        case .lessOrEqual: return .lessOrEqual(operand(node, kind))
        case .greater: return .greater(operand(node, kind))
        case .greaterOrEqual: return .greaterOrEqual(operand(node, kind))
        case .in: return .oneOf((node.elements ?? []).map { operand($0, kind) })
        case .has: return .has(value(node))
        case .matches: return pattern(node).map { .matches($0) }
        case .between:
            guard let ends = node.elements, ends.count == 2 else { return nil }
            checkOrder(ends, kind, node)
            return .between(operand(ends[0], kind), operand(ends[1], kind))
        case .not: return matcher(node, kind).map { .not($0) }
        }
    }

    private mutating func operand(_ node: SourceNode, _ kind: MatchedKind) -> ValueTemplate {
        guard case .value(let known) = value(node) else { return value(node) }
        return .value(kind.normalized(known))
    }

    private mutating func checkOrder(_ ends: [SourceNode], _ kind: MatchedKind, _ node: SourceNode) {
        guard case .value(let low) = operand(ends[0], kind), case .value(let high) = operand(ends[1], kind),
            let order = Expression.ordered(low, high), order > 0
        else { return }
        report(.reversedRange, node.place, "expected the smaller value first, found \(node.json.serialized())")
    }

    private mutating func pattern(_ node: SourceNode) -> TextTemplate? {
        guard let template = text(node) else { return nil }
        guard let literal = template.literal else { return template }
        do {
            _ = try Regex(literal)
            return template
        } catch {
            report(.badPattern, node.place, "expected a regular expression, found \"\(literal)\"")
            return nil
        }
    }

    mutating func tests<Property: CheckedProperty>(_ node: SourceNode, _ type: Property.Type) -> [PropertyTest<
        Property
    >] {
        var tests: [PropertyTest<Property>] = []
        for member in node.members ?? [] {
            guard let property = Property(rawValue: member.name),
                let matcher = matcher(member.value, property.kind)
            else { continue }
            tests.append(PropertyTest(property: property, matcher: matcher, place: member.place))
        }
        return tests
    }

    // MARK: - Patterns

    mutating func condition(_ node: SourceNode?) -> EventCondition? {
        guard let node else { return nil }
        guard let members = node.members else { return expression(node).map { .expression($0) } }
        var tests: [EventCondition.FieldTest] = []
        for member in members {
            if let matcher = matcher(member.value, .value) {
                tests.append(EventCondition.FieldTest(field: member.name, matcher: matcher))
            }
        }
        return .fields(tests)
    }

    mutating func eventPattern(_ node: SourceNode) -> EventPattern? {
        guard let type = word(node["event"], EventType.self) else { return nil }
        return EventPattern(
            type: type, job: text(node["job"]), message: text(node["message"]), runner: text(node["runner"]),
            queue: text(node["queue"]), destination: text(node["to"]), operation: text(node["op"]),
            key: text(node["key"]), fault: text(node["fault"]), condition: condition(node["where"]), place: node.place)
    }

    mutating func logPattern(_ node: SourceNode) -> LogPattern? {
        guard let event = matcher(node["log"], .text) else { return nil }
        return LogPattern(
            event: event, runner: text(node["runner"]), level: word(node["level"]), line: matcher(node["line"], .text),
            fields: (node["has"]?.elements ?? []).compactMap { plain($0) })
    }

    mutating func pattern(of node: SourceNode) -> Pattern? {
        node["event"] != nil ? eventPattern(node).map { .event($0) } : logPattern(node).map { .log($0) }
    }
}
