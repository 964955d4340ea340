import JobCore
import PureJSON

/// Everything that the demo shows at its end.
struct DemoReport {
    /// The jobs in order.
    let stages: [DemoStageResult]
    /// The validation's `report.json`; `nil` when the handler did not write one.
    let validation: JSONValue?
    /// The mapping's `mapping.json`.
    let mapping: JSONValue?
    /// The prediction's `summary.json`.
    let summary: JSONValue?
    /// What `scores.csv` says.
    let scores: ScoresFile
    /// Where `scores.csv` is on this machine.
    let scoresPath: String
    /// Rows in the file that was uploaded.
    let uploadedRows: Int
    /// The uploaded file.
    let uploaded: ObjectLocation
    /// Phases and how long they took, in order.
    let timings: [(name: String, time: Duration)]

    /// Writes the report.
    func show(on console: Console) {
        if console.writesJSON { return console.json(json) }
        showValidation(console)
        showMapping(console)
        showCustomers(console)
        showTiers(console)
        showHistories(console)
        showTimings(console)
        console.out.line()
        console.out.line(
            console.out.styled("Results  ", .bold) + scoresPath
                + "  (\(HumanFormat.count(scores.rows)) customers, one a row)")
    }

    private func showValidation(_ console: Console) {
        guard let result = stages.first?.record.result else { return }
        let verdict = result["verdict"]?.stringValue ?? "?"
        let style: TextStyle = verdict == "valid" ? .green : verdict == "invalid" ? .red : .yellow
        let errors = result["errors"]?.integerValue ?? 0
        let warnings = result["warnings"]?.integerValue ?? 0
        console.heading("Validation")
        console.out.line(
            "  verdict \(console.out.styled(verdict, style)): \(HumanFormat.count(result["rows"]?.integerValue ?? 0)) "
                + "rows, \(HumanFormat.count(errors)) errors, \(HumanFormat.count(warnings)) warnings")
        guard let counts = validation?["counts"]?.objectValue, !counts.isEmpty else { return }
        var table = TextTable([
            .init(title: "CODE"), .init(title: "SEVERITY"), .init(title: "COUNT", alignment: .right),
            .init(title: "FIRST LINE", alignment: .right),
        ])
        for (code, entry) in counts {
            table.add([
                .init(code), .init(entry["severity"]?.stringValue ?? ""),
                .init(HumanFormat.count(entry["count"]?.integerValue ?? 0)),
                .init(entry["firstLine"]?.integerValue.map { HumanFormat.count($0) } ?? ""),
            ])
        }
        console.table(table, indent: 2)
    }

    private func showMapping(_ console: Console) {
        guard let columns = mapping?["columns"]?.arrayValue else { return }
        console.heading("Columns")
        var table = TextTable([
            .init(title: "COLUMN", overflow: .truncate), .init(title: "TARGET"),
            .init(title: "CONFIDENCE", alignment: .right), .init(title: "BAND"),
        ])
        for column in columns {
            table.add([
                .init(column["source"]?.stringValue ?? ""), .init(column["target"]?.stringValue ?? "-"),
                .init(column["confidence"]?.doubleValue.map { HumanFormat.decimal($0, places: 3) } ?? ""),
                .init(column["band"]?.stringValue ?? ""),
            ])
        }
        console.table(table, indent: 2)
    }

    private func showCustomers(_ console: Console) {
        console.heading("Customers at the highest risk of leaving")
        var table = TextTable([
            .init(title: "CUSTOMER"), .init(title: "CHURN", alignment: .right), .init(title: "TIER"),
            .init(title: "AT RISK", alignment: .right),
            .init(title: "WHY, STRONGEST REASON FIRST", overflow: .wrap, minimumWidth: 24),
        ])
        for customer in scores.highest {
            table.add([
                .init(customer.id), .init(HumanFormat.percent(customer.probability)),
                .init(customer.tier, Self.style(ofTier: customer.tier)),
                .init(customer.revenueAtRisk.map { HumanFormat.money($0) } ?? "-"),
                .init(customer.reasons.joined(separator: "; ")),
            ])
        }
        console.table(table, indent: 2)
        let months = summary?["horizonMonths"]?.integerValue ?? 12
        console.out.line(
            console.out.styled("  At risk: probability x monthly charges x \(months) months.", .dim))
    }

    private func showTiers(_ console: Console) {
        guard let tiers = summary?["tiers"]?.arrayValue else { return }
        console.heading("Risk tiers")
        var table = TextTable([
            .init(title: "TIER"), .init(title: "FROM", alignment: .right),
            .init(title: "CUSTOMERS", alignment: .right), .init(title: "SHARE", alignment: .right),
            .init(title: "REVENUE AT RISK", alignment: .right),
        ])
        for tier in tiers {
            let name = tier["tier"]?.stringValue ?? ""
            table.add([
                .init(name, Self.style(ofTier: name)),
                .init(tier["from"]?.doubleValue.map { HumanFormat.percent($0, places: 0) } ?? ""),
                .init(HumanFormat.count(tier["customers"]?.integerValue ?? 0)),
                .init(tier["share"]?.doubleValue.map { HumanFormat.percent($0) } ?? ""),
                .init(tier["revenueAtRisk"]?.doubleValue.map { HumanFormat.money($0) } ?? ""),
            ])
        }
        table.add([
            "all", "", .init(HumanFormat.count(summary?["scored"]?.integerValue ?? 0)), "",
            .init(summary?["revenueAtRisk"]?.doubleValue.map { HumanFormat.money($0) } ?? ""),
        ])
        console.table(table, indent: 2)
    }

    private func showHistories(_ console: Console) {
        for stage in stages {
            console.heading("History of \(stage.record.id)")
            console.table(JobTables.history(stage.events), indent: 2)
        }
    }

    private func showTimings(_ console: Console) {
        console.heading("Timings")
        let widest = timings.reduce(0) { max($0, TextWidth.of($1.name)) }
        for (name, time) in timings {
            let padding = String(repeating: " ", count: widest - TextWidth.of(name))
            console.out.line("  \(name)\(padding)  \(HumanFormat.duration(time))")
        }
    }

    private static func style(ofTier tier: String) -> TextStyle {
        switch tier {
        case "critical": .red
        case "high": .yellow
        default: .plain
        }
    }
}
