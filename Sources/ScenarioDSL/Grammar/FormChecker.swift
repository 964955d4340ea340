internal import JobCore
internal import PureJSON

/// Holds a value against the grammar, and says all that does not fit.
///
/// It finds exactly what the JSON Schema finds: both come from ``Grammar``.
struct FormChecker {
    private(set) var diagnostics: [Diagnostic] = []

    /// Everything in a file that does not have the form of a scenario.
    static func check(_ root: SourceNode, _ form: ValueForm = .record(Grammar.root)) -> [Diagnostic] {
        var checker = FormChecker()
        checker.check(root, form, mayCompute: false)
        return checker.diagnostics
    }

    private mutating func fault(_ code: DiagnosticCode, _ place: SourcePlace, _ message: String) {
        diagnostics.append(Diagnostic(code, at: place, message))
    }

    private mutating func check(_ node: SourceNode, _ form: ValueForm, mayCompute: Bool) {
        guard !(mayCompute && node.isComputed) else { return }
        switch form {
        case .value: break
        case .list(let element, let least):
            guard let elements = node.elements else { return expected(form, at: node) }
            if elements.count < least {
                fault(
                    .tooFew, node.place,
                    "expected at least \(least) element\(least == 1 ? "" : "s"), found \(elements.count)")
            }
            for inner in elements { check(inner, element, mayCompute: mayCompute) }
        case .pair(let element):
            guard let elements = node.elements, elements.count == 2 else { return expected(form, at: node) }
            for inner in elements { check(inner, element, mayCompute: mayCompute) }
        case .record(let name):
            guard let members = node.members else { return expected(form, at: node) }
            check(members, of: node, Grammar.record(name))
        case .table(let element):
            guard let members = node.members else { return expected(form, at: node) }
            for member in members { check(member.value, element, mayCompute: mayCompute) }
        case .matcher(let kind):
            check(node, node.members == nil ? kind.form : .record(kind.recordName), mayCompute: mayCompute)
        case .either(let forms):
            let candidates = forms.filter { $0.accepts(node) }
            if candidates.count == 1 { return check(node, candidates[0], mayCompute: mayCompute) }
            let fits = candidates.contains { candidate in
                var trial = FormChecker()
                trial.check(node, candidate, mayCompute: mayCompute)
                return trial.diagnostics.isEmpty
            }
            if !fits { expected(form, at: node) }
        case .version, .text, .spelled, .word, .flag, .integer, .number: checkScalar(node, form)
        }
    }

    private mutating func checkScalar(_ node: SourceNode, _ form: ValueForm) {
        guard form.accepts(node), let value = node.scalar else { return expected(form, at: node) }
        switch form {
        case .spelled(let spelling):
            guard let text = value.stringValue, !spelling.fits(text) else { return }
            fault(.wrongSpelling, node.place, "expected \(spelling.expectation), found \(node.summary)")
        case .word(let vocabulary):
            guard let text = value.stringValue, !vocabulary.names.contains(text) else { return }
            let hint = NearestName.sentence(for: text, among: vocabulary.names)
            let known = hint.isEmpty ? "; known: \(vocabulary.names.joined(separator: ", "))" : hint
            fault(.unknownWord, node.place, "unknown \(vocabulary.title) \"\(text)\"\(known)")
        case .integer(let range):
            guard let number = value.integerValue, !range.contains(number) else { return }
            let bounds =
                range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
            fault(.outOfRange, node.place, "expected a whole number, \(bounds), found \(number)")
        case .number(let least):
            guard let number = value.doubleValue, let least, number < least else { return }
            fault(.outOfRange, node.place, "expected a number of \(least) or more, found \(node.summary)")
        case .version:
            guard value.integerValue != Grammar.version else { return }
            fault(.outOfRange, node.place, "expected version \(Grammar.version) of the language, found \(node.summary)")
        default: break
        }
    }

    private mutating func expected(_ form: ValueForm, at node: SourceNode) {
        fault(.wrongType, node.place, "expected \(form.expectation), found \(node.summary)")
    }

    // MARK: - Records

