internal import PureJSON
internal import YAMLDocument

/// A scenario file that has been read: its scenarios, and what is wrong with it.
package struct ScenarioFile: Sendable {
    /// The text, for reports.
    package let text: SourceText
    /// One scenario for each cell of the matrix; empty when anything is wrong.
    package let scenarios: [Scenario]
    /// What is wrong or looks wrong, in the order of the file.
    package let diagnostics: [Diagnostic]

    /// Whether the file cannot be used.
    package var isInvalid: Bool { diagnostics.contains { $0.severity == .error } }
}

/// Reads scenario files.
package enum ScenarioParser {
    /// The sections without which names cannot be looked up.
    private static let declaring: Set<String> = ["setup", "faults", "matrix", "vars"]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: its content.
    ///   - path: its path, for messages.
    /// - Returns: the scenarios, or all that is wrong.
    package static func parse(_ bytes: [UInt8], path: String) -> ScenarioFile {
        let text = SourceText(bytes, path: path)
        let root: SourceNode
        do throws(YAMLFault) {
            root = try text.root()
        } catch {
            let place = SourcePlace(line: max(error.line, 1), column: max(error.column, 1))
            return ScenarioFile(
                text: text, scenarios: [], diagnostics: [Diagnostic(code(of: error), at: place, error.message)])
        }
        let form = FormChecker.check(root)
        let expansion = MatrixExpansion.cells(matrix: root["matrix"], exclude: root["exclude"])
        var diagnostics = form + expansion.diagnostics
        var scenarios: [Scenario] = []
        if root.members != nil {
            var reading = CellReading(root: root, looksUpNames: !touchesDeclarations(form, root))
            scenarios = expansion.cells.map { reading.scenario(for: $0) }
            // What lacks its form has no meaning to complain about.
            diagnostics += reading.diagnostics.filter { form.isEmpty || $0.code != .unsuitable }
            if !diagnostics.contains(where: { $0.severity == .error }) {
                diagnostics += ScenarioLint.findings(in: root, scenarios: scenarios, reading: reading)
            }
        }
        let isInvalid = diagnostics.contains { $0.severity == .error }
        return ScenarioFile(
            text: text, scenarios: isInvalid ? [] : scenarios,
            diagnostics: Diagnostic.sorted(withoutEchoes(diagnostics)))
    }

    /// Of several faults of one name the one that says most: unknown, then too late, then too early.
    private static func withoutEchoes(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        let order: [DiagnosticCode] = [.unknownName, .unknownData, .knownTooLate, .usedTooEarly]
        var best: [String: Int] = [:]
        for diagnostic in diagnostics {
            guard let rank = order.firstIndex(of: diagnostic.code) else { continue }
            best[diagnostic.place.description] = min(best[diagnostic.place.description] ?? rank, rank)
        }
        return diagnostics.filter { diagnostic in
            guard let rank = order.firstIndex(of: diagnostic.code) else { return true }
            return best[diagnostic.place.description] == rank
        }
    }

    private static func code(of fault: YAMLFault) -> DiagnosticCode {
        switch fault.kind {
        case .notText: .notText
        case .notYAML: .notYAML
        case .duplicateKey: .duplicateKey
        case .misleading: .misleadingYAML
        case .empty: .emptyFile
        }
    }

    /// Whether something is wrong in a section that declares names.
    private static func touchesDeclarations(_ faults: [Diagnostic], _ root: SourceNode) -> Bool {
        let members = (root.members ?? []).sorted { $0.place < $1.place }
        return faults.contains { fault in
            let section = members.last { !(fault.place < $0.place) }
            return section.map { declaring.contains($0.name) } ?? true
        }
    }
}

/// What reading all cells of one file brings to light.
struct CellReading {
    let root: SourceNode
    let looksUpNames: Bool
    private(set) var diagnostics: [Diagnostic] = []
    /// Names of the matrix and of variables that some cell uses, such as `matrix.point`.
    private(set) var used: Set<String> = []
    /// Steps and expectations that no cell keeps; `nil` before the first cell.
    private(set) var neverKept: [SourcePlace]?

    init(root: SourceNode, looksUpNames: Bool) {
        self.root = root
        self.looksUpNames = looksUpNames
    }

    mutating func scenario(for cell: MatrixCell) -> Scenario {
        var substitution = CellSubstitution(cell, file: root)
        let file = substitution.apply(to: root)
        diagnostics += substitution.diagnostics
        used.formUnion(substitution.used)
        let left = substitution.omitted
        neverKept =
            neverKept.map { places in
                places.filter { place in left.contains { $0.description == place.description } }
            } ?? left
        if substitution.diagnostics.isEmpty {
            diagnostics += FormChecker.check(file).map { fault in
                var fault = fault
                fault.cell = cell.id
                return fault
            }
        }
        var decoder = ScenarioDecoder()
        let scenario = decoder.scenario(file, cell: cell)
        diagnostics += decoder.diagnostics
        if looksUpNames { diagnostics += NameChecker.faults(in: file) }
        return scenario
    }
}
