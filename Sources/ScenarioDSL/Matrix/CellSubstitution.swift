internal import PureJSON

/// Puts the values of a cell and of the variables into a file, and leaves out what conditions leave out.
///
/// What is left of `${…}` and `when` depends on the run alone.
struct CellSubstitution {
    /// Records whose `when` decides whether they are there at all.
    private static let conditional: Set<String> = ["step", "expectation", "background"]

    let scope: CellScope
    private(set) var diagnostics: [Diagnostic] = []
    /// The names that were used, such as `matrix.point`.
    private(set) var used: Set<String> = []
    /// Where steps and expectations stand that are left out.
    private(set) var omitted: [SourcePlace] = []

    init(_ cell: MatrixCell, file: SourceNode) { scope = CellScope(cell, file: file) }

    /// The file for this cell.
    mutating func apply(to root: SourceNode) -> SourceNode {
        substituted(root, .record(Grammar.root), computing: .never) ?? root
    }

    /// The value for this cell; `nil` when it is null there.
    private mutating func substituted(
        _ node: SourceNode, _ form: ValueForm, computing: Field.Computing
    ) -> SourceNode? {
        if node.isComputed, computing != .never { return computed(node, computing) }
        switch form {
        case .list(let element, _), .pair(let element):
            guard let elements = node.elements else { return node }
            var kept: [SourceNode] = []
            for inner in elements {
                if isLeftOut(inner, element) { continue }
                if let value = substituted(inner, element, computing: computing) { kept.append(value) }
            }
            return SourceNode(.list(kept), at: node.place)
        case .record(let name): return record(node, Grammar.record(name))
        case .table(let element):
            return mapping(node) { substitution, member in
                substitution.substituted(member.value, element, computing: computing)
            }
        case .matcher(let kind):
            return substituted(node, node.members == nil ? kind.form : .record(kind.recordName), computing: computing)
        case .either(let forms):
            let fitting = forms.first { $0.accepts(node) }
            return fitting.map { substituted(node, $0, computing: computing) } ?? node
        case .value: return value(node, computing)
        default: return node
        }
    }

    private mutating func value(_ node: SourceNode, _ computing: Field.Computing) -> SourceNode? {
        switch node.content {
        case .scalar: return node
        case .list: return substituted(node, .list(.value, atLeast: 0), computing: computing)
        case .mapping: return substituted(node, .table(.value), computing: computing)
        }
    }

    private mutating func record(_ node: SourceNode, _ record: Record) -> SourceNode {
        let names = Set((node.members ?? []).map(\.name))
        let variant = record.variants.first { names.contains($0.head.name) }
        let fields = record.allFields(of: variant)
        return mapping(node) { substitution, member in
            guard let field = fields.first(where: { $0.name == member.name }) else { return member.value }
            if member.name == "when", Self.conditional.contains(record.name) {
                return substitution.condition(member.value)
            }
            if member.name == "where", member.value.text != nil, !member.value.isComputed {
                return substitution.whereExpression(member.value)
            }
            return substitution.substituted(member.value, field.form, computing: field.computing)
        }
    }

    private mutating func mapping(
        _ node: SourceNode, _ value: (inout CellSubstitution, SourceNode.Member) -> SourceNode?
    ) -> SourceNode {
        guard let members = node.members else { return node }
        var kept: [SourceNode.Member] = []
        for member in members {
            guard let replaced = value(&self, member) else { continue }
            kept.append(SourceNode.Member(name: member.name, place: member.place, value: replaced))
        }
        return SourceNode(.mapping(kept), at: node.place)
    }

    // MARK: - Texts

