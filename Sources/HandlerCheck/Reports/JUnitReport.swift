extension CheckReport {
    /// The report as continuous integration reads it: one suite for each phase.
    ///
    /// Source: the JUnit XML format as Jenkins and GitLab read it; warnings become text in `system-out`.
    package var junit: String {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append(
            "<testsuites name=\"\(Self.escaped("headrace handler check \(name)"))\" \(counts(results))>")
        for phase in CheckPhase.allCases {
            let own = results.filter { $0.phase == phase }
            guard !own.isEmpty else { continue }
            lines.append("  <testsuite name=\"\(Self.escaped(phase.title))\" \(counts(own))>")
            lines += own.flatMap { testCase($0) }
            lines.append("  </testsuite>")
        }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    private func counts(_ results: [CaseResult]) -> String {
        let failures = results.count { $0.verdict.isFailure }
        let skipped = results.count { $0.verdict.name == "skipped" }
        let time = results.reduce(Duration.zero) { $0 + $1.duration }
        return
            "tests=\"\(results.count)\" failures=\"\(failures)\" skipped=\"\(skipped)\" time=\"\(Self.seconds(time))\""
    }

    private func testCase(_ result: CaseResult) -> [String] {
        let head =
            "    <testcase classname=\"\(Self.escaped("\(name).\(result.phase.rawValue)"))\" "
            + "name=\"\(Self.escaped("\(result.id): \(result.title)"))\" time=\"\(Self.seconds(result.duration))\""
        let detail = Self.escaped(result.verdict.detail)
        let command = Self.escaped(reproduction(of: result))
        let body: String
        switch result.verdict {
        case .passed: return [head + "/>"]
        case .failed: body = "<failure message=\"\(detail)\">\(command)</failure>"
        case .skipped: body = "<skipped message=\"\(detail)\"/>"
        case .warned: body = "<system-out>warning: \(detail)\n\(command)</system-out>"
        }
        return [head + ">", "      " + body, "    </testcase>"]
    }

    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        let rest = String(milliseconds % 1_000)
        return "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    /// Text for XML: markup escaped, characters that XML 1.0 does not allow replaced.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n", "\t": result += "&#\(scalar.value);"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
