import CSVValidate
import HandlerSDK
import PureJSON
import Testing

/// The header of the telco schema.
let telcoHeader = TableSchema.telco.columns.map(\.name).joined(separator: ",")

/// A telco row with some cells replaced.
func telcoRow(_ id: String = "1", _ changes: [String: String] = [:]) -> String {
    let usual = [
        "customerID": id, "gender": "Female", "SeniorCitizen": "0", "Partner": "Yes", "Dependents": "No",
        "tenure": "12", "PhoneService": "Yes", "MultipleLines": "No", "InternetService": "DSL",
        "OnlineSecurity": "No", "OnlineBackup": "Yes", "DeviceProtection": "No", "TechSupport": "No",
        "StreamingTV": "No", "StreamingMovies": "No", "Contract": "One year", "PaperlessBilling": "Yes",
        "PaymentMethod": "Mailed check", "MonthlyCharges": "50.5", "TotalCharges": "606", "Churn": "No",
    ]
    return TableSchema.telco.columns.map { changes[$0.name] ?? usual[$0.name] ?? "" }.joined(separator: ",")
}

/// Runs the handler on a text.
func validate(
    _ text: [UInt8], _ payload: JSONValue = [:], conditions: JobTest.Conditions = JobTest.Conditions()
) async throws -> JobTest.Report {
    await JobTest.run(
        try CSVValidateHandler(config: [:]), payload, inputs: ["csv": text], conditions: conditions)
}

