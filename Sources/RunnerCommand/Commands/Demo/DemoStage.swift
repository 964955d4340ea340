import JobCore
import PureJSON

/// One job of the demo: a handler, its parameters, and which of its outputs the next job gets.
struct DemoStage: Sendable, Hashable {
    let handler: String
    let params: JSONObject
    /// The output that is the next stage's input; the last stage's main output.
    let handover: String

    /// Validate, map, predict.
    static let all = [
        DemoStage(handler: "csv-validate", params: ["schema": ["builtin": "telco-v1"]], handover: "valid.csv"),
        DemoStage(handler: "column-map", params: ["mode": "auto"], handover: "mapped.csv"),
        DemoStage(handler: "churn-predict", params: ["reasons": 3], handover: "scores.csv"),
    ]
}

/// What became of one stage.
struct DemoStageResult: Sendable {
    let stage: DemoStage
    let record: JobRecord
    let events: [JobEvent]
    /// From the message's sending until the job was settled and seen to be.
    let elapsed: Duration

    /// How long the handler ran, as the runner measured it.
    var handlerTime: Duration? {
        record.metrics?["handler_ms"]?.doubleValue.map { .nanoseconds(Int64($0 * 1e6)) }
    }
}
