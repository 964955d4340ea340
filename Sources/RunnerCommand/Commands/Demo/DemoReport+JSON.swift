import JobCore
import PureJSON

extension DemoReport {
    /// The report for programs.
    var json: JSONValue {
        var times = JSONObject()
        for (name, time) in timings { times[name] = .integer(time.wholeMilliseconds) }
        return [
            "uploaded": ["uri": .string(uploaded.uri), "rows": .integer(Int64(uploadedRows))],
            "jobs": .array(stages.map(\.json)), "validation": stages.first?.record.result ?? .null,
            "mapping": mapping?["columns"] ?? .null, "highest_risk": .array(scores.highest.map(\.json)),
            "summary": summary ?? .null,
            "results": ["path": .string(scoresPath), "rows": .integer(Int64(scores.rows))],
            "timings_ms": .object(times),
        ]
    }
}

extension DemoStageResult {
    /// The stage's job with its history.
    var json: JSONValue {
        var object = record.json.objectValue ?? [:]
        object["elapsed_ms"] = .integer(elapsed.wholeMilliseconds)
        object["events"] = .array(events.map(\.json))
        return .object(object)
    }
}

extension ScoresFile.Customer {
    /// The customer for programs.
    var json: JSONValue {
        [
            "customer_id": .string(id), "churn_probability": .number(probability), "risk_tier": .string(tier),
            "monthly_charges": monthlyCharges.map { .number($0) } ?? .null,
            "expected_revenue_at_risk": revenueAtRisk.map { .number($0) } ?? .null,
            "reasons": .array(reasons.map { .string($0) }), "recommended_action": .string(action),
        ]
    }
}
