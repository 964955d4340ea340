/// Counts every issue and keeps the first ones of each code.
struct IssueLog {
    /// What is known about one code.
    struct Count {
        var severity: Severity
        var count = 0
        var firstLine: Int?
        /// The first lines, at most 20.
        var lines: [Int] = []
    }

    /// How many issues of one code are listed.
    let listLimit: Int
    private(set) var counts: [IssueCode: Count] = [:]
    private(set) var listed: [Issue] = []
    private(set) var worst: Severity?
    /// The first issue of the worst severity.
    private(set) var first: Issue?

    init(listLimit: Int) { self.listLimit = listLimit }

    /// Counts an issue.
    ///
    /// - Parameters:
    ///   - code: What is wrong.
    ///   - severity: How much it weighs.
    ///   - line: The physical line, if one is meant.
    ///   - make: Describes the issue; called only while the list of its code has room.
    /// - Returns: The issue when it was listed.
    mutating func add(
        _ code: IssueCode, _ severity: Severity, line: Int?, _ make: () -> Issue
    ) -> Issue? {
        var entry = counts[code] ?? Count(severity: severity)
        entry.count += 1
        entry.severity = max(entry.severity, severity)
        if let line {
            if entry.firstLine == nil { entry.firstLine = line }
            if entry.lines.count < 20, entry.lines.last != line { entry.lines.append(line) }
        }
        counts[code] = entry
        let isWorse = worst.map { severity > $0 } ?? true
        guard entry.count <= listLimit || isWorse else { return nil }
        var issue = make()
        issue.severity = severity
        if isWorse {
            worst = severity
            first = issue
        }
        guard entry.count <= listLimit else { return nil }
        listed.append(issue)
        return issue
    }

    /// How many issues of each code were counted but not listed.
    var truncated: [(code: IssueCode, count: Int)] {
        IssueCode.allCases.compactMap { code in
            guard let count = counts[code]?.count, count > listLimit else { return nil }
            return (code, count - listLimit)
        }
    }
}
