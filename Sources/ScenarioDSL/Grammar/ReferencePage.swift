/// The reference of the language as a Markdown page, made from the grammar.
package enum ReferencePage {
    /// The whole page.
    package static let text: String = {
        var lines = [
            "# Scenario files: reference", "",
            "Made by `lab schema --reference`; a test keeps it equal to the parser. A field in **bold** must be there. "
                + "Fields marked `${}` may hold expressions that the run works out; the others may hold expressions of "
                + "`matrix` and `vars`, unless they name something.", "",
        ]
        for record in Grammar.records { lines += section(record) }
        lines += ["## Expressions", ""] + table(ExpressionFunction.allCases.map { ($0.rawValue, $0.meaning) })
        lines +=
            ["## Spellings", ""]
            + table(Spelling.allCases.map { ($0.rawValue, "\($0.expectation), as in `\($0.example)`") })
        lines += ["## Events", ""] + table(EventType.allCases.map { ($0.rawValue, $0.meaning) })
        lines += ["## Invariants", ""] + table(InvariantName.allCases.map { ($0.rawValue, $0.meaning) })
        lines += ["## Codes", ""] + table(DiagnosticCode.allCases.map { ($0.rawValue, "\($0.title)") })
        return lines.joined(separator: "\n")
    }()

    /// The section of one record, as lines.
    package static func section(_ record: Record) -> [String] {
        var lines = ["## \(record.name)", "", record.meaning, ""]
        if let example = record.example { lines += ["Example: `\(example)`", ""] }
        let checks = Set(Grammar.checks.map(\.head.name))
        let repeatsChecks = record.name != "check" && !checks.isDisjoint(with: record.variants.map(\.head.name))
        if repeatsChecks { lines += ["All assertions of [check](#check), and what follows.", ""] }
        for variant in record.variants where !(repeatsChecks && checks.contains(variant.head.name)) {
            lines += [
                "### \(record.name): \(variant.head.name)", "", variant.head.meaning, "",
                "Example: `\(variant.example)`", "",
            ]
            lines += fields([variant.head] + variant.fields)
        }
        return lines + fields(record.fields)
    }

    private static func fields(_ fields: [Field]) -> [String] {
        guard !fields.isEmpty else { return [] }
        var lines = ["| field | value | meaning |", "|---|---|---|"]
        for field in fields {
            let name = field.isRequired ? "**\(field.name)**" : field.name
            let mark = field.computing == .during ? " `${}`" : ""
            let standard = field.standard.map { " Otherwise \($0)." } ?? ""
            lines.append("| \(name) | \(escaped(field.form.reference))\(mark) | \(escaped(field.meaning))\(standard) |")
        }
        return lines + [""]
    }

    private static func table(_ rows: [(String, String)]) -> [String] {
        ["| word | meaning |", "|---|---|"] + rows.map { "| \($0) | \(escaped($1)) |" } + [""]
    }

    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}

extension ValueForm {
    /// What may stand there, in a few words.
    var reference: String {
        switch self {
        case .value: "any value"
        case .text: "text"
        case .spelled(let spelling): spelling.rawValue
        case .word(let vocabulary): vocabulary.words.count > 12 ? "a word" : vocabulary.names.joined(separator: ", ")
        case .flag: "true or false"
        case .integer(let range):
            range.upperBound == .max
                ? "integer from \(range.lowerBound)" : "integer \(range.lowerBound) to \(range.upperBound)"
        case .number: "number"
        case .list(let element, _): "list of \(element.reference)"
        case .pair(let element): "two of \(element.reference)"
        case .record(let name): "[\(name)](#\(name))"
        case .table(let element): "names to \(element.reference)"
        case .either(let forms): forms.map(\.reference).joined(separator: " or ")
        case .matcher(let kind): "\(kind.form.reference) or [\(kind.recordName)](#\(kind.recordName))"
        case .version: "1"
        }
    }
}