/// The report that the handler wrote.
func report(_ run: JobTest.Report) throws -> JSONValue {
    try JSONValue(parsing: #require(run.outputs["report.json"], "\(String(describing: run.error))"))
}

@Suite("csv-validate")
struct CSVValidateTests {
    @Test("A sound telco file is valid and comes back whole")
    func valid() async throws {
        let text = telcoHeader + "\n" + telcoRow("1") + "\n" + telcoRow("2") + "\n"
        let run = try await validate(Array(text.utf8))
        #expect(run.result?["verdict"] == "valid")
        #expect(run.result?["rows"] == 2)
        #expect(run.text("valid.csv") == text)
        #expect(try report(run)["schemaUsed"] == "telco-v1")
    }

    @Test(
        "A wrong cell gets its code, severity and exact place",
        arguments: [
            ("tenure", "abc", "type-integer", "error"), ("tenure", "11.97", "type-integer", "error"),
            ("tenure", "-1", "range-min", "error"), ("tenure", "121", "range-max", "error"),
            ("MonthlyCharges", "x", "type-decimal", "error"), ("MonthlyCharges", "$50", "number-currency", "error"),
            ("MonthlyCharges", "\"50,5\"", "number-locale", "error"), ("Partner", "yes", "enum", "error"),
            ("Contract", "Weekly", "enum", "error"), ("gender", "", "required", "error"),
            ("TotalCharges", " ", "required", "error"), ("Partner", " Yes", "whitespace", "warning"),
            ("Partner", "N/A", "placeholder-null", "error"), ("tenure", "?", "placeholder-null", "error"),
            ("customerID", "=1+1", "formula-injection", "warning"),
            ("customerID", "a\u{1}b", "control-char", "error"),
        ])
    func cells(_ column: String, _ value: String, _ code: String, _ severity: String) async throws {
        let before = telcoHeader + "\n" + telcoRow("1") + "\n"
        let row = telcoRow("2", [column: value])
        let run = try await validate(Array((before + row + "\n").utf8))
        let found = try report(run)
        let issue = try #require(found["issues"]?.arrayValue?.first)
        let index = try #require(TableSchema.telco.columns.firstIndex { $0.name == column })
        let prefix = telcoRow("2", [column: "\u{0}"]).utf8.prefix { $0 != 0 }.count
        #expect(issue["code"]?.stringValue == code)
        #expect(issue["severity"]?.stringValue == severity)
        #expect(issue["line"] == 3)
        #expect(issue["record"] == 3)
        #expect(issue["column"]?["index"] == .integer(Int64(index)))
        #expect(issue["byteOffset"] == .integer(Int64(before.utf8.count + prefix)))
        #expect(found["issues"]?.arrayValue?.count == 1)
    }

    @Test(
        "A flaw of structure gets its code and line",
        arguments: [
            ("a,b,c\n1,2,3\n4,5\n", "row-short", 3), ("a,b,c\n1,2,3\n4,5,6,7\n", "row-long", 3),
            ("a,b\n1,2\n\n3,4\n", "row-blank", 3), ("a,b\n1,2\na,b\n", "row-repeats-header", 3),
            ("a,b\n1,2\n1,2\n", "row-duplicate", 3), ("a,b\n1,x\"y\n", "quote-stray", 2),
            ("a,b\n1,\"x\" y\n", "quote-stray", 2), ("a,b\n1,\"x\n2,y\n", "quote-unclosed", 2),
            ("a,a\n1,2\n", "header-duplicate-label", 1), ("a,\n1,2\n", "header-blank-label", 1),
            ("a, b\n1,2\n", "header-whitespace", 1), ("a,=b\n1,2\n", "header-formula", 1),
            ("1,2\n3,4\n", "header-missing", 1), ("Report\n\na,b,c\n1,2,3\n4,5,6\n", "preamble", 1),
            ("a,b\n1,2\r\n3,4\n", "line-ends-mixed", nil), ("a,b\r1,2\r", "line-ends-cr", nil),
            ("a,b\n", "too-few-rows", nil), ("a,b,c\n1,2,3\n4,5", "truncated-last-record", nil),
            ("\u{FEFF}a,b\n1,2\n", "encoding-bom", nil),
            ("a,b\n1,2\u{0}\n" + String(repeating: "3,4\n", count: 40), "nul-byte", nil),
        ] as [(String, String, Int?)])
    func structure(_ text: String, _ code: String, _ line: Int?) async throws {
        let run = try await validate(Array(text.utf8))
        let entry = try #require(try report(run)["counts"]?[code], "\(run.text("report.json") ?? "")")
        #expect(entry["count"] == 1)
        #expect(entry["firstLine"]?.integerValue.map { Int($0) } == line)
    }

    @Test("Bytes that are no UTF-8 are counted, or the encoding is guessed")
    func encodings() async throws {
        let mixed = Array("a,b\né,ü\nö,".utf8) + [0xE9, 0x0A]
        let latin = Array("a,b\nx,".utf8) + [0xE9, 0x0A]
        let first = try report(try await validate(mixed))
        let second = try report(try await validate(latin))
        #expect(first["counts"]?["encoding-invalid-utf8"]?["count"] == 1)
        #expect(second["counts"]?["encoding-guessed"]?["count"] == 1)
        #expect(second["encoding"]?["name"] == "windows-1252")
    }

    @Test(
        "What is no table is invalid input with a code",
        arguments: [
            ([], "file-empty"), ([0xEF, 0xBB, 0xBF], "file-empty"), (Array("PK\u{3}\u{4}zip".utf8), "not-csv"),
            (Array("<html><body>".utf8), "not-csv"), (Array("{\"a\":1}".utf8), "not-csv"),
            ([0x1F, 0x8B, 8], "not-csv"),
        ])
    func unreadable(_ bytes: [UInt8], _ code: String) async throws {
        let run = try await validate(bytes)
        guard case .invalidInput(let found, _, _, _, let hint, _) = run.error else {
            Issue.record("expected invalid input, found \(run.outcome)")
            return
        }
        #expect(found == code)
        #expect(hint != nil)
    }

    @Test("Missing, extra, renamed and reordered labels are told apart")
    func labels() async throws {
        var names = TableSchema.telco.columns.map(\.name)
        var cells = telcoRow().split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        names.swapAt(1, 2)
        cells.swapAt(1, 2)
        names[0] = "Customer ID"
        names[20] = "plan"
        names.remove(at: 3)
        cells.remove(at: 3)
        let text = names.joined(separator: ",") + "\n" + cells.joined(separator: ",") + "\n"
        let counts = try report(try await validate(Array(text.utf8)))["counts"]
        #expect(counts?["header-missing-label"]?["count"] == 2)
        #expect(counts?["header-extra-label"]?["count"] == 1)
        #expect(counts?["header-order"]?["count"] == 1)
    }

    @Test("Repeated customer numbers are found and masked")
    func unique() async throws {
        let text = [telcoHeader, telcoRow("AB-1234"), telcoRow("AB-1235"), telcoRow("AB-1234")]
            .joined(separator: "\n")
        let run = try await validate(Array(text.utf8))
        let issue = try report(run)["issues"]?[0]
        #expect(issue?["code"] == "unique")
        #expect(issue?["line"] == 4)
        #expect(issue?["value"] == "AB-****")
        #expect(run.result?["badRows"] == 1)
    }

    @Test("Services that contradict each other are found at level business only")
    func business() async throws {
        let text = telcoHeader + "\n" + telcoRow("1", ["InternetService": "No"]) + "\n"
        let schema = try report(try await validate(Array(text.utf8)))
        let business = try report(try await validate(Array(text.utf8), ["level": "business"]))
        #expect(schema["verdict"] == "valid")
        #expect(business["counts"]?["row-rule"]?["count"] == 6)
    }
}
