internal import PureJSON

extension ScenarioDecoder {
    mutating func expectations(_ node: SourceNode?) -> [Expectation] {
        (node?.elements ?? []).compactMap { expectation($0) }
    }

    private mutating func expectation(_ node: SourceNode) -> Expectation? {
        guard let variant = Grammar.record("expectation").variants.first(where: { node[$0.head.name] != nil }),
            let head = node.members?.first(where: { $0.name == variant.head.name }),
            let claim = claim(head.name, head.value, of: node)
        else { return nil }
        return Expectation(
            claim: claim, id: node["id"]?.text, condition: expression(node["when"]),
            severity: word(node["severity"]) ?? .error, note: node["note"]?.text, place: head.place)
    }

    private mutating func claim(_ head: String, _ node: SourceNode, of whole: SourceNode) -> Expectation.Claim? {
        switch head {
        case "eventually":
            guard let check = check(node), let within = duration(node["within"]) else { return nil }
            return .eventually(check, within: within)
        case "always":
            guard let subject = check(node) else { return nil }
            return .always(subject, while: node["while"].flatMap { check($0) }, during: node["during"]?.text)
        case "never": return pattern(of: node).map { .never($0, rate: matcher(node["rate"], .rate)) }
        case "sometimes": return pattern(of: node).map { .sometimes($0) }
        case "count":
            guard let pattern = eventPattern(node), let matcher = matcher(node["is"], .count) else { return nil }
            return .count(pattern, matcher)
        case "order": return .order((node.elements ?? []).compactMap { pattern(of: $0) })
        case "latency": return plain(node["jobs"]).map { .latency(jobs: $0, tests(node, LatencyProperty.self)) }
        case "retries":
            guard let operation = plain(node["op"]) else { return nil }
            return .retries(
                RetryClaim(
                    operation: operation, backoff: word(node["backoff"]), hasJitter: flag(node["jitter"]),
                    maximumPerSecond: node["max_rate"]?.text.flatMap { Quantity.rate($0) }))
        case "snapshot":
            guard let name = node["name"]?.text, let subject = word(node["of"], SnapshotSubject.self) else {
                return nil
            }
            return .snapshot(name: name, subject)
        default: return check(whole).map { .holds($0) }
        }
    }

    /// What holds now, or not.
    mutating func check(_ node: SourceNode) -> StateCheck? {
        guard let variant = Grammar.checks.first(where: { node[$0.head.name] != nil }),
            let head = node.members?.first(where: { $0.name == variant.head.name })
        else { return nil }
        switch head.name {
        case "message":
            let reference =
                head.value["job"].map { text($0).map { MessageReference.job($0) } }
                ?? text(head.value).map { .label($0) }
            return reference.map { .message($0, properties(node, head, MessageProperty.self)) }
        case "job": return text(head.value).map { .job($0, properties(node, head, JobProperty.self)) }
        case "jobs": return plain(head.value).map { .jobs($0, properties(node, head, JobProperty.self)) }
        case "queue": return text(head.value).map { .queue($0, properties(node, head, QueueProperty.self)) }
        case "object": return text(head.value).map { .object($0, properties(node, head, ObjectProperty.self)) }
        case "runner": return text(head.value).map { .runner($0, properties(node, head, RunnerProperty.self)) }
        case "objects":
            guard let keys = text(head.value), let count = matcher(node["count"], .count) else { return nil }
            return .objects(keys, count: count)
        case "log": return logPattern(node).map { .log($0, count: matcher(node["count"], .count)) }
        case "metric":
            guard let name = plain(head.value), let matcher = matcher(node["is"], .number) else { return nil }
            return .metric(name, runner: text(node["runner"]), matcher)
        case "runners":
            guard let phase = word(head.value, RunnerPhase.self), let count = matcher(node["count"], .count) else {
                return nil
            }
            return .runners(phase, count: count)
        case "alarm":
            guard let name = plain(head.value), let matcher = matcher(node["is"], .alarmState) else { return nil }
            return .alarm(name, matcher)
        default: return query(node)
        }
    }

    private mutating func query(_ node: SourceNode) -> StateCheck? {
        guard let query = plain(node["sql"]) else { return nil }
        let rows = (node["rows"]?.elements ?? []).map { row in (row.elements ?? []).map { value($0) } }
        return .query(query, rows: rows)
    }

    private mutating func properties<Property: CheckedProperty>(
        _ node: SourceNode, _ head: SourceNode.Member, _ type: Property.Type
    ) -> [PropertyTest<Property>] {
        let tests = tests(node, type)
        if tests.isEmpty {
            let known = type.allCases.map(\.rawValue).joined(separator: ", ")
            report(.unsuitable, head.place, "expected something to check about this \(head.name), such as \(known)")
        }
        return tests
    }
}
