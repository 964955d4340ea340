internal import JobCore

/// What `lab explain` knows: codes, and every word of the language.
package enum Explanation {
    /// A word and what it means.
    private struct Topic {
        let name: String
        let text: String
    }

    /// Everything that can be explained, each name once.
    package static let names: [String] = Array(byName.keys).sorted()

    /// The explanation of a name; `nil` when there is none of it.
    ///
    /// - Parameter name: a code such as `LAB102`, a verb, a field's mapping, an invariant, an event or a function.
    /// - Returns: lines without a final line end.
    package static func text(for name: String) -> String? { byName[name]?.joined(separator: "\n\n") }

    /// The name that was most likely meant.
    package static func nearest(to name: String) -> String? { NearestName.of(name, among: names) }

    private static let byName: [String: [String]] = {
        var texts: [String: [String]] = [:]
        for topic in codes + records + heads + words { texts[topic.name, default: []].append(topic.text) }
        return texts
    }()

    private static var codes: [Topic] {
        DiagnosticCode.allCases.map { code in
            Topic(
                name: code.rawValue,
                text: "\(code.rawValue), \(code.severity.rawValue): \(code.title)\n\n\(code.explanation)")
        }
    }

    private static var records: [Topic] {
        Grammar.records.filter { !$0.name.hasPrefix("match_") }.map { record in
            var lines = ["\(record.name): \(record.meaning)"]
            if let example = record.example { lines.append("  example: \(example)") }
            for variant in record.variants { lines.append(line(variant.head.name, variant.head.meaning)) }
            return Topic(name: record.name, text: (lines + fields(record.fields)).joined(separator: "\n"))
        }
    }

    /// Verbs, assertions and other heads of shapes; those of checks stand in several records.
    private static var heads: [Topic] {
        let records = ["step", "expectation", "action", "data", "match", "invariant"].map { Grammar.record($0) }
        return records.flatMap { record in
            record.variants.map { variant in
                let title = "\(variant.head.name) (\(record.headTitle)): \(variant.head.meaning)"
                return Topic(
                    name: variant.head.name,
                    text: ([title, "  example: \(variant.example)"] + fields(variant.fields)).joined(separator: "\n"))
            }
        }
    }

    private static var words: [Topic] {
        InvariantName.allCases.map { invariant in
            Topic(
                name: invariant.rawValue,
                text: "\(invariant.rawValue), invariant: \(invariant.meaning)\n\n  \(invariant.formula)")
        } + EventType.allCases.map { Topic(name: $0.rawValue, text: "\($0.rawValue), event: \($0.meaning)") }
            + ExpressionFunction.allCases.map {
                Topic(name: $0.rawValue, text: "\($0.rawValue), function: \($0.meaning)")
            }
            + Spelling.allCases.map {
                Topic(name: $0.rawValue, text: "\($0.rawValue), spelling: \($0.expectation), as in \($0.example)")
            }
            + MatcherOperator.allCases.map {
                Topic(name: $0.rawValue, text: "\($0.rawValue), comparison: \($0.meaning)")
            }
    }

    private static func fields(_ fields: [Field]) -> [String] {
        fields.map { field in
            let standard = field.standard.map { " Otherwise \($0)." } ?? ""
            let need = field.isRequired ? " Required." : ""
            return line(field.name, "\(field.meaning)\(need)\(standard)")
        }
    }

    private static func line(_ name: String, _ meaning: String) -> String {
        "  \(name)\(String(repeating: " ", count: max(20 - name.count, 1)))\(meaning)"
    }
}
