package import JobCore
package import PureJSON

/// Requests, records and messages for tests.
package enum JobSamples {
    /// A job id that is known to be good.
    ///
    /// - Throws: ``ConformanceFailure`` when it is not.
    package static func id(_ text: String) throws(ConformanceFailure) -> JobID {
        guard let id = JobID(text) else { throw ConformanceFailure("\"\(text)\" is not a job id") }
        return id
    }

    /// A request for the handler `echo` with one input.
    package static func request(id text: String, now: Timestamp) throws(ConformanceFailure) -> JobRequest {
        JobRequest(
            id: try id(text), handler: "echo",
            inputs: ["csv": InputReference(location: ObjectLocation(bucket: "uploads", key: "in.csv"))],
            params: ["limit": 3], submittedAt: now)
    }

    /// An output of that epoch.
    package static func output(_ name: String, epoch: Epoch) -> JobOutput {
        JobOutput(
            name: name, staged: ObjectLocation(bucket: "uploads", key: "staging/\(epoch)/\(name)"),
            published: ObjectLocation(bucket: "uploads", key: "results/\(name)"), sizeBytes: 12, etag: "\"e\(epoch)\"",
            contentType: "text/csv")
    }

    /// A record in which every member has a value.
    package static func fullRecord(id text: String, now: Timestamp) throws(ConformanceFailure) -> JobRecord {
        var request = try request(id: text, now: now)
        request.tenant = Tenant("acme")
        request.priority = .high
        request.notAfter = now + .seconds(3_600)
        request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        request.inputs["schema"] = InputReference(
            location: ObjectLocation(bucket: "uploads", key: "s.json"), versionID: "v1", etag: "\"abc\"")
        request.params = ["nested": ["a": [1, 2.5, nil, true, "ü"]]]
        var record = JobRecord(request: request, messageID: "m-9", receiveCount: 4, createdAt: now)
        record.state = .failed
        record.epoch = 3
        record.attempts = 2
        record.unfinishedStarts = 1
        record.leaseOwner = RunnerID("r1")
        record.leaseUntil = now + .seconds(60)
        record.notBefore = now + .milliseconds(1)
        record.startedAt = now + .seconds(1)
        record.finishedAt = now + .seconds(2)
        record.settledAt = now + .seconds(3)
        record.handlerVersion = "1.2.3"
        record.outputs = [output("scores.csv", epoch: 3)]
        record.result = ["rows": 7_043, "mean": 0.265]
        record.metrics = ["handler_ms": 12.5]
        record.failure = JobFailure(.handlerFailed, code: "broken", message: "it broke; \"quoted\"")
        record.cancelRequestedBy = "ann"
        record.progress = 0.25
        record.progressNote = "2,000 rows"
        return record
    }

    /// The body of a `headrace.job/1` message.
    package static func body(
        id: String, handler: String = "echo", input: String? = "s3://uploads/in.csv", params: JSONValue = [:],
        submittedAt: Timestamp
    ) -> String {
        var message: JSONObject = [
            "schema": "headrace.job/1", "job_id": .string(id), "handler": .string(handler), "params": params,
            "submitted_at": .string(submittedAt.rfc3339),
        ]
        if let input { message["inputs"] = ["csv": ["uri": .string(input)]] }
        return JSONValue.object(message).serialized()
    }
}
