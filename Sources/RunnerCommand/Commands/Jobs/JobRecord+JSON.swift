import JobCore
import PureJSON

extension JobRecord {
    /// The record as `--json` shows it.
    var json: JSONValue {
        var object = JSONObject()
        object["job_id"] = .string(id.rawValue)
        object["state"] = .string(state.rawValue)
        object["handler"] = .string(request.handler)
        object["handler_version"] = handlerVersion.map { .string($0) }
        object["tenant"] = (request.tenant?.rawValue).map { .string($0) }
        object["priority"] = .string(request.priority.rawValue)
        object["format"] = .string(request.format.rawValue)
        object["inputs"] = .object(inputsJSON)
        object["params"] = request.params
        object["attempts"] = .integer(Int64(attempts))
        object["epoch"] = .integer(epoch)
        object["message_id"] = messageID.map { .string($0) }
        object["receive_count"] = .integer(Int64(receiveCount))
        object["submitted_at"] = .string(request.submittedAt.rfc3339)
        object["queued_at"] = .string(createdAt.rfc3339)
        object["started_at"] = startedAt.map { .string($0.rfc3339) }
        object["finished_at"] = finishedAt.map { .string($0.rfc3339) }
        object["settled_at"] = settledAt.map { .string($0.rfc3339) }
        object["not_before"] = notBefore.map { .string($0.rfc3339) }
        object["lease_owner"] = leaseOwner.map { .string($0.rawValue) }
        object["progress"] = progress.map { .number($0) }
        object["progress_note"] = progressNote.map { .string($0) }
        object["rows_processed"] = rowsProcessed.map { .integer($0) }
        object["outputs"] = .array(outputs.map(\.json))
        object["result"] = result
        object["metrics"] = metrics
        object["error"] = failure?.json
        object["cancel_requested_by"] = cancelRequestedBy.map { .string($0) }
        return .object(object)
    }

    private var inputsJSON: JSONObject {
        var object = JSONObject()
        for (name, input) in request.inputs.sorted(by: { $0.key < $1.key }) {
            var reference = JSONObject()
            reference["uri"] = .string(input.location.uri)
            reference["version_id"] = input.versionID.map { .string($0) }
            reference["etag"] = input.etag.map { .string($0) }
            object[name] = .object(reference)
        }
        return object
    }

    /// Where readers find an output now: the stable place once it is published, the staged one until then.
    func readableLocation(of output: JobOutput) -> ObjectLocation {
        settledAt == nil ? output.staged : output.published
    }

    /// How long the last attempt took, or has taken so far.
    func runningTime(now: Timestamp) -> Duration? {
        startedAt.map { (finishedAt ?? now) - $0 }
    }
}

extension JobOutput {
    /// The output as `--json` shows it.
    var json: JSONValue {
        [
            "name": .string(name), "uri": .string(published.uri), "staged_uri": .string(staged.uri),
            "size_bytes": .integer(sizeBytes), "etag": .string(etag), "content_type": .string(contentType),
        ]
    }
}

extension JobFailure {
    /// The failure as `--json` shows it.
    var json: JSONValue {
        [
            "class": .string(failureClass.rawValue), "code": .string(code), "message": .string(message),
            "next_step": .string(failureClass.nextStep),
        ]
    }
}

extension AttemptRecord {
    /// The attempt as `--json` shows it.
    var json: JSONValue {
        var object = JSONObject()
        object["epoch"] = .integer(epoch)
        object["runner"] = .string(runner.rawValue)
        object["started_at"] = .string(startedAt.rfc3339)
        object["finished_at"] = finishedAt.map { .string($0.rfc3339) }
        object["outcome"] = outcome.map { .string($0) }
        object["error"] = failure?.json
        object["handler_version"] = handlerVersion.map { .string($0) }
        object["last_log_lines"] = .array(lastLogLines.map { .string($0) })
        object["evidence"] = evidence?.json
        return .object(object)
    }
}

extension JobEvent {
    /// The audit line as `--json` shows it.
    var json: JSONValue {
        var object = JSONObject()
        object["at"] = .string(at.rfc3339)
        object["actor"] = .string(actor)
        object["event"] = .string(kind)
        object["from"] = from.map { .string($0.rawValue) }
        object["to"] = .string(to.rawValue)
        object["epoch"] = .integer(epoch)
        object["detail"] = detail.map { .string($0) }
        return .object(object)
    }
}
