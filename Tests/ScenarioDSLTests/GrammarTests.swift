import PureJSON
import Testing

@testable import ScenarioDSL

@Suite("The grammar")
struct GrammarTests {
    @Test("The schema beside the scenarios is the one of the grammar")
    func schemaFile() throws {
        let expected = ScenarioSchema.document.serialized(.pretty) + "\n"
        #expect(
            try ScenarioSources.text("Scenarios/scenario.schema.json") == expected,
            "write it anew: lab schema > Scenarios/scenario.schema.json")
    }

    @Test("The reference page is the one of the grammar")
    func referencePage() throws {
        #expect(
            try ScenarioSources.text("Scenarios/REFERENCE.md") == ReferencePage.text + "\n",
            "write it anew: lab schema --reference > Scenarios/REFERENCE.md")
    }

    @Test("Names of records are unique, and every record that a form names exists")
    func recordNames() {
        let names = Grammar.records.map(\.name)
        #expect(Set(names).count == names.count)
        for record in Grammar.records {
            let fields = record.fields + record.variants.flatMap { [$0.head] + $0.fields }
            for name in fields.flatMap({ Self.records(in: $0.form) }) {
                #expect(names.contains(name), "\(record.name) names \(name)")
            }
        }
    }

    private static func records(in form: ValueForm) -> [String] {
        switch form {
        case .record(let name): [name]
        case .list(let inner, _), .pair(let inner), .table(let inner): records(in: inner)
        case .either(let forms): forms.flatMap { records(in: $0) }
        case .matcher(let kind): [kind.recordName]
        default: []
        }
    }

    @Test("No shape has a field that is the head of a shape before it, so that one head tells the shape")
    func heads() {
        for record in Grammar.records {
            for (index, variant) in record.variants.enumerated() {
                let earlier = Set(record.variants[..<index].map(\.head.name))
                let own = ([variant.head] + variant.fields + record.fields).map(\.name)
                #expect(earlier.isDisjoint(with: own), "\(record.name): \(variant.head.name)")
                #expect(Set(own).count == own.count, "\(record.name): \(variant.head.name)")
            }
        }
    }

    @Test("Every example of the grammar has the form of its record")
    func examples() throws {
        for record in Grammar.records {
            for example in [record.example].compactMap({ $0 }) + record.variants.map(\.example) {
                let node = try SourceText(Array(example.utf8), path: "example").root()
                let faults = FormChecker.check(node, .record(record.name))
                #expect(faults.isEmpty, "\(record.name): \(example): \(faults.map(\.message))")
            }
        }
    }

    @Test("Everything can be explained, and what is misspelled is named")
    func explanations() {
        for name in Explanation.names { #expect(Explanation.text(for: name)?.isEmpty == false) }
        for name in ["LAB102", "send", "effect_once", "job.claimed", "apply_then", "random.int", "duration"] {
            #expect(Explanation.text(for: name) != nil, "\(name)")
        }
        #expect(Explanation.nearest(to: "efect_once") == "effect_once")
        #expect(Explanation.text(for: "nothing-of-this-name") == nil)
    }
}
