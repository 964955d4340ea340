internal import JobCore
internal import PureJSON

/// Finds names that nothing declares, and names that are used before they are known.
struct NameChecker {
    /// Members of what a name stands for; `nil` for any.
    private typealias Members = [String]?

    private static let objectMembers = ["key", "size", "sha256", "versions"]
    private static let eventMembers = ["id", "type", "subject", "time", "runner", "job", "message", "queue", "data"]

    private let declared: DeclaredNames
    /// Names that steps declare anywhere in the file.
    private var later: Set<String> = []
    private var known: [String: Members] = ["seed": .some([])]
    private(set) var diagnostics: [Diagnostic]

    /// All faults of names in a file in one cell.
    static func faults(in root: SourceNode) -> [Diagnostic] {
        var checker = NameChecker(root)
        checker.check(root)
        return checker.diagnostics
    }

    private init(_ root: SourceNode) {
        declared = DeclaredNames(root)
        diagnostics = declared.diagnostics
        later = Self.labels(in: root)
    }

    private static func labels(in node: SourceNode) -> Set<String> {
        let inner = (node.elements ?? []) + (node.members ?? []).map(\.value)
        return Set([node["as"]?.text].compactMap { $0 }).union(inner.flatMap { labels(in: $0) })
    }

    private mutating func check(_ root: SourceNode) {
        // The order of the grammar is the order of the run, whatever the order of the file.
        for field in Grammar.scenario.fields {
            guard let value = root[field.name], field.computing != .never || field.name == "expect" else { continue }
            walk(value, field.form, record: Grammar.scenario, field: field)
        }
    }

    // MARK: - Walking

    private mutating func walk(_ node: SourceNode, _ form: ValueForm, record: Record, field: Field) {
        if node.isComputed, field.computing != .never { checkTemplate(node) }
        if let kind = reference(record, field), node.text != nil { checkReference(node, kind) }
        switch form {
        case .list(let element, _), .pair(let element):
            for inner in node.elements ?? [] { walk(inner, element, record: record, field: field) }
        case .table(let element):
            for member in node.members ?? [] { walk(member.value, element, record: record, field: field) }
        case .value:
            for inner in (node.elements ?? []) + (node.members ?? []).map(\.value) {
                walk(inner, .value, record: record, field: field)
            }
        case .record(let name): walk(node, Grammar.record(name))
        case .matcher(let kind):
            if node.members != nil { walk(node, Grammar.record(kind.recordName)) }
        case .either(let forms):
            if let fitting = forms.first(where: { $0.accepts(node) }), node.text == nil {
                walk(node, fitting, record: record, field: field)
            }
        default: break
        }
    }

    private mutating func walk(_ node: SourceNode, _ record: Record) {
        let names = Set((node.members ?? []).map(\.name))
        let variant = record.variants.first { names.contains($0.head.name) }
        let before = known
        if record.name == "background" { known["tick"] = .some([]) }
        if record.name == "expectation" { known["oracle"] = .some(nil) }
        for field in record.allFields(of: variant) {
            guard let value = node[field.name] else { continue }
            if field.name == "when" { checkExpression(value) }
            if record.name == "step", field.name == "do", let counter = node["repeat"]?["as"]?.text {
                known[counter] = .some([])
            }
            walk(value, field.form, record: record, field: field)
        }
        switch record.name {
        case "background": known["tick"] = before["tick"]
        case "expectation": known["oracle"] = before["oracle"]
        case "step": learn(from: node, before)
        default: break
        }
    }

    /// What is known after a step.
    private mutating func learn(from step: SourceNode, _ before: [String: Members]) {
        if let counter = step["repeat"]?["as"]?.text { known[counter] = before[counter] }
        if let wait = step["wait"] {
            known["event"] = .some(Self.eventMembers)
            if let label = wait["as"]?.text { known[label] = .some(Self.eventMembers) }
        }
        if let label = step["pause"]?["as"]?.text { known[label] = .some([]) }
        if let label = step["upload"]?["as"]?.text { known[label] = .some(Self.objectMembers) }
        if let label = step["run"]?["as"]?.text { known[label] = .some(["stdout", "stderr", "exit_code"]) }
        if let capture = step["capture"], let label = capture["as"]?.text {
            known[label] = .some(capture["object"] != nil ? Self.objectMembers : JobProperty.allCases.map(\.rawValue))
        }
    }

    // MARK: - References

