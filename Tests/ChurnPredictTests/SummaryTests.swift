import HandlerSDK
import PureJSON
import SampleData
import Testing

@testable import ChurnPredict

@Suite("Tiers, reasons and the summary")
struct SummaryTests {
    private func run(_ rows: Int, _ payload: JSONValue = [:]) async throws -> (ParsedTable, JSONValue) {
        let report = try await TestModels.run(TestModels.sample(rows), payload)
        let summary = try JSONValue(parsing: try #require(report.outputs["summary.json"]))
        return (try ParsedTable(report.text("scores.csv")), summary)
    }

    @Test("Reasons name a column, its value, the direction and the points")
    func reasons() async throws {
        let (scores, _) = try await run(300, ["reasons": 5])
        let pattern = /^[A-Z][A-Za-z ]+: .+ (raises|lowers) the risk by \d+\.\d points$/
        for number in 1...5 {
            for reason in scores.column("reason_\(number)") where !reason.isEmpty {
                #expect(reason.wholeMatch(of: pattern) != nil, "\(reason)")
            }
        }
        #expect(Set(scores.column("reason_1")).count > 20)
    }

    @Test("A reason's direction is the sign of its contribution")
    func direction() async throws {
        let (scores, _) = try await run(200, ["precision": "full", "reasons": 1])
        let contracts = scores.column("contribution.Contract").compactMap(Double.init)
        for (reason, contribution) in zip(scores.column("reason_1"), contracts) where reason.hasPrefix("Contract") {
            #expect(reason.contains(contribution > 0 ? "raises" : "lowers"))
        }
        #expect(scores.column("protective_reason").allSatisfy { !$0.contains("raises") })
    }

    @Test("Without reasons their columns are left out and the scores stay the same")
    func noReasons() async throws {
        let (with, _) = try await run(200)
        let (without, summary) = try await run(200, ["reasons": 0])
        #expect(!without.header.contains { $0.contains("reason") })
        #expect(without.column("churn_probability") == with.column("churn_probability"))
        #expect(summary["topDrivers"] == nil)
    }

    @Test("Tiers follow the thresholds and hold every customer once")
    func tiers() async throws {
        let (scores, summary) = try await run(1_000, ["tiers": ["medium": 0.2, "high": 0.4, "critical": 0.6]])
        let probabilities = scores.column("churn_probability").compactMap(Double.init)
        for (probability, tier) in zip(probabilities, scores.column("risk_tier")) {
            let expected =
                probability >= 0.6 ? "critical" : probability >= 0.4 ? "high" : probability >= 0.2 ? "medium" : "low"
            #expect(tier == expected)
        }
        let customers = try #require(summary["tiers"]?.arrayValue).compactMap { $0["customers"]?.integerValue }
        #expect(customers.reduce(0, +) == 1_000)
    }

    @Test("A capacity puts at most that many customers into the two highest tiers", arguments: [0, 1, 50, 999, 5_000])
    func capacity(limit: Int) async throws {
        let (scores, _) = try await run(1_000, ["tiers": ["capacity": .integer(Int64(limit))]])
        let chosen = scores.column("risk_tier").filter { $0 == "high" || $0 == "critical" }.count
        #expect(chosen <= limit)
        #expect(chosen >= min(limit, 1_000) - 3)
    }

    @Test("Money columns are probability, charges, horizon, save rate and cost put together")
    func money() async throws {
        let (scores, summary) = try await run(
            400, ["horizonMonths": 6, "saveRate": 0.5, "offerCost": 10, "precision": "full"])
        let probability = scores.column("churn_probability").compactMap(Double.init)
        let charges = scores.column("monthly_charges").compactMap(Double.init)
        let atRisk = scores.column("expected_revenue_at_risk").compactMap(Double.init)
        let benefit = scores.column("expected_benefit").compactMap(Double.init)
        try #require(probability.count == 400 && charges.count == 400 && atRisk.count == 400 && benefit.count == 400)
        for row in 0..<400 {
            #expect(abs(atRisk[row] - probability[row] * charges[row] * 6) < 0.0051)
            #expect(abs(benefit[row] - (atRisk[row] * 0.5 - 10)) < 0.011)
        }
        let total = try #require(summary["revenueAtRisk"]?.doubleValue)
        #expect(abs(total - atRisk.reduce(0, +)) < 3)
    }

    @Test("An offer that costs more than it saves is not recommended")
    func offers() async throws {
        let (scores, _) = try await run(300, ["offerCost": 100_000])
        let actions = zip(scores.column("risk_tier"), scores.column("recommended_action")).filter { $0.0 == "critical" }
        #expect(!actions.isEmpty && actions.allSatisfy { $0.1 == ActionRules.notWorthIt })
    }

    @Test("Percentiles rank the customers of the file")
    func percentiles() async throws {
        let (scores, _) = try await run(500)
        let pairs = zip(
            scores.column("churn_probability").compactMap(Double.init),
            scores.column("risk_percentile").compactMap(Double.init))
        let sorted = pairs.sorted { $0.0 < $1.0 }
        #expect(sorted.map(\.1) == sorted.map(\.1).sorted())
        #expect(Set(scores.column("risk_decile")) == Set((1...10).map(String.init)))
    }

    @Test("The summary of the same file is the same text, with no clock in it")
    func repeatable() async throws {
        let first = try await TestModels.run(TestModels.sample(300))
        var later = JobTestConditions.later
        later.seed = 77
        let second = try await TestModels.run(TestModels.sample(300), conditions: later)
        #expect(first.outputs == second.outputs)
    }

    @Test("Drift is quiet on random parts of the training distribution and loud on a shifted file")
    func drift() throws {
        let bundle = try TestModels.telco()
        var generator = SplitMix(state: 3)
        var alarms = 0
        for _ in 0..<100 {
            var table = DriftTable(bundle.document.columns)
            Self.fill(&table, bundle, rows: 700, shift: 0, &generator)
            alarms += table.alerts.count
        }
        #expect(alarms == 0)
        var shifted = DriftTable(bundle.document.columns)
        Self.fill(&shifted, bundle, rows: 700, shift: 3, &generator)
        #expect(shifted.alerts.contains("tenure"))
    }

    /// Draws rows from the training histograms; number columns are moved up by `shift` bins.
    private static func fill(
        _ table: inout DriftTable, _ bundle: ModelBundle, rows: Int, shift: Int, _ generator: inout SplitMix
    ) {
        var cells = CellTable(columns: bundle.document.columns.count)
        for _ in 0..<rows {
            for (index, column) in bundle.document.columns.enumerated() {
                var place = generator.below(column.histogram.reduce(0, +))
                var bin = 0
                while place >= column.histogram[bin] {
                    place -= column.histogram[bin]
                    bin += 1
                }
                if column.kind == .number { bin = min(column.histogram.count - 1, bin + shift) }
                cells.set(0, index, state: .known, bin: bin)
            }
            table.add(cells, row: 0) { _ in "" }
        }
    }

    @Test("The evaluation of a histogram is that of the customers in it")
    func evaluation() throws {
        var generator = SplitMix(state: 21)
        var histogram = ProbabilityHistogram()
        var customers: [(probability: Double, left: Bool)] = []
        for _ in 0..<400 {
            let millionths = generator.below(50) * 20_000
            let left = generator.below(1_000_000) < millionths
            customers.append((Double(millionths) / 1e6, left))
            histogram.add(millionths, left: left)
        }
        let found = try #require(Evaluation(histogram))
        let leaving = customers.filter(\.left)
        let staying = customers.filter { !$0.left }
        var wins = 0.0
        for a in leaving {
            for b in staying { wins += a.probability > b.probability ? 1 : a.probability == b.probability ? 0.5 : 0 }
        }
        #expect(abs((found.auc ?? 0) - wins / Double(leaving.count * staying.count)) < 1e-12)
        let brier = customers.reduce(0) {
            $0 + ($1.probability - ($1.left ? 1 : 0)) * ($1.probability - ($1.left ? 1 : 0))
        }
        #expect(abs(found.brier - brier / 400) < 1e-12)
        let right = customers.filter { ($0.probability >= 0.5) == $0.left }.count
        #expect(abs(found.accuracy - Double(right) / 400) < 1e-12)
        let confusion = found.confusion
        #expect(confusion.hits + confusion.misses + confusion.falseAlarms + confusion.correctRejections == 400)
    }

    @Test("Identifiers are recognised beyond the first table size")
    func identifiers() {
        var identifiers = IdentifierSet()
        let fresh = (0..<5_000).map { identifiers.insert("C-\($0)") }
        let known = ["C-0", "C-4999"].map { identifiers.insert($0) }
        #expect(!fresh.contains(true))
        #expect(known == [true, true])
        #expect(identifiers.count == 5_000 && identifiers.isComplete)
    }
}
