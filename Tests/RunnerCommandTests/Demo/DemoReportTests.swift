import JobCore
import JobTestKit
import PureJSON
import Testing

@testable import RunnerCommand

@Suite("Demo report")
struct DemoReportTests {
    private func report() async throws -> DemoReport {
        let fixture = DeskFixture()
        try await DeskSamples.completed("churn-1", in: fixture.store)
        let id = DeskSamples.id("churn-1")
        var record = try #require(try await fixture.store.record(of: id))
        record.result = ["rows": 2, "verdict": "valid", "errors": 0, "warnings": 1]
        let folder = try ScratchFolder()
        let path = folder.path + "/scores.csv"
        let rows = [
            "0001-A,0.916000,99.9,10,critical,Tenure: 1 months raises the risk by 10.5 points,Contract,,call,105.35,"
                + "1158.00,5.00,ok,m",
            "0002-B,0.100000,10.0,1,low,Tenure,,,none,20.00,24.00,0.00,ok,m",
        ]
        try LocalFile.write(ScoresFileTests.header + rows.joined(separator: "\n") + "\n", to: path)
        return DemoReport(
            stages: [
                DemoStageResult(
                    stage: DemoStage.all[0], record: record, events: try await fixture.store.events(of: id),
                    elapsed: .milliseconds(84))
            ],
            validation: ["counts": ["required": ["severity": "warning", "count": 1, "firstLine": 3]]],
            mapping: ["columns": [["source": "kunde", "target": "customerID", "confidence": 0.97, "band": "auto"]]],
            summary: [
                "scored": 2, "revenueAtRisk": 1182.0, "horizonMonths": 12,
                "tiers": [["tier": "critical", "from": 0.7, "customers": 1, "share": 0.5, "revenueAtRisk": 1158.0]],
            ],
            scores: try ScoresFile(path: path, keeping: 10), scoresPath: "out/scores.csv", uploadedRows: 2,
            uploaded: ObjectLocation(bucket: "headrace", key: "uploads/a.csv"),
            timings: [("start", .milliseconds(12)), ("total", .milliseconds(1_500))])
    }

    @Test("The report shows verdict, mapping, customers with reasons, tiers, history, timings and the file")
    func text() async throws {
        let out = ConsoleStream(capturingFor: Terminal(isInteractive: false, usesColor: false, width: 72))
        try await report().show(on: Console(out: out, err: out, writesJSON: false))
        #expect(
            out.captured == """

                Validation
                  verdict valid: 2 rows, 0 errors, 1 warnings
                  CODE      SEVERITY  COUNT  FIRST LINE
                  required  warning       1           3

                Columns
                  COLUMN  TARGET      CONFIDENCE  BAND
                  kunde   customerID       0.970  auto

                Customers at the highest risk of leaving
                  CUSTOMER   CHURN  TIER      AT RISK  WHY, STRONGEST REASON FIRST
                  0001-A    91.6 %  critical  $ 1,158  Tenure: 1 months raises the risk
                                                       by 10.5 points; Contract
                  0002-B    10.0 %  low          $ 24  Tenure
                  At risk: probability x monthly charges x 12 months.

                Risk tiers
                  TIER      FROM  CUSTOMERS   SHARE  REVENUE AT RISK
                  critical  70 %          1  50.0 %          $ 1,158
                  all                     2                  $ 1,182

                History of churn-1
                  TIME (UTC)    EVENT      STATE                 BY        DETAIL
                  08:00:01.000  queued     QUEUED                runner-1  message m-1
                  08:00:01.000  claimed    QUEUED -> RUNNING     runner-1  attempt 1,
                                                                           receive 1
                  08:00:01.084  completed  RUNNING -> COMPLETED  runner-1  7043 rows
                  08:00:01.090  published  COMPLETED             runner-1

                Timings
                  start  12 ms
                  total  1.5 s

                Results  out/scores.csv  (2 customers, one a row)

                """)
    }

    @Test("As JSON the report has the same facts")
    func json() async throws {
        let json = try await report().json
        #expect(json["results"] == ["path": "out/scores.csv", "rows": 2])
        #expect(json["highest_risk"]?[0]?["reasons"]?.arrayValue?.count == 2)
        #expect(json["timings_ms"]?["total"] == 1_500)
        #expect(json["jobs"]?[0]?["events"]?.arrayValue?.count == 4)
    }
}
