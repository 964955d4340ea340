/// Diagnostics for people: the place, the line, and a caret below what is meant.
package struct DiagnosticText: Sendable {
    /// Whether severity and carets are in colour.
    package var usesColor: Bool

    /// Makes a writer.
    package init(usesColor: Bool) { self.usesColor = usesColor }

    /// All diagnostics of a file, one after the other; empty when there are none.
    package func report(_ file: ScenarioFile) -> String {
        file.diagnostics.map { text($0, in: file.text) }.joined(separator: "\n")
    }

    /// One diagnostic, without a line end.
    package func text(_ diagnostic: Diagnostic, in source: SourceText) -> String {
        let place = diagnostic.place
        let head =
            bold("\(source.path):\(place.line):\(place.column):") + " "
            + colored("\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]", diagnostic.severity)
            + " \(diagnostic.message)"
        var lines = [head]
        let line = source.line(place.line)
        if !line.isEmpty {
            let number = String(place.line)
            let margin = String(repeating: " ", count: max(5 - number.count, 1))
            let shown = shortened(line, around: place)
            lines.append("\(margin)\(number) | \(shown.text)")
            lines.append(
                "\(margin)\(String(repeating: " ", count: number.count)) | \(caret(shown, place, diagnostic.severity))")
        }
        if let cell = diagnostic.cell, !cell.isEmpty { lines.append("      = in the cell \(cell)") }
        return lines.joined(separator: "\n")
    }

    /// How many errors and warnings there are.
    package static func summary(_ files: [ScenarioFile]) -> String {
        let all = files.flatMap(\.diagnostics)
        let errors = all.count { $0.severity == .error }
        let warnings = all.count - errors
        func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
        let found = [(errors, "error"), (warnings, "warning")].filter { $0.0 > 0 }.map { counted($0.0, $0.1) }
        let result = found.isEmpty ? "valid" : found.joined(separator: ", ")
        return "\(counted(files.count, "scenario")): \(result)"
    }

    // MARK: - Lines

    private static let widthLimit = 160

    /// A line that is not too long, control characters made visible as blanks, and where it starts.
    private func shortened(_ line: String, around place: SourcePlace) -> (text: String, start: Int) {
        let scalars = line.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }
        guard scalars.count > Self.widthLimit else { return (String(String.UnicodeScalarView(scalars)), 1) }
        let start = max(0, min(place.column - 1 - Self.widthLimit / 3, scalars.count - Self.widthLimit))
        let part = scalars[start..<min(start + Self.widthLimit, scalars.count)]
        return (String(String.UnicodeScalarView(part)), start + 1)
    }

    private func caret(_ shown: (text: String, start: Int), _ place: SourcePlace, _ severity: Diagnostic.Severity)
        -> String
    {
        let offset = max(place.column - shown.start, 0)
        let room = max(shown.text.unicodeScalars.count - offset, 1)
        let marks = String(repeating: "^", count: min(place.length, room))
        return String(repeating: " ", count: offset) + colored(marks, severity)
    }

    private func bold(_ text: String) -> String { usesColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    private func colored(_ text: String, _ severity: Diagnostic.Severity) -> String {
        guard usesColor else { return text }
        return "\u{1B}[1;\(severity == .error ? 31 : 33)m\(text)\u{1B}[0m"
    }
}
