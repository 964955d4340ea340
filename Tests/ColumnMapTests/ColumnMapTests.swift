import ColumnMap
import HandlerSDK
import PureJSON
import TabularData
import Testing

private let columns = TargetSchema.telco.columns.map(\.name)

/// Canonical telco rows, the same for the same seed.
private func telcoRows(_ count: Int, seed: UInt64 = 1) -> [[String]] {
    var state = seed
    func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
    return (0..<count).map { row in
        let tenure = 1 + next(72)
        let monthly = 20 + next(900)
        return TargetSchema.telco.columns.map { column in
            switch column.kind {
            case .identifier: "C-\(1000 + row)"
            case .months: "\(tenure)"
            case .monthlyMoney: DecimalText.trimmed(Double(monthly) / 8, places: 2)
            case .totalMoney: DecimalText.trimmed(Double(monthly * tenure) / 8, places: 2)
            case .choice(let dictionary): dictionary.values[next(dictionary.values.count)]
            }
        }
    }
}

private func text(_ header: [String], _ rows: [[String]]) -> [UInt8] {
    var writer = CSVWriter()
    for row in [header] + rows {
        for cell in row { writer.write(cell) }
        writer.endRecord()
    }
    return writer.take()
}

private func map(
    _ csv: [UInt8], _ payload: JSONValue, conditions: JobTest.Conditions = JobTest.Conditions(),
    mapping: [UInt8]? = nil
) async throws -> JobTest.Report {
    var inputs = ["csv": csv]
    inputs["mapping"] = mapping
    return await JobTest.run(try ColumnMapHandler(config: [:]), payload, inputs: inputs, conditions: conditions)
}

private func code(_ run: JobTest.Report) -> String? {
    guard case .invalidInput(let code, _, _, _, _, _) = run.error else { return nil }
    return code
}