    private mutating func computed(_ node: SourceNode, _ computing: Field.Computing) -> SourceNode? {
        let template: TextTemplate
        do throws(ExpressionFault) {
            template = try node.template()
        } catch {
            report(error)
            return node
        }
        guard check(template.expressions) else { return node }
        if let expression = template.wholeExpression {
            if case .path(let path, _) = expression, let value = scope.node(at: path) {
                return value.isNull ? nil : value
            }
            if let value = known(expression) { return value.isNull ? nil : SourceNode(value, at: node.place) }
        }
        var pieces: [TextTemplate.Piece] = []
        for piece in template.pieces {
            guard case .expression(let expression) = piece else {
                pieces.append(piece)
                continue
            }
            if let value = known(expression) {
                pieces.append(.text(TextTemplate.spelled(value)))
            } else {
                pieces.append(.expression(expression.simplified(in: scope)))
                if computing == .before { tooLate(expression) }
            }
        }
        let isUnchanged = pieces == template.pieces
        return isUnchanged
            ? node : SourceNode(.scalar(.string(TextTemplate(pieces: pieces).description)), at: node.place)
    }

    /// The value of an expression that needs no run; `nil` for others.
    private mutating func known(_ expression: Expression) -> JSONValue? {
        guard !expression.isRandom, expression.paths.allSatisfy({ CellScope.roots.contains($0.path[0]) }) else {
            return nil
        }
        do throws(ExpressionFault) {
            return try expression.value(in: scope)
        } catch {
            report(error)
            return .null
        }
    }

    private mutating func tooLate(_ expression: Expression) {
        diagnostics.append(
            Diagnostic(
                .knownTooLate, at: expression.place,
                "${\(expression)} is known in the run only; this value must be known before"))
    }

    private mutating func check(_ expressions: [Expression]) -> Bool {
        let before = diagnostics.count
        for (path, place) in expressions.flatMap(\.paths) {
            if CellScope.roots.contains(path[0]), path.count > 1 { used.insert("\(path[0]).\(path[1])") }
            if let fault = scope.fault(in: path, at: place) { diagnostics.append(fault) }
        }
        return diagnostics.count == before
    }

    private mutating func report(_ fault: ExpressionFault) {
        diagnostics.append(Diagnostic(fault.code, at: fault.place, fault.message))
    }

    // MARK: - Conditions

    private mutating func isLeftOut(_ node: SourceNode, _ form: ValueForm) -> Bool {
        guard case .record(let name) = form, Self.conditional.contains(name), let when = node["when"],
            let expression = parsed(when), check([expression]), let value = known(expression)
        else { return false }
        guard let flag = value.boolValue else {
            diagnostics.append(
                Diagnostic(
                    .wrongExpressionType, at: when.place,
                    "expected a condition that is true or false, found \(value.serialized())"))
            return false
        }
        if !flag { omitted.append(node.place) }
        return !flag
    }

    /// A condition that is left for the run; `nil` when it is known to be true.
    private mutating func condition(_ node: SourceNode) -> SourceNode? {
        guard let expression = parsed(node), check([expression]) else { return node }
        guard known(expression) == nil else { return nil }
        let simple = expression.simplified(in: scope)
        return simple == expression ? node : SourceNode(.scalar(.string(simple.description)), at: node.place)
    }

    private mutating func whereExpression(_ node: SourceNode) -> SourceNode {
        guard let expression = parsed(node), check([expression]) else { return node }
        let simple = expression.simplified(in: scope)
        return simple == expression ? node : SourceNode(.scalar(.string(simple.description)), at: node.place)
    }

    private mutating func parsed(_ node: SourceNode) -> Expression? {
        guard node.text != nil else { return nil }
        do throws(ExpressionFault) {
            return try node.expression()
        } catch {
            report(error)
            return nil
        }
    }
}

extension SourceNode {
    /// The text with its `${…}` read.
    func template() throws(ExpressionFault) -> TextTemplate {
        try TextTemplate.parse(text ?? "") { placeOfText($0, $1) }
    }

    /// The text as an expression.
    func expression() throws(ExpressionFault) -> Expression {
        try ExpressionParser.parse(text ?? "") { placeOfText($0, $1) }
    }

    /// Where a part of the text stands; the whole value where that cannot be told.
    private func placeOfText(_ offset: Int, _ length: Int) -> SourcePlace {
        textOffset.map { place.part(from: $0 + offset, length: length) } ?? place
    }
}