    /// What kind of thing a field names; `nil` when it names none, or declares it.
    private func reference(_ record: Record, _ field: Field) -> DeclaredNames.Kind? {
        guard !record.name.hasPrefix("match_") else { return nil }
        return switch (record.name, field.name) {
        case ("send", "job"), ("start", "runner"), ("setup", _), ("scenario", _), ("step", "fault"): nil
        case (_, "runner"), ("start", "like"), ("rolling", "from"): .runner
        case (_, "queue"), (_, "to"), (_, "in"): .queue
        case (_, "job"), (_, "jobs"): .job
        case (_, "message"): .message
        case ("send", "handler"), ("deploy", "handler"): .handler
        case (_, "fault"), ("step", "clear"): .fault
        case ("lasting", "during"): .step
        default: nil
        }
    }

    private mutating func checkReference(_ node: SourceNode, _ kind: DeclaredNames.Kind) {
        let pattern = DeclaredNames.pattern(of: node)
        guard !pattern.contains("*") || kind == .job || kind == .runner else { return }
        if kind == .fault, pattern == "all" { return }
        guard !declared.contains(pattern, kind) else { return }
        let names = (declared.names[kind] ?? []).filter { !$0.contains("*") }
        let hint = NearestName.sentence(for: pattern, among: names)
        let unique = names.reduce(into: [String]()) { list, name in if !list.contains(name) { list.append(name) } }
        let list = !hint.isEmpty ? hint : unique.isEmpty ? "" : "; known: \(unique.prefix(12).joined(separator: ", "))"
        diagnostics.append(Diagnostic(kind.code, at: node.place, "\(Self.sentence(kind, pattern))\(list)"))
    }

    private static func sentence(_ kind: DeclaredNames.Kind, _ name: String) -> String {
        switch kind {
        case .handler: "no runner has the handler \"\(name)\""
        case .job: "no step sends a job \"\(name)\""
        case .message: "no message is called \"\(name)\" with \"as\""
        default: "there is no \(kind.rawValue) \"\(name)\""
        }
    }

    // MARK: - Expressions

    private mutating func checkTemplate(_ node: SourceNode) {
        do throws(ExpressionFault) {
            for expression in try node.template().expressions { check(expression) }
        } catch {
            diagnostics.append(Diagnostic(error.code, at: error.place, error.message))
        }
    }

    private mutating func checkExpression(_ node: SourceNode) {
        do throws(ExpressionFault) {
            check(try node.expression())
        } catch {
            diagnostics.append(Diagnostic(error.code, at: error.place, error.message))
        }
    }

    private mutating func check(_ expression: Expression) {
        for (path, place) in expression.paths where !CellScope.roots.contains(path[0]) {
            if path[0] == "data" { checkData(path, place) } else { check(path, place) }
        }
        for (_, place) in expression.countedEvents {
            diagnostics.append(
                Diagnostic(.unknownName, at: place, "count(EVENT) is for rules under \"invariants\" only"))
        }
    }

    private mutating func check(_ path: [String], _ place: SourcePlace) {
        guard let members = known[path[0]] else {
            if later.contains(path[0]) || path[0] == "event" {
                let what = path[0] == "event" ? "a \"wait\"" : "the step that declares it"
                diagnostics.append(Diagnostic(.usedTooEarly, at: place, "\(path[0]) is known only after \(what)"))
            } else {
                let roots = known.keys.sorted() + ["data", "matrix", "vars", "event", "oracle"]
                let hint = NearestName.sentence(for: path[0], among: roots)
                diagnostics.append(Diagnostic(.unknownName, at: place, "there is no name \"\(path[0])\" here\(hint)"))
            }
            return
        }
        guard let members, path.count > 1, !members.contains(path[1]) else { return }
        let hint = NearestName.sentence(for: path[1], among: members)
        let list = !hint.isEmpty ? hint : members.isEmpty ? "" : "; known: \(members.joined(separator: ", "))"
        diagnostics.append(Diagnostic(.unknownName, at: place, "\(path[0]) has no \"\(path[1])\"\(list)"))
    }

    private mutating func checkData(_ path: [String], _ place: SourcePlace) {
        let names = declared.names[.data] ?? []
        guard path.count > 1, names.contains(path[1]) else {
            let typed = path.count > 1 ? path[1] : ""
            let hint = NearestName.sentence(for: typed, among: names)
            let list = !hint.isEmpty ? hint : names.isEmpty ? "" : "; known: \(names.joined(separator: ", "))"
            diagnostics.append(Diagnostic(.unknownData, at: place, "there is no data \"\(typed)\"\(list)"))
            return
        }
        let members = ["rows", "bytes", "key", "sha256"]
        guard path.count > 2, !members.contains(path[2]) else { return }
        let hint = NearestName.sentence(for: path[2], among: members)
        diagnostics.append(
            Diagnostic(
                .unknownName, at: place,
                "data has no \"\(path[2])\"\(hint.isEmpty ? "; known: \(members.joined(separator: ", "))" : hint)"))
    }
}
