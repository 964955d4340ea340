import HandlerCheck

/// The report of a check for people: one line for each phase, and all that is not well.
struct CheckListing {
    let report: CheckReport
    /// Whether cases that passed or were skipped have their lines too.
    let isVerbose: Bool

    func show(on console: Console) {
        if !report.name.isEmpty {
            console.out.line(console.out.styled("\(report.name) \(report.version)", .bold) + "  seed \(report.seed)")
            console.out.line()
        }
        let widest = CheckPhase.allCases.reduce(0) { max($0, TextWidth.of($1.title)) }
        for phase in CheckPhase.allCases {
            let results = report.results.filter { $0.phase == phase }
            guard !results.isEmpty else { continue }
            let title = phase.title + String(repeating: " ", count: widest - TextWidth.of(phase.title))
            console.out.line("\(title)  \(counts(results, console))")
            for result in results { show(result, on: console) }
        }
        console.out.line()
        console.out.line("\(counts(report.results, console)) in \(HumanFormat.duration(report.duration))")
    }

    private func counts(_ results: [CaseResult], _ console: Console) -> String {
        let words: [(name: String, word: String, style: TextStyle)] = [
            ("passed", "passed", .green), ("warned", "warned", .yellow), ("failed", "failed", .red),
            ("skipped", "skipped", .dim),
        ]
        return words.compactMap { name, word, style in
            let count = results.count { $0.verdict.name == name }
            return count == 0 ? nil : console.out.styled("\(count) \(word)", style)
        }.joined(separator: ", ")
    }

    private func show(_ result: CaseResult, on console: Console) {
        let (word, style): (String, TextStyle) =
            switch result.verdict {
            case .passed: ("ok     ", .green)
            case .warned: ("warning", .yellow)
            case .failed: ("failed ", .red)
            case .skipped: ("skipped", .dim)
            }
        let isBad = result.verdict.isFailure || result.verdict.isWarning
        guard isBad || isVerbose else { return }
        let indent = String(repeating: " ", count: 11)
        let room = console.out.terminal.width.map { max($0 - indent.count, 24) } ?? .max
        console.out.line(
            "  \(console.out.styled(word, style))  \(console.out.styled(result.id, .bold))  \(result.title)")
        for text in result.verdict.detail.split(separator: "\n") {
            for line in TextWidth.wrapped(TextWidth.sanitized(String(text)), to: room) {
                console.out.line(indent + line)
            }
        }
        if isBad { console.out.line(indent + console.out.styled(report.reproduction(of: result), .dim)) }
    }
}