    private mutating func check(_ members: [SourceNode.Member], of node: SourceNode, _ record: Record) {
        let names = Set(members.map(\.name))
        let variant = record.variants.first { names.contains($0.head.name) }
        if variant == nil, !record.variants.isEmpty { return checkHeadless(members, of: node, record) }
        let fields = record.allFields(of: variant)
        let heads = record.variants.map(\.head.name)
        for member in members {
            guard let field = fields.first(where: { $0.name == member.name }) else {
                unknown(member, heads: heads, head: variant?.head.name, known: fields.map(\.name))
                continue
            }
            check(member.value, field.form, mayCompute: field.computing != .never)
        }
        let head = variant.flatMap { shape in members.first { $0.name == shape.head.name } }
        for field in fields where field.isRequired && !names.contains(field.name) {
            let owner = record.name == Grammar.root ? "the scenario" : "the mapping"
            let message = head.map { "expected the key \"\(field.name)\" beside \"\($0.name)\", found none" }
            fault(.missingKey, head?.place ?? node.place, message ?? "\(owner) needs the key \"\(field.name)\"")
        }
        let isKnown = names.isSubset(of: fields.map(\.name))
        if isKnown || names.isEmpty, !record.needsOneOf.isEmpty, names.isDisjoint(with: record.needsOneOf) {
            fault(
                .missingKey, node.place,
                "expected at least one of \(record.needsOneOf.joined(separator: ", ")), found none")
        }
    }

    private mutating func unknown(_ member: SourceNode.Member, heads: [String], head: String?, known: [String]) {
        if let head, heads.contains(member.name) {
            return fault(
                .conflictingKeys, member.place, "\"\(head)\" and \"\(member.name)\" cannot stand in one mapping")
        }
        let hint = NearestName.sentence(for: member.name, among: known)
        let list = hint.isEmpty ? "; known: \(known.joined(separator: ", "))" : hint
        fault(.unknownKey, member.place, "unknown key \"\(member.name)\"\(list)")
    }

    /// A record with shapes, of which none is there.
    private mutating func checkHeadless(_ members: [SourceNode.Member], of node: SourceNode, _ record: Record) {
        let heads = record.variants.map(\.head.name)
        let shared = Set(record.fields.map(\.name))
        let strangers = members.filter { !shared.contains($0.name) }
        guard !strangers.isEmpty else {
            return fault(
                .unknownVerb, node.place,
                "expected a mapping with one \(record.headTitle) of \(heads.joined(separator: ", ")), found none")
        }
        for (place, member) in strangers.enumerated() {
            let hint = NearestName.sentence(for: member.name, among: heads)
            guard place == 0 || !hint.isEmpty else { continue }
            let list = hint.isEmpty ? "; known: \(heads.joined(separator: ", "))" : hint
            fault(.unknownVerb, member.place, "unknown \(record.headTitle) \"\(member.name)\"\(list)")
        }
    }
}

extension ValueForm {
    /// Whether a value is of the kind that this form asks for, whatever its spelling or range.
    func accepts(_ node: SourceNode) -> Bool {
        switch self {
        case .value: true
        case .list, .pair: node.elements != nil
        case .record, .table: node.members != nil
        case .text, .spelled, .word: node.text != nil
        case .flag: node.scalar?.boolValue != nil
        case .integer, .version: node.scalar?.integerValue != nil
        case .number: node.scalar?.doubleValue != nil
        case .matcher(let kind): node.members != nil || kind.form.accepts(node)
        case .either(let forms): forms.contains { $0.accepts(node) }
        }
    }

    /// What is expected, as messages say it.
    var expectation: String {
        switch self {
        case .value: "a value"
        case .list: "a list"
        case .pair: "a list of two values"
        case .record, .table: "a mapping"
        case .text: "a text"
        case .spelled(let spelling): spelling.expectation
        case .word(let vocabulary):
            vocabulary.words.count == 1
                ? "\"\(vocabulary.names[0])\"" : "one of \(vocabulary.names.joined(separator: ", "))"
        case .flag: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .version: "version \(Grammar.version) of the language"
        case .matcher(let kind): "\(kind.form.expectation) or a mapping of comparisons"
        case .either(let forms): forms.map(\.expectation).joined(separator: " or ")
        }
    }
}
