/// Something that is wrong, or looks wrong, with a scenario file.
package struct Diagnostic: Sendable, Hashable {
    /// How bad it is.
    package enum Severity: String, Sendable, Hashable {
        /// The scenario cannot run.
        case error
        /// The scenario can run, and hardly does what its author wants.
        case warning
    }

    /// The kind of mistake.
    package var code: DiagnosticCode
    /// Where it stands.
    package var place: SourcePlace
    /// What was expected and what was found, in one sentence without a full stop.
    package var message: String

    /// The name of the cell of the matrix whose values bring it about; `nil` when they have no part in it.
    package var cell: String?

    /// Makes a diagnostic.
    package init(_ code: DiagnosticCode, at place: SourcePlace, _ message: String) {
        self.code = code
        self.place = place
        self.message = message
    }

    /// How bad it is.
    package var severity: Severity { code.severity }

    /// Whether two diagnostics say the same about the same place.
    private var identity: String { "\(place.line):\(place.column):\(code.rawValue):\(message)" }

    /// Diagnostics in the order of the file, each once.
    package static func sorted(_ list: [Diagnostic]) -> [Diagnostic] {
        var seen: Set<String> = []
        return list.filter { seen.insert($0.identity).inserted }.sorted { left, right in
            (left.place.line, left.place.column, left.code.rawValue, left.message)
                < (right.place.line, right.place.column, right.code.rawValue, right.message)
        }
    }
}
