import HandlerSDK
import PureJSON
import SampleData
import Testing

@testable import ChurnPredict

@Suite("The handler churn-predict")
struct HandlerTests {
    private static let header = TelcoSample.columns.joined(separator: ",")
    private static let customer =
        "7590-VHVEG,Female,0,Yes,No,1,No,No phone service,DSL,No,Yes,No,No,No,No,Month-to-month,Yes,"
        + "Electronic check,29.85,29.85,No"

    /// The customer with some cells changed.
    private static func customer(_ changes: [String: String]) -> String {
        var cells = customer.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for (name, value) in changes { cells[TelcoSample.columns.firstIndex(of: name) ?? 0] = value }
        return cells.joined(separator: ",")
    }

    private static func table(_ rows: String...) -> String { ([header] + rows).joined(separator: "\n") + "\n" }

    @Test("Every row is scored, in the order of the file")
    func order() async throws {
        let table = TestModels.sample(300)
        let report = try await TestModels.run(table)
        let scores = try ParsedTable(report.text("scores.csv"))
        #expect(report.result?["rows"]?.integerValue == 300)
        #expect(report.result?["model"]?.stringValue == "telco-v1@1.0.0")
        #expect(scores.column("customerID") == (try ParsedTable(table)).column("customerID"))
        #expect(scores.column("data_quality").filter { $0 != "ok" }.allSatisfy { $0 == "missing:TotalCharges" })
    }

    @Test("A customer scores the same alone, among others and in any block")
    func batchIndependence() async throws {
        let rows = TestModels.sample(200).split(separator: "\n").map(String.init)
        let whole = try ParsedTable(
            try await TestModels.run(rows.joined(separator: "\n"), ["precision": "full"]).text("scores.csv"))
        var expected: [String: [String]] = [:]
        let names = whole.header.filter {
            $0.hasPrefix("contribution.") || $0.hasPrefix("reason_") || $0 == "churn_margin"
                || $0 == "churn_probability"
        }
        for (row, id) in whole.column("customerID").enumerated() {
            expected[id] = names.map { whole.column($0)[row] }
        }
        var generator = SplitMix(state: 5)
        for size in [1, 2, 63, 64, 65, 130] {
            let picked = Array(rows.dropFirst().shuffled(using: &generator).prefix(size))
            let text = ([rows[0]] + picked).joined(separator: "\n")
            let part = try ParsedTable(try await TestModels.run(text, ["precision": "full"]).text("scores.csv"))
            #expect(part.rows.count == size)
            let columns = names.map { part.column($0) }
            for (row, id) in part.column("customerID").enumerated() {
                #expect(columns.map { $0[row] } == expected[id])
            }
        }
    }

    @Test("The outputs do not depend on how the input arrives", arguments: [1, 7, 4_096])
    func blockSizes(bytesPerRead: Int) async throws {
        let table = TestModels.sample(90)
        let whole = try await TestModels.run(table)
        var conditions = JobTest.Conditions()
        conditions.bytesPerRead = bytesPerRead
        let pieces = try await TestModels.run(table, conditions: conditions)
        #expect(pieces.outputs == whole.outputs)
    }

    @Test("Cells that cannot be used are flagged, never replaced by a known value", arguments: flagged)
    func flags(changes: [String: String], quality: String) async throws {
        let report = try await TestModels.run(Self.table(Self.customer(changes)))
        let scores = try ParsedTable(report.text("scores.csv"))
        #expect(scores.column("data_quality") == [quality])
        #expect(scores.column("churn_probability").allSatisfy { !$0.isEmpty })
    }

    private static let flagged: [(changes: [String: String], quality: String)] = [
        (["TotalCharges": " "], "missing:TotalCharges"),
        (["TotalCharges": "N/A"], "missing:TotalCharges"),
        (["Contract": "Three year"], "unseen-category:Contract"),
        (["SeniorCitizen": "2"], "unseen-category:SeniorCitizen"),
        (["MonthlyCharges": "29.85 EUR"], "not-a-number:MonthlyCharges"),
        (["MonthlyCharges": "1e999"], "not-a-number:MonthlyCharges"),
        (["tenure": "500"], "out-of-range:tenure"),
        (["gender": "", "PaymentMethod": "Voucher"], "missing:gender;unseen-category:PaymentMethod"),
        (["SeniorCitizen": "Yes", "Contract": "month-to-MONTH", "tenure": " 1 "], "ok"),
    ]

