/// Rules that hold after every event of a run, whatever the scenario does.
package enum InvariantName: String, Word {
    case noLostJobs = "no_lost_jobs"
    case effectOnce = "effect_once"
    case deleteAfterCommit = "delete_after_commit"
    case completedIsFinal = "completed_is_final"
    case dlqOnlyAfterMaxReceives = "dlq_only_after_max_receives"
    case dlqKeepsBodyAndReason = "dlq_keeps_body_and_reason"
    case noPartialOutputVisible = "no_partial_output_visible"
    case visibilityHeld = "visibility_held"
    case metricsMatchHistory = "metrics_match_history"
    case logsStructured = "logs_structured"
    case noSecretsInLogs = "no_secrets_in_logs"
    case dbIntegrity = "db_integrity"
    case noStuck = "no_stuck"

    package var meaning: String {
        switch self {
        case .noLostJobs:
            "Every accepted message ends as a COMPLETED job, as a FAILED job with the message in the dead-letter queue, or still queued."
        case .effectOnce: "A job has at most one published output version and one change to COMPLETED."
        case .deleteAfterCommit:
            "A message is deleted only after its job's state is committed, or after a verdict that needs none."
        case .completedIsFinal: "No job leaves COMPLETED, and nothing writes its output afterwards."
        case .dlqOnlyAfterMaxReceives:
            "A message goes to the dead-letter queue only after the last receive, or for a permanent error."
        case .dlqKeepsBodyAndReason: "A dead letter has the bytes of the message, and the reason as an attribute."
        case .noPartialOutputVisible: "No reader sees an output whose bytes are not the final ones."
        case .visibilityHeld: "While a live runner works on a message, nobody else receives it."
        case .metricsMatchHistory: "When nothing moves, each counter equals the count of its events."
        case .logsStructured: "Every log line parses and names its runner, and its job where there is one."
        case .noSecretsInLogs: "No log line has key material or cells of inputs."
        case .dbIntegrity: "After each crash the database passes its integrity and foreign-key checks."
        case .noStuck: "When all faults are over, everything comes to an end within the given time (10m)."
        }
    }

    /// The rule over the history, as a formula.
    package var formula: String {
        switch self {
        case .noLostJobs:
            "for each m in message.sent, m well-formed: at the end exactly one of job(m).state = COMPLETED, job(m).state = FAILED and m in DLQ, m in queue"
        case .effectOnce:
            "for each job: distinct(output.published.sha256) <= 1 and count(state.committed, state = COMPLETED) <= 1"
        case .deleteAfterCommit:
            "for each message.deleted d: exists e before d: e = state.committed(job(d)) or e = message.rejected(d) or job(d) was final"
        case .completedIsFinal:
            "for each e = state.committed(j, COMPLETED): no later job event of j and no later request that writes an output of j with other bytes"
        case .dlqOnlyAfterMaxReceives:
            "for each message.moved m to DLQ: m.receives >= max_receives or m.reason is permanent"
        case .dlqKeepsBodyAndReason:
            "for each message.moved m to DLQ: m.body = sent(m).body and m.attributes has reason"
        case .noPartialOutputVisible:
            "for each s3.GetObject r of a published key: sha256(r) = sha256 of its job's commit"
        case .visibilityHeld:
            "for each job.claimed c by a live runner until its end: no message.received of message(c) by another runner"
        case .metricsMatchHistory: "at quiescence, for each counter c: value(c) = count(events of c)"
        case .logsStructured: "for each log l: l parses as JSON and l has runner, and job_id where it is about a job"
        case .noSecretsInLogs:
            "for each log l: l matches no key pattern and holds no cell of an input longer than 6 characters"
        case .dbIntegrity: "for each runner.exited by a signal: integrity_check = ok and foreign_key_check is empty"
        case .noStuck: "after the last fault.cleared, within D: every job is in a final state and every queue is empty"
        }
    }
}
