import PureJSON
import Testing

@testable import ScenarioDSL

@Suite("The matrix")
struct MatrixTests {
    private func cells(_ yaml: String) throws -> (cells: [String], codes: [DiagnosticCode]) {
        let root = try SourceText(Array(yaml.utf8), path: "m").root()
        let expansion = MatrixExpansion.cells(matrix: root["matrix"], exclude: root["exclude"])
        return (expansion.cells.map(\.id), expansion.diagnostics.map(\.code))
    }

    @Test("Cells come in the order of the file, the last dimension fastest")
    func order() throws {
        let found = try cells("matrix: {signal: [TERM, KILL], n: [1, 2]}")
        #expect(found.cells == ["signal=TERM,n=1", "signal=TERM,n=2", "signal=KILL,n=1", "signal=KILL,n=2"])
    }

    @Test("Values are called by themselves, by their id, or by their number")
    func labels() throws {
        let found = try cells("matrix: {a: ['x y', {id: named, v: 1}, {v: 2}, [1], null, true, '', 'p=q,r']}")
        #expect(found.cells == ["a=x_y", "a=named", "a=3", "a=4", "a=null", "a=true", "a=empty", "a=p_q_r"])
    }

    @Test("Without a matrix there is one cell without a name")
    func none() throws {
        #expect(try cells("other: 1").cells == [""])
    }

    @Test("What fits an exclude is left out, by value or by label")
    func exclude() throws {
        let found = try cells("matrix: {s: [A, B], p: [{id: x}, {id: y}]}\nexclude: [{s: A, p: x}, {s: B, p: y}]")
        #expect(found.cells == ["s=A,p=y", "s=B,p=x"])
        #expect(found.codes.isEmpty)
    }

    @Test("Too many cells are refused before they are made")
    func limit() throws {
        let wide = (0..<40).map { "d\($0): [1, 2, 3, 4, 5, 6, 7, 8]" }.joined(separator: ", ")
        let found = try cells("matrix: {\(wide)}")
        #expect(found.cells.isEmpty)
        #expect(found.codes == [.tooManyCells])
    }

    @Test("A field that only some values have is null in the others, and leaves optional keys out")
    func unionOfFields() throws {
        let text = ScenarioSources.scenario(
            """
            matrix: {p: [{id: a, where: {percent: 50}}, {id: b}]}
            steps:
              - send: {job: j, handler: h}
              - wait: {event: job.claimed, where: "${matrix.p.where}"}
            """, setup: "{runners: {handlers: [h]}}")
        let file = ScenarioParser.parse(Array(text.utf8), path: "s.yml")
        #expect(file.diagnostics.isEmpty, "\(DiagnosticText(usesColor: false).report(file))")
        let conditions = file.scenarios.map { scenario -> Bool in
            guard case .wait(let pattern, _, _) = scenario.steps[1].action else { return false }
            return pattern.condition != nil
        }
        #expect(conditions == [true, false])
    }

    @Test("What is wrong with a value of the matrix is told where the value stands, once")
    func places() {
        let text = ScenarioSources.scenario(
            """
            matrix: {n: [1, 2], v: [10s, soon]}
            steps:
              - note: "n ${matrix.n}"
              - advance: "${matrix.v}"
            """)
        let found = ScenarioSources.diagnostics(text).filter { $0.severity == .error }
        #expect(found.map(\.code) == [.wrongSpelling])
        #expect(found.first?.place.description == "6:30")
    }

    @Test("Parts of expressions that only the run knows stay, with the known parts put in")
    func partly() throws {
        let text = ScenarioSources.scenario(
            """
            matrix: {n: [4]}
            vars: {prefix: load}
            steps:
              - repeat: {times: 2, as: i}
                do:
                  - note: "${vars.prefix}-${i + matrix.n}"
            """)
        let file = ScenarioParser.parse(Array(text.utf8), path: "s.yml")
        #expect(file.scenarios.first?.resolved["steps"]?[0]?["do"]?[0]?["note"]?.stringValue == "load-${(i + 4)}")
    }
}
