import Testing

@testable import RunnerCommand

@Suite("Scores file")
struct ScoresFileTests {
    static let header =
        "customerID,churn_probability,risk_percentile,risk_decile,risk_tier,reason_1,reason_2,protective_reason,"
        + "recommended_action,monthly_charges,expected_revenue_at_risk,expected_benefit,data_quality,model_version\n"

    private func file(_ rows: [String], in folder: ScratchFolder) throws -> String {
        let path = folder.path + "/scores.csv"
        try LocalFile.write(Self.header + rows.map { $0 + "\n" }.joined(), to: path)
        return path
    }

    private func row(_ id: String, _ probability: String) -> String {
        "\(id),\(probability),99.00,10,high,\"Tenure: 1, short\",Contract,,call,70.00,600.00,10.00,ok,telco-v1@1.0.0"
    }

    @Test("All rows are counted and the riskiest customers kept, highest first")
    func keepsHighest() throws {
        let folder = try ScratchFolder()
        let rows = (0..<500).map { row("c\($0)", $0 == 77 ? "0.990000" : "0.\(String($0 + 100))000") }
        let scores = try ScoresFile(path: try file(rows, in: folder), keeping: 3)
        #expect(scores.rows == 500)
        #expect(scores.highest.map(\.id) == ["c77", "c499", "c498"])
        #expect(scores.highest[0].reasons == ["Tenure: 1, short", "Contract"])
        #expect(scores.highest[0].revenueAtRisk == 600)
    }

    @Test("Rows without a score count as rows and are never the riskiest")
    func rejectedRows() throws {
        let folder = try ScratchFolder()
        let scores = try ScoresFile(
            path: try file([row("a", ""), row("b", "0.5")], in: folder), keeping: 2)
        #expect(scores.rows == 2)
        #expect(scores.highest.map(\.id) == ["b"])
    }

    @Test("Equal probabilities keep the file's order")
    func ties() throws {
        let folder = try ScratchFolder()
        let scores = try ScoresFile(
            path: try file([row("a", "0.5"), row("b", "0.5"), row("c", "0.5")], in: folder), keeping: 2)
        #expect(scores.highest.map(\.id) == ["a", "b"])
    }

    @Test("A table of something else is refused with the column that is missing")
    func otherTable() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/x.csv"
        try LocalFile.write("a,b\n1,2\n", to: path)
        let failure = #expect(throws: CommandFailure.self) { try ScoresFile(path: path, keeping: 1) }
        #expect(failure?.message.contains("customerID") == true)
    }
}