@Suite("column-map")
struct ColumnMapTests {
    @Test("A proposal names each column, its confidence and its reasons")
    func proposes() async throws {
        let rows = telcoRows(30)
        let run = try await map(text(columns, rows), [:])
        let mapping = try JSONValue(parsing: #require(run.outputs["mapping.json"]))
        #expect(run.result?["verdict"] == "proposed")
        #expect(run.result?["rows"] == 30)
        #expect(run.result?["needsConfirmation"] == false)
        #expect(mapping["columns"]?.arrayValue?.count == 21)
        #expect(mapping["columns"]?[0]?["signals"]?[0]?["name"] == "exact")
        let unsure = (mapping["columns"]?.arrayValue ?? []).filter { $0["confidence"]?.doubleValue != 1 }
        #expect(unsure == [])
        #expect(run.outputs["mapped.csv"] == nil)
    }

    @Test("Applying the proposal of a mapped file changes no byte", arguments: ["apply", "auto"])
    func identity(_ mode: String) async throws {
        let csv = text(columns, telcoRows(200))
        let proposed = try await map(csv, [:])
        let run = try await map(csv, ["mode": .string(mode)], mapping: proposed.outputs["mapping.json"])
        #expect(run.outputs["mapped.csv"] == csv, "\(run.outcome)")
        #expect(run.result?["changedCells"] == 0)
    }

    @Test("The order of columns and rows does not change the mapping", arguments: 1..<6 as Range<UInt64>)
    func permutation(_ seed: UInt64) async throws {
        let labels = columns.map { "the_" + $0.lowercased() } + ["churn_score", "notes"]
        let rows = telcoRows(50).map { $0 + ["0.5", "x"] }
        let plain = try await map(text(labels, rows), [:])
        var order = Array(labels.indices)
        var shuffled = rows
        var random = Shuffler(state: seed)
        order.shuffle(using: &random)
        shuffled.shuffle(using: &random)
        let moved = try await map(text(order.map { labels[$0] }, shuffled.map { row in order.map { row[$0] } }), [:])
        let first = try JSONValue(parsing: #require(plain.outputs["mapping.json"]))
        let second = try JSONValue(parsing: #require(moved.outputs["mapping.json"]))
        #expect(moved.result?["mapping"] == plain.result?["mapping"])
        #expect(first["fingerprint"] == second["fingerprint"])
        #expect(plain.result?["mapping"]?.objectValue?.count == 21)
    }

    @Test("Spellings are rewritten and every change is counted")
    func transforms() async throws {
        let labels = columns.map { $0 == "SeniorCitizen" ? "Senior Citizen" : $0 }
        var rows = telcoRows(100)
        for index in rows.indices {
            rows[index][2] = rows[index][2] == "1" ? "Yes" : "No"
            rows[index][3] = rows[index][3] == "Yes" ? "TRUE" : "FALSE"
            rows[index][15] = rows[index][15] == "One year" ? "12 months" : rows[index][15]
        }
        let run = try await map(text(labels, rows), ["mode": "auto"])
        #expect(run.outputs["mapped.csv"] == text(columns, telcoRows(100)), "\(run.outcome)")
        let changes = try #require(run.text("changes.csv"))
        let seniors = telcoRows(100).count { $0[2] == "1" }
        #expect(changes.contains("\nSeniorCitizen,Senior Citizen,values,Yes,1,\(seniors)\n"))
        #expect(changes.contains("\nSeniorCitizen,Senior Citizen,values,No,0,\(100 - seniors)\n"))
    }

    @Test("A value that nobody knows stays as it is and is named")
    func unknownValues() async throws {
        var rows = telcoRows(40)
        rows[3][15] = "Quarterly"
        let csv = text(columns, rows)
        let proposed = try await map(csv, [:])
        let run = try await map(csv, ["mode": "apply"], mapping: proposed.outputs["mapping.json"])
        let mapping = try JSONValue(parsing: #require(proposed.outputs["mapping.json"]))
        #expect(mapping["conflicts"]?[0]?["code"] == "value-unmapped")
        #expect(run.outputs["mapped.csv"] == csv)
    }

    @Test("TotalCharges far above 1000 are never divided")
    func noInventedUnits() async throws {
        var rows = telcoRows(60)
        for index in rows.indices { rows[index][19] = "\(2_000 + index)" }
        let csv = text(columns, rows)
        let run = try await map(csv, ["mode": "auto"])
        #expect(run.outputs["mapped.csv"] == csv, "\(run.outcome)")
    }

    @Test("Days and cents are converted when label and numbers agree")
    func units() async throws {
        var labels = columns
        labels[5] = "tenure_days"
        labels[18] = "monthly_charges_cents"
        var rows = telcoRows(60)
        for index in rows.indices {
            let months = try #require(Double(rows[index][5]))
            let money = try #require(Double(rows[index][18]))
            rows[index][5] = "\(Int((months * 365.25 / 12).rounded()))"
            rows[index][18] = "\(Int((money * 100).rounded()))"
        }
        let run = try await map(text(labels, rows), ["mode": "auto"])
        #expect(run.outputs["mapped.csv"] == text(columns, telcoRows(60)), "\(run.outcome)")
    }

    @Test("A unit that only the label names is asked about")
    func unprovenUnit() async throws {
        var labels = columns
        labels[5] = "tenure_days"
        let run = try await map(text(labels, telcoRows(60)), [:])
        let mapping = try JSONValue(parsing: #require(run.outputs["mapping.json"]))
        #expect(mapping["conflicts"]?[0]?["code"] == "unit-unknown")
        #expect(run.result?["needsConfirmation"] == true)
    }

    @Test(
        "Predictions, scores and look-alikes are never taken",
        arguments: [
            "predicted_churn", "churn_probability", "churn_score", "churn_risk", "Churn Reason", "churn_date",
            "Churn Category",
            "payment_delay", "phone_number", "contract_end_date", "tech_support_tickets", "avg_monthly_usage",
            "total_calls",
            "monthly_active_users", "gender_prediction", "next_payment_amount", "internet_usage_gb",
            "contact", "contacts", "partner_id", "contract_value", "contract_status", "p_churn", "account_manager",
            "security_question", "tenure_bucket", "dependents_count", "partner_discount", "tenure_prediction",
            "number_of_lines", "total_calls_monthly", "monthly_usage", "support_calls", "payment_date",
            "customer_satisfaction",
        ])
    func lookAlikes(_ label: String) async throws {
        let run = try await map(text(["customer_id", label], [["1", "1"], ["2", "0"], ["3", "1"]]), [:])
        #expect(run.result?["unmapped"] == [.string(label)])
    }
}

/// A generator with a fixed sequence per seed.
struct Shuffler: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

@Suite("column-map failures")
struct ColumnMapFailureTests {
    private static let partial = text(["customer_id", "tenure"], [["1", "5"], ["2", "6"]])

    @Test("A missing required column is said in a proposal and refused elsewhere")
    func requiredMissing() async throws {
        let proposed = try await map(Self.partial, [:])
        let auto = try await map(Self.partial, ["mode": "auto"])
        let apply = try await map(Self.partial, ["mode": "apply", "mapping": ["tenure": "tenure"]])
        #expect(proposed.result?["needsConfirmation"] == true)
        #expect(proposed.result?["missingRequired"]?.arrayValue?.count == 18)
        #expect(code(auto) == "required-unmapped")
        #expect(code(apply) == "required-unmapped")
    }

    @Test("The job may name what is required")
    func requiredChosen() async throws {
        let run = try await map(Self.partial, ["mode": "auto", "required": ["tenure"]])
        #expect(run.text("mapped.csv") == "customerID,tenure\n1,5\n2,6\n")
    }

    @Test(
        "A mapping that does not fit is refused with a code",
        arguments: [
            (["tenure": "months"], "mapping-stale"), (["tenur": "tenure"], "target-schema-invalid"),
            (["Churn": "tenure"], "mapping-contradicts-values"), (["tenure": 5], "mapping-invalid"),
            ([1], "mapping-invalid"),
            (
                [
                    "columns": [
                        ["source": "tenure", "target": "tenure"], ["source": "customer_id", "target": "tenure"],
                    ]
                ], "two-columns-one-target"
            ),
            (
                ["columns": [["source": "tenure", "target": "tenure", "transform": ["name": "square"]]]],
                "mapping-invalid"
            ),
        ] as [(JSONValue, String)])
    func badMapping(_ mapping: JSONValue, _ expected: String) async throws {
        let run = try await map(Self.partial, ["mode": "apply", "mapping": mapping, "required": []])
        #expect(code(run) == expected, "\(run.outcome)")
    }

    @Test(
        "Input that is no table is refused with a code",
        arguments: [
            ([], "file-empty"), (Array("PK\u{3}\u{4}".utf8), "not-csv"), (Array("1,2\n3,4\n".utf8), "header-absent"),
            (Array(((0..<1001).map { "c\($0)" }.joined(separator: ",") + "\n").utf8), "too-many-columns"),
        ])
    func unreadable(_ csv: [UInt8], _ expected: String) async throws {
        let run = try await map(csv, [:])
        #expect(code(run) == expected, "\(run.outcome)")
    }

    @Test("Mode apply without a mapping is refused, an unknown schema too")
    func missing() async throws {
        #expect(code(try await map(Self.partial, ["mode": "apply"])) == "mapping-missing")
        #expect(code(try await map(Self.partial, ["target": "saas-v9"])) == "target-schema-invalid")
    }

    @Test("Two columns that may be the same target need a decision")
    func rivals() async throws {
        let csv = text(["customer_id", "cust_id", "tenure"], [["1", "8", "5"], ["2", "9", "6"]])
        let proposed = try await map(csv, [:])
        let auto = try await map(csv, ["mode": "auto", "required": ["tenure"], "onAmbiguous": "fail"])
        let waiting = try await map(csv, ["mode": "auto", "required": ["tenure"]])
        #expect(proposed.result?["needsConfirmation"] == true)
        #expect(code(auto) == "ambiguous-target")
        #expect(waiting.result?["verdict"] == "proposed")
    }

    @Test("Columns without a target are kept behind the others or dropped")
    func unmapped() async throws {
        let csv = text(["note", "tenure", "note"], [["a", "5", "b"], ["c", "6", "d"]])
        let keep = try await map(csv, ["mode": "auto", "required": []])
        let drop = try await map(csv, ["mode": "auto", "required": [], "unmapped": "drop"])
        #expect(keep.text("mapped.csv") == "tenure,note,src.note\n5,a,b\n6,c,d\n")
        #expect(drop.text("mapped.csv") == "tenure\n5\n6\n")
    }

    @Test("Rows of a wrong length are carried over and counted")
    func ragged() async throws {
        let csv = Array("customer_id,tenure\n1\n2,5\n3,6,7\n".utf8)
        let run = try await map(csv, ["mode": "auto", "required": []])
        #expect(run.text("mapped.csv") == "customerID,tenure\n1,\n2,5\n3,6\n")
        #expect(run.result?["shortRows"] == 1)
        #expect(run.result?["longRows"] == 1)
    }

    @Test("Outputs are the same however the input is cut", arguments: [1, 5, 100])
    func blocks(_ size: Int) async throws {
        var conditions = JobTest.Conditions()
        conditions.bytesPerRead = size
        let csv = text(columns, telcoRows(40).map { $0.map { $0 == "Yes" ? "y" : $0 } })
        let whole = try await map(csv, ["mode": "auto"])
        let cut = try await map(csv, ["mode": "auto"], conditions: conditions)
        #expect(whole.outputs.count == 3, "\(whole.outcome)")
        #expect(cut.outputs == whole.outputs)
    }

    @Test(
        "The raw IBM file maps to itself, no TotalCharges touched",
        .enabled(if: sampleTelco() != nil, "no sample data here"))
    func rawFile() async throws {
        let csv = try #require(sampleTelco())
        let run = try await map(csv, ["mode": "auto"])
        let lines = try #require(run.text("mapped.csv")).split(separator: "\n")
        #expect(lines.count == 7044)
        #expect(run.result?["changedCells"] == 0)
        #expect(lines[2].hasSuffix(",56.95,1889.5,No"))
    }
}
