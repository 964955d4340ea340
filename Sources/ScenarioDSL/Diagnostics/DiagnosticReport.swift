package import PureJSON

/// Diagnostics for programs.
package enum DiagnosticReport {
    /// `{"files": [{"path", "valid", "diagnostics": […], "scenarios": […]}], "errors", "warnings"}`.
    ///
    /// Each diagnostic has code, severity, line, column, length, message and, where
    /// values of the matrix bring it about, the cell; each scenario its cell and the file as it
    /// is in this cell, which is a scenario file of its own.
    package static func json(_ files: [ScenarioFile]) -> JSONValue {
        let all = files.flatMap(\.diagnostics)
        let errors = all.count { $0.severity == .error }
        return [
            "files": .array(files.map(json)), "errors": .integer(Int64(errors)),
            "warnings": .integer(Int64(all.count - errors)),
        ]
    }

    private static func json(_ file: ScenarioFile) -> JSONValue {
        let scenarios = file.scenarios.map { scenario -> JSONValue in
            ["cell": .string(scenario.cell.id), "scenario": scenario.resolved]
        }
        return [
            "path": .string(file.text.path), "valid": .bool(!file.isInvalid),
            "diagnostics": .array(file.diagnostics.map(json)), "scenarios": .array(scenarios),
        ]
    }

    private static func json(_ diagnostic: Diagnostic) -> JSONValue {
        [
            "code": .string(diagnostic.code.rawValue), "severity": .string(diagnostic.severity.rawValue),
            "line": .integer(Int64(diagnostic.place.line)), "column": .integer(Int64(diagnostic.place.column)),
            "length": .integer(Int64(diagnostic.place.length)), "message": .string(diagnostic.message),
            "cell": diagnostic.cell.map { .string($0) } ?? .null,
        ]
    }

    /// Annotations of GitHub's workflow log, one line each.
    ///
    /// Source: GitHub Actions, workflow commands, "Setting an error message".
    package static func github(_ files: [ScenarioFile]) -> String {
        files.flatMap { file in
            file.diagnostics.map { diagnostic in
                let place = diagnostic.place
                let properties =
                    "file=\(escapedProperty(file.text.path)),line=\(place.line),col=\(place.column),"
                    + "endColumn=\(place.column + place.length),title=\(diagnostic.code.rawValue)"
                return "::\(diagnostic.severity.rawValue) \(properties)::\(escaped(diagnostic.message))"
            }
        }.joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func escapedProperty(_ text: String) -> String {
        escaped(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }

    /// SARIF 2.1.0, as code hosts show it.
    ///
    /// Source: OASIS, Static Analysis Results Interchange Format version 2.1.0.
    package static func sarif(_ files: [ScenarioFile]) -> JSONValue {
        let used = Set(files.flatMap(\.diagnostics).map(\.code))
        let codes = DiagnosticCode.allCases.filter { used.contains($0) }
        let rules = codes.map { code -> JSONValue in
            [
                "id": .string(code.rawValue), "shortDescription": ["text": .string(code.title)],
                "fullDescription": ["text": .string(code.explanation)],
                "defaultConfiguration": ["level": .string(code.severity.rawValue)],
            ]
        }
        let results = files.flatMap { file in file.diagnostics.map { result($0, path: file.text.path) } }
        return [
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [
                [
                    "tool": ["driver": ["name": "lab", "rules": .array(rules)]],
                    "columnKind": "unicodeCodePoints", "results": .array(results),
                ]
            ],
        ]
    }

    private static func result(_ diagnostic: Diagnostic, path: String) -> JSONValue {
        let place = diagnostic.place
        let region: JSONValue = [
            "startLine": .integer(Int64(place.line)), "startColumn": .integer(Int64(place.column)),
            "endColumn": .integer(Int64(place.column + place.length)),
        ]
        return [
            "ruleId": .string(diagnostic.code.rawValue), "level": .string(diagnostic.severity.rawValue),
            "message": ["text": .string(diagnostic.message)],
            "locations": [
                ["physicalLocation": ["artifactLocation": ["uri": .string(path)], "region": region]]
            ],
        ]
    }
}