    @Test("An unknown category does not score like the riskiest one")
    func unseenIsNotRiskiest() async throws {
        let report = try await TestModels.run(
            Self.table(
                Self.customer(["customerID": "a"]), Self.customer(["customerID": "b", "Contract": "Three year"])))
        let scores = try ParsedTable(report.text("scores.csv")).column("churn_probability").compactMap(Double.init)
        #expect(scores[1] < scores[0])
    }

    @Test("A missing required column ends the job with all that are missing and the way out")
    func requiredColumns() async throws {
        let report = try await TestModels.run("customerID,gender,tenure\n1,Male,3\n")
        guard case .invalidInput(let code, let message, _, let column, let hint, _) = report.error else {
            Issue.record("unexpected outcome \(report.outcome)")
            return
        }
        #expect(code == "required-column-missing")
        #expect(message.contains("Contract") && message.contains("MonthlyCharges") && !message.contains("gender"))
        #expect(column == "SeniorCitizen")
        #expect(hint?.contains("column-map") == true)
    }

    @Test("A column that may be absent is flagged on every row")
    func absentColumn() async throws {
        let rows = TestModels.sample(5).split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).enumerated()
                .filter { $0.offset != 1 }.map(\.element).joined(separator: ",")
        }
        let report = try await TestModels.run(rows.joined(separator: "\n"))
        let quality = try ParsedTable(report.text("scores.csv")).column("data_quality")
        #expect(quality.count == 5 && quality.allSatisfy { $0.contains("absent:gender") })
        let summary = try JSONValue(parsing: try #require(report.outputs["summary.json"]))
        #expect(summary["drift"]?["gender"]?["status"]?.stringValue == "absent")
    }

    @Test("The label is never an input")
    func labelIsNoInput() async throws {
        let stays = try await TestModels.run(Self.table(Self.customer(["Churn": "No"])))
        let leaves = try await TestModels.run(Self.table(Self.customer(["Churn": "Yes"])))
        #expect(stays.outputs["scores.csv"] == leaves.outputs["scores.csv"])
    }

    @Test("Labels add an evaluation, and their absence leaves it out")
    func evaluation() async throws {
        let table = TestModels.sample(3_000)
        let labelled = try JSONValue(parsing: try #require(try await TestModels.run(table).outputs["summary.json"]))
        let auc = try #require(labelled["evaluation"]?["auc"]?.doubleValue)
        #expect((0.80...0.88).contains(auc))
        let bare = table.split(separator: "\n")
            .map { $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().joined(separator: ",") }
            .joined(separator: "\n")
        let plain = try JSONValue(parsing: try #require(try await TestModels.run(bare).outputs["summary.json"]))
        #expect(plain["evaluation"] == nil)
        #expect(plain["probability"] == labelled["probability"])
    }

    @Test("A repeated identifier is scored each time and flagged")
    func duplicates() async throws {
        let report = try await TestModels.run(Self.table(Self.customer, Self.customer, Self.customer))
        let scores = try ParsedTable(report.text("scores.csv"))
        #expect(scores.column("data_quality") == ["ok", "duplicate-id", "duplicate-id"])
        #expect(Set(scores.column("churn_probability")).count == 1)
        let summary = try JSONValue(parsing: try #require(report.outputs["summary.json"]))
        #expect(summary["duplicateIDs"]?["rows"]?.integerValue == 2)
    }

    @Test("Passing everything through keeps all cells and names no column twice")
    func passthrough() async throws {
        let header = Self.header + ",note,note,risk_tier"
        let report = try await TestModels.run(
            "\(header)\n\(Self.customer),=1+1,-5,mine\n", ["passthrough": "all"])
        let scores = try ParsedTable(report.text("scores.csv"))
        #expect(Set(scores.header).count == scores.header.count)
        #expect(scores.column("input.risk_tier") == ["mine"])
        #expect(scores.column("note") == ["'=1+1"])
        #expect(scores.column("note_2") == ["-5"])
        #expect(scores.column("Churn") == ["No"])
    }

    @Test("Rows that cannot be scored keep their place and say why")
    func rejections() async throws {
        let report = try await TestModels.run(
            Self.table(Self.customer, "x,y", Self.customer + ",1", Self.customer(["Contract": "None of these"])),
            ["unknownCategory": "reject"])
        let scores = try ParsedTable(report.text("scores.csv"))
        #expect(
            scores.column("data_quality") == [
                "ok", "rejected:row-short", "rejected:row-long", "rejected:category-unknown:Contract",
            ])
        #expect(scores.column("churn_probability").dropFirst().allSatisfy { $0.isEmpty })
        #expect(report.result?["scored"]?.integerValue == 1)
        #expect(report.result?["rejected"]?.integerValue == 3)
    }

    @Test("Blanks are rejected when the job asks for it")
    func rejectMissing() async throws {
        let report = try await TestModels.run(
            Self.table(Self.customer, Self.customer(["TotalCharges": " "])), ["missing": "reject"])
        let quality = try ParsedTable(report.text("scores.csv")).column("data_quality")
        #expect(quality == ["ok", "rejected:cell-missing:TotalCharges"])
    }

    @Test("A file without a row that can be scored is the caller's fault", arguments: hopeless)
    func hopelessFiles(text: String, code: String) async throws {
        let report = try await TestModels.run(text)
        guard case .invalidInput(let found, _, _, _, _, _) = report.error else {
            Issue.record("unexpected outcome \(report.outcome)")
            return
        }
        #expect(found == code)
    }

    private static let hopeless: [(text: String, code: String)] = [
        ("", "file-empty"),
        (header + "\n", "no-rows"),
        (header + "\na,b\n", "all-rows-rejected"),
        (header + ",Contract\n" + customer + ",One year\n", "column-duplicate"),
        ("PK\u{3}\u{4}xxxxxxxxxxxxxxxxxxxxxxxx", "not-csv"),
    ]

    @Test("Parameters outside their range are refused", arguments: badParameters)
    func parameters(payload: JSONValue) async throws {
        let report = try await TestModels.run(Self.table(Self.customer), payload)
        guard case .invalidInput(let code, _, _, _, _, _) = report.error else {
            Issue.record("unexpected outcome \(report.outcome)")
            return
        }
        #expect(code == "params-invalid")
    }

    private static let badParameters: [JSONValue] = [
        ["reasons": 6], ["reasons": -1], ["tiers": ["high": 1.5]], ["tiers": ["medium": 0.9]], ["horizonMonths": 0],
        ["saveRate": 2], ["missing": "guess"], ["passthrough": "some"], ["outputs": []], ["outputs": ["report.html"]],
        ["precision": "double"],
    ]

    @Test("A model that does not exist is refused with those that do")
    func unknownModel() async throws {
        let report = try await TestModels.run(Self.table(Self.customer), ["model": "telco-v9"])
        guard case .invalidInput(let code, let message, _, _, _, _) = report.error else {
            Issue.record("unexpected outcome \(report.outcome)")
            return
        }
        #expect(code == "model-not-found")
        #expect(message.contains("telco-v1@1.0.0"))
    }

    @Test("A cancelled job stops", arguments: [0, 1, 2])
    func cancellation(reads: Int) async throws {
        var conditions = JobTest.Conditions()
        conditions.cancellation = .reads(reads)
        let report = try await TestModels.run(TestModels.sample(2_500), conditions: conditions)
        #expect(report.error == .cancelled)
    }

    @Test("Progress grows to 1 and counts rows")
    func progress() async throws {
        let report = try await TestModels.run(TestModels.sample(2_500))
        let fractions = report.progress.map(\.fraction)
        #expect(fractions == fractions.sorted())
        #expect(fractions.last == 1)
        #expect(report.progress.last?.note.contains("of 2500 rows") == true)
    }

    @Test("The public Telco file is scored completely, blanks included")
    func publicTable() async throws {
        guard let bytes = TestModels.publicTable() else {
            print("skipped: the public Telco file is not beside the project")
            return
        }
        let report = await JobTest.run(try TestModels.handler(), [:], inputs: ["csv": bytes])
        #expect(report.result?["rows"]?.integerValue == 7_043)
        #expect(report.result?["scored"]?.integerValue == 7_043)
        let scores = try ParsedTable(report.text("scores.csv"))
        #expect(scores.column("data_quality").filter { $0 == "missing:TotalCharges" }.count == 11)
        #expect(scores.column("data_quality").filter { $0 == "ok" }.count == 7_032)
    }
}
