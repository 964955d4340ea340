import PureJSON
import Testing

@testable import ScenarioDSL

@Suite("Every field of the language")
struct FieldEffectTests {
    private static let file = "Tests/ScenarioDSLTests/complete.yml"

    private static func complete() throws -> SourceNode {
        try SourceText(try ScenarioSources.bytes(file), path: "complete.yml").root()
    }

    @Test("A file with all fields is valid")
    func valid() throws {
        let file = ScenarioParser.parse(try ScenarioSources.bytes(Self.file), path: "complete.yml")
        #expect(!file.isInvalid, "\(DiagnosticText(usesColor: false).report(file))")
        #expect(file.scenarios.map(\.cell.id) == ["n=one,m=a", "n=two,m=b"])
    }

    @Test("The scenarios and the file with all fields use each field of the grammar")
    func coverage() throws {
        var seen: Set<String> = []
        Self.collect(try Self.complete(), .record(Grammar.root), into: &seen)
        for name in try ScenarioSources.names(in: "Scenarios", ending: ".yml") {
            let node = try SourceText(try ScenarioSources.bytes("Scenarios/" + name), path: name).root()
            Self.collect(node, .record(Grammar.root), into: &seen)
        }
        let all = Grammar.records.filter { !$0.name.hasPrefix("match_") && $0.name != "check" }.flatMap { record in
            (record.fields + record.variants.flatMap { [$0.head] + $0.fields }).map { "\(record.name).\($0.name)" }
        }
        // Checks are the same in all records that have them, and runners of a fleet are runners.
        let own: Set = ["eventual.within", "lasting.while", "lasting.during", "fleet.count"]
        let missing = Set(all).subtracting(seen).filter { name in
            own.contains(name) || !["eventual.", "lasting.", "fleet."].contains { name.hasPrefix($0) }
        }
        #expect(missing.isEmpty, "\(missing.sorted())")
    }

    @Test("Without any one of its members the file says something else")
    func effect() throws {
        let original = ScenarioParser.parse(try ScenarioSources.bytes(Self.file), path: "complete.yml")
        let root = try Self.complete().json
        let paths = Self.members(of: root)
        #expect(paths.count > 300)
        for path in paths {
            let text = Self.removing(path[...], from: root).serialized()
            let changed = ScenarioParser.parse(Array(text.utf8), path: "complete.yml")
            let isSame = changed.scenarios.map(Self.withoutText) == original.scenarios.map(Self.withoutText)
            #expect(!isSame, "\(path.map(\.description).joined(separator: ".")) has no effect")
        }
    }

    /// The resolved text of a scenario changes with every member; its values must as well.
    private static func withoutText(_ scenario: Scenario) -> Scenario {
        var scenario = scenario
        scenario.resolved = nil
        return scenario
    }

    // MARK: - Walking

    private enum Step: Hashable, CustomStringConvertible {
        case name(String)
        case index(Int)

        var description: String {
            switch self {
            case .name(let name): name
            case .index(let index): "\(index)"
            }
        }
    }

    private static func members(of value: JSONValue) -> [[Step]] {
        switch value {
        case .object(let object):
            object.flatMap { member in
                [[Step.name(member.key)]] + members(of: member.value).map { [.name(member.key)] + $0 }
            }
        case .array(let elements):
            elements.enumerated().flatMap { index, element in members(of: element).map { [.index(index)] + $0 } }
        default: []
        }
    }

    private static func removing(_ path: ArraySlice<Step>, from value: JSONValue) -> JSONValue {
        guard let first = path.first else { return value }
        switch (first, value) {
        case (.name(let name), .object(var object)):
            object[name] = path.count == 1 ? nil : object[name].map { removing(path.dropFirst(), from: $0) }
            return .object(object)
        case (.index(let index), .array(var elements)):
            elements[index] = removing(path.dropFirst(), from: elements[index])
            return .array(elements)
        default: return value
        }
    }

    private static func collect(_ node: SourceNode, _ form: ValueForm, into seen: inout Set<String>) {
        switch form {
        case .list(let inner, _), .pair(let inner):
            for element in node.elements ?? [] { collect(element, inner, into: &seen) }
        case .table(let inner): for member in node.members ?? [] { collect(member.value, inner, into: &seen) }
        case .either(let forms):
            if let fitting = forms.first(where: { $0.accepts(node) }) { collect(node, fitting, into: &seen) }
        case .record(let name):
            let record = Grammar.record(name)
            let names = Set((node.members ?? []).map(\.name))
            let variant = record.variants.first { names.contains($0.head.name) }
            for field in record.allFields(of: variant) {
                guard let value = node[field.name] else { continue }
                seen.insert("\(name).\(field.name)")
                collect(value, field.form, into: &seen)
            }
        default: break
        }
    }
}
