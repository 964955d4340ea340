import PureJSON

/// One thing that `headrace doctor` looked at.
struct Finding: Sendable, Hashable {
    /// How bad it is.
    enum Severity: String, Sendable, Hashable, CaseIterable {
        case ok
        case note
        case warning
        case error
    }

    /// How bad it is.
    var severity: Severity
    /// What was looked at, such as `queue`.
    var area: String
    /// What was found, in one sentence.
    var found: String
    /// The command or setting that mends it; `nil` when nothing has to be mended.
    var fix: String?
    /// The exit code that an error of this kind gives.
    var status: ExitStatus = .ok

    /// All is well.
    static func ok(_ area: String, _ found: String) -> Finding {
        Finding(severity: .ok, area: area, found: found, fix: nil)
    }

    /// Good to know.
    static func note(_ area: String, _ found: String, fix: String? = nil) -> Finding {
        Finding(severity: .note, area: area, found: found, fix: fix)
    }

    /// It works, but will bite.
    static func warning(_ area: String, _ found: String, fix: String) -> Finding {
        Finding(severity: .warning, area: area, found: found, fix: fix)
    }

    /// Jobs cannot run like this.
    static func error(_ area: String, _ failure: CommandFailure, fix: String? = nil) -> Finding {
        Finding(
            severity: .error, area: area, found: failure.message, fix: fix ?? failure.nextStep,
            status: failure.status)
    }

    /// The finding as `--json` shows it.
    var json: JSONValue {
        var object: JSONObject = [
            "severity": .string(severity.rawValue), "area": .string(area), "found": .string(found),
        ]
        object["fix"] = fix.map { .string($0) }
        return .object(object)
    }
}

extension [Finding] {
    /// The exit code of all findings: configuration before unreachable before ok.
    var status: ExitStatus {
        let statuses = filter { $0.severity == .error }.map(\.status)
        if statuses.contains(.configuration) { return .configuration }
        return statuses.isEmpty ? .ok : .unreachable
    }

    /// How many there are of a severity.
    func count(of severity: Finding.Severity) -> Int { filter { $0.severity == severity }.count }

    /// Writes the findings in the order of the checks, each fix below its finding.
    func show(on console: Console) {
        if console.writesJSON {
            return console.json([
                "findings": .array(map(\.json)), "errors": .integer(Int64(count(of: .error))),
                "warnings": .integer(Int64(count(of: .warning))),
            ])
        }
        let widest = reduce(0) { Swift.max($0, TextWidth.of($1.area)) }
        for finding in self {
            let (word, style): (String, TextStyle) =
                switch finding.severity {
                case .ok: ("ok     ", .green)
                case .note: ("note   ", .cyan)
                case .warning: ("warning", .yellow)
                case .error: ("error  ", .red)
                }
            let area = finding.area + String(repeating: " ", count: widest - TextWidth.of(finding.area))
            let indent = 7 + 2 + widest + 2
            let room = console.out.terminal.width.map { Swift.max($0 - indent, 24) } ?? .max
            for (place, line) in TextWidth.wrapped(TextWidth.sanitized(finding.found), to: room).enumerated() {
                let start =
                    place == 0
                    ? "\(console.out.styled(word, style))  \(area)  " : String(repeating: " ", count: indent)
                console.out.line(start + line)
            }
            guard let fix = finding.fix else { continue }
            for (place, line) in TextWidth.wrapped(TextWidth.sanitized(fix), to: room - 5).enumerated() {
                let start = place == 0 ? console.out.styled("fix: ", .bold) : "     "
                console.out.line(String(repeating: " ", count: indent) + start + line)
            }
        }
        let errors = count(of: .error)
        let warnings = count(of: .warning)
        console.out.line()
        guard errors + warnings > 0 else { return console.out.line("No problems found.") }
        console.out.line(
            "\(errors) \(errors == 1 ? "error" : "errors"), \(warnings) \(warnings == 1 ? "warning" : "warnings")")
    }
}
