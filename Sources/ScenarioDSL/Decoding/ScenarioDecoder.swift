internal import PureJSON

/// Turns a file that has the form of a scenario, in one cell, into typed values.
///
/// The form is checked before, so that a value of another kind than the grammar says is only skipped here.
struct ScenarioDecoder {
    var diagnostics: [Diagnostic] = []

    mutating func scenario(_ root: SourceNode, cell: MatrixCell) -> Scenario {
        let setup = self.setup(root["setup"])
        return Scenario(
            name: root["name"]?.text ?? "", why: root["why"]?.text,
            tags: (root["tags"]?.elements ?? []).compactMap(\.text), cell: cell, seeds: seeds(root["seeds"]),
            time: time(root["time"]), setup: setup, faults: (root["faults"]?.elements ?? []).compactMap { fault($0) },
            background: (root["background"]?.elements ?? []).compactMap { backgroundLoad($0) },
            steps: steps(root["steps"]), expectations: expectations(root["expect"]),
            invariants: (root["invariants"]?.elements ?? []).compactMap { invariant($0) },
            exploration: root["explore"].map { exploration($0) }, resolved: resolved(root))
    }

    /// The file without what is worked out already.
    private func resolved(_ root: SourceNode) -> JSONValue {
        var object = root.json.objectValue ?? JSONObject()
        for key in ["matrix", "exclude", "vars"] { object[key] = nil }
        return .object(object)
    }

    mutating func report(_ code: DiagnosticCode, _ place: SourcePlace, _ message: String) {
        diagnostics.append(Diagnostic(code, at: place, message))
    }

    private func seeds(_ node: SourceNode?) -> [UInt64] {
        if let count = node?.scalar?.integerValue { return (1...max(count, 1)).map { UInt64($0) } }
        let list = (node?.elements ?? []).compactMap { $0.scalar?.integerValue }.map { UInt64($0) }
        return list.isEmpty ? [1] : list
    }

    private mutating func time(_ node: SourceNode?) -> TimeSettings {
        var time = TimeSettings()
        guard let node else { return time }
        time.mode = word(node["mode"]) ?? time.mode
        time.scale = node["scale"]?.scalar?.doubleValue ?? time.scale
        time.limit = duration(node["limit"]) ?? time.limit
        time.start = node["start"]?.text ?? time.start
        time.stallAfter = duration(node["stall_after"]) ?? time.stallAfter
        time.handlerCost = duration(node["cost"]?["handler"]) ?? time.handlerCost
        if node["scale"] != nil, time.mode != .scaled {
            report(.unsuitable, node["scale"]?.place ?? node.place, "\"scale\" needs mode: scaled")
        }
        return time
    }

    private mutating func backgroundLoad(_ node: SourceNode) -> BackgroundLoad? {
        guard let interval = duration(node["every"]) else { return nil }
        if interval == .zero, let place = node["every"]?.place {
            report(.unsuitable, place, "expected a time of more than 0 between two rounds")
        }
        return BackgroundLoad(
            interval: interval, end: duration(node["until"]), condition: expression(node["when"]),
            steps: steps(node["do"]), place: node.place)
    }

    // MARK: - Values

    func word<Words: Word>(_ node: SourceNode?, _ type: Words.Type = Words.self) -> Words? {
        node?.text.flatMap { Words(rawValue: $0) }
    }

    func words<Words: Word>(_ node: SourceNode?, _ type: Words.Type = Words.self) -> [Words] {
        (node?.elements ?? []).compactMap { word($0, type) }
    }

    func duration(_ node: SourceNode?) -> Duration? { node?.text.flatMap { Quantity.duration($0) } }

    func integer(_ node: SourceNode?) -> Int? { node?.scalar?.integerValue.map { Int($0) } }

    /// A size in bytes.
    func size(_ node: SourceNode?) -> Int64? {
        node?.scalar?.integerValue ?? node?.text.flatMap { Quantity.size($0) }
    }

    func flag(_ node: SourceNode?) -> Bool? { node?.scalar?.boolValue }

    /// A text that needs no run.
    mutating func plain(_ node: SourceNode?) -> String? { text(node)?.literal ?? node?.text }

    mutating func text(_ node: SourceNode?) -> TextTemplate? {
        guard let node, node.text != nil else { return nil }
        do throws(ExpressionFault) {
            return try node.template()
        } catch {
            report(error.code, error.place, error.message)
            return nil
        }
    }

    mutating func expression(_ node: SourceNode?) -> Expression? {
        guard let node, node.text != nil else { return nil }
        do throws(ExpressionFault) {
            return try node.expression()
        } catch {
            report(error.code, error.place, error.message)
            return nil
        }
    }

    mutating func computedInteger(_ node: SourceNode?) -> Computed<Int64>? {
        guard let node else { return nil }
        if let number = node.scalar?.integerValue { return .value(number) }
        guard let template = text(node) else { return nil }
        guard let expression = template.wholeExpression else {
            report(.wrongType, node.place, "expected a whole number, found \(node.summary)")
            return nil
        }
        return .expression(expression)
    }

    mutating func value(_ node: SourceNode) -> ValueTemplate {
        switch node.content {
        case .scalar(let scalar):
            guard node.isComputed, let template = text(node) else { return .value(scalar) }
            if let literal = template.literal { return .value(.string(literal)) }
            return template.wholeExpression.map { .expression($0) } ?? .text(template)
        case .list(let elements):
            let values = elements.map { value($0) }
            let known = values.compactMap(Self.known)
            return known.count == values.count ? .value(.array(known)) : .list(values)
        case .mapping(let members):
            let values = members.map { ValueTemplate.Member(name: $0.name, value: value($0.value)) }
            var object = JSONObject()
            for member in values {
                guard let known = Self.known(member.value) else { return .mapping(values) }
                object[member.name] = known
            }
            return .value(.object(object))
        }
    }

    private static func known(_ value: ValueTemplate) -> JSONValue? {
        guard case .value(let known) = value else { return nil }
        return known
    }

    /// The texts of a mapping.
    mutating func namedTexts(_ node: SourceNode?) -> [NamedText] {
        var list: [NamedText] = []
        for member in node?.members ?? [] {
            if let text = text(member.value) { list.append(NamedText(name: member.name, text: text)) }
        }
        return list
    }

    /// Two values in order, or a fault.
    mutating func range<Bound: Comparable>(_ node: SourceNode, _ bounds: (first: Bound, last: Bound)?) -> ClosedRange<
        Bound
    >? {
        guard let bounds else { return nil }
        guard bounds.first <= bounds.last else {
            report(.reversedRange, node.place, "expected the smaller value first, found \(node.text ?? "")")
            return nil
        }
        return bounds.first...bounds.last
    }
}
