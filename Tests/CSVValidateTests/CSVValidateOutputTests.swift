import CSVValidate
import HandlerSDK
import PureJSON
import Testing

@Suite("csv-validate outputs")
struct CSVValidateOutputTests {
    private static let polluted =
        [
            telcoHeader, telcoRow("1"), telcoRow("2", ["tenure": "x"]), "",
            telcoRow("3", ["TotalCharges": "", "tenure": "0"]),
            telcoRow("4") + ",extra", telcoRow("5", ["gender": "\"Fem\"ale"]),
            telcoRow("6", ["Contract": "\"One year"]),
            telcoRow("7"),
        ].joined(separator: "\r\n") + "\r\n"

    @Test("Outputs are the same however the input is cut", arguments: [1, 2, 7, 64, 1000])
    func blocks(_ size: Int) async throws {
        var conditions = JobTest.Conditions()
        conditions.bytesPerRead = size
        let text = Array(Self.polluted.utf8)
        let whole = try await validate(text)
        let cut = try await validate(text, conditions: conditions)
        #expect(cut.outputs == whole.outputs)
        #expect(cut.result == whole.result)
        #expect(whole.result?["badRows"] == 4)
    }

    @Test("valid.csv holds the header and the rows without errors, byte for byte")
    func validRows() async throws {
        let run = try await validate(Array(Self.polluted.utf8))
        let expected =
            [
                telcoHeader, telcoRow("1"), telcoRow("3", ["TotalCharges": "", "tenure": "0"]), telcoRow("7"),
            ].joined(separator: "\n") + "\n"
        #expect(run.text("valid.csv") == expected)
    }

    @Test("errors.csv lists each issue with its place and escapes formulas")
    func errorRows() async throws {
        let text = telcoHeader + "\n" + telcoRow("1", ["Partner": "=cmd"]) + "\n"
        let run = try await validate(Array(text.utf8))
        let lines = try #require(run.text("errors.csv")).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0] == "line,record,byteOffset,column,columnName,code,severity,value,expected,message,fix")
        #expect(lines[1].hasPrefix("2,2,"))
        #expect(lines[1].contains(",4,Partner,enum,error,'=cmd,Yes | No,"))
    }

    @Test("Counts stay exact when the list is capped")
    func capped() async throws {
        let rows = (0..<500).map { telcoRow("\($0)", ["tenure": "x"]) }
        let text = ([telcoHeader] + rows).joined(separator: "\n")
        let run = try await validate(Array(text.utf8), ["limits": ["maxErrorsPerCode": 10]])
        let found = try report(run)
        #expect(found["counts"]?["type-integer"]?["count"] == 500)
        #expect(found["counts"]?["type-integer"]?["lines"]?.arrayValue?.count == 20)
        #expect(found["issues"]?.arrayValue?.count == 10)
        #expect(found["truncated"]?["type-integer"] == 490)
        #expect(found["complete"] == true)
    }

    @Test("A passed limit ends the reading and says so")
    func limits() async throws {
        let text = Array((telcoHeader + "\n" + telcoRow("1") + "\n" + telcoRow("2") + "\n").utf8)
        let rows = try report(try await validate(text, ["limits": ["maxRows": 1]]))
        let bytes = try report(try await validate(text, ["limits": ["maxBytes": 100]]))
        let columns = try report(try await validate(text, ["limits": ["maxColumns": 20]]))
        let field = try report(try await validate(text, ["limits": ["maxFieldBytes": 10]]))
        #expect(rows["counts"]?["too-many-rows"]?["count"] == 1)
        #expect(bytes["counts"]?["file-too-large"]?["count"] == 1)
        #expect(columns["counts"]?["too-many-columns"]?["count"] == 1)
        #expect(field["counts"]?["field-too-long"]?["firstLine"] == 1)
        for found in [rows, bytes, columns, field] {
            #expect(found["complete"] == false)
            #expect(found["verdict"] == "invalid")
        }
    }

    @Test("failOn turns a verdict into a failure that names the first issue")
    func failOn() async throws {
        let text = Array((telcoHeader + "\n" + telcoRow("1", ["tenure": "x"]) + "\n").utf8)
        let run = try await validate(text, ["failOn": "error"])
        guard case .invalidInput(let code, _, let row, let column, _, _) = run.error else {
            Issue.record("expected invalid input, found \(run.outcome)")
            return
        }
        #expect(code == "type-integer")
        #expect(row == 2)
        #expect(column == "tenure")
    }

    @Test("Only the outputs asked for are written; a stranger is refused")
    func emit() async throws {
        let text = Array("a,b\n1,2\n".utf8)
        let some = try await validate(text, ["emit": ["report.json"]])
        let stranger = try await validate(text, ["emit": ["report.pdf"]])
        #expect(Array(some.outputs.keys) == ["report.json"])
        #expect(stranger.error != nil)
    }

    @Test("Parameters choose schema and level")
    func parameters() async throws {
        let text = Array((telcoHeader + "\n" + telcoRow("1", ["tenure": "x"]) + "\n").utf8)
        let none = try report(try await validate(text, ["schema": "none"]))
        let structure = try report(try await validate(text, ["level": "structure"]))
        let named = try report(try await validate(Array("a,b\n1,2\n".utf8), ["schema": ["builtin": "telco-v1"]]))
        let unknown = try await validate(text, ["schema": "saas-v9"])
        #expect(none["verdict"] == "valid")
        #expect(structure["verdict"] == "valid")
        #expect(named["counts"]?["header-missing-label"]?["count"] == 20)
        #expect(unknown.error != nil)
    }

    @Test("A run that is told to stop stops")
    func cancelled() async throws {
        var conditions = JobTest.Conditions()
        conditions.cancellation = .reads(1)
        let rows = (0..<20_000).map { telcoRow("\($0)") }
        let text = ([telcoHeader] + rows).joined(separator: "\n")
        let run = try await validate(Array(text.utf8), conditions: conditions)
        #expect(run.error == .cancelled)
    }

    @Test(
        "The raw IBM file is valid with eleven explained blanks",
        .enabled(if: sampleTelco() != nil, "no sample data here"))
    func rawFile() async throws {
        let run = try await validate(try #require(sampleTelco()))
        let found = try report(run)
        #expect(found["verdict"] == "valid-with-warnings")
        #expect(found["rows"]?["data"] == 7043)
        #expect(found["rows"]?["valid"] == 7043)
        #expect(found["counts"]?.objectValue?.keys == ["required"])
        #expect(found["counts"]?["required"]?["count"] == 11)
        #expect(found["counts"]?["required"]?["firstLine"] == 490)
        let issues = found["issues"]?.arrayValue ?? []
        for issue in issues {
            #expect(issue["column"]?["name"] == "TotalCharges")
            #expect(issue["message"]?.stringValue?.contains("tenure is 0") == true)
        }
    }
}
