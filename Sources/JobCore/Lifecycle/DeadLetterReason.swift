/// The attributes that say why a message is in the dead-letter queue; all are strings.
package enum DeadLetterReason {
    /// The reason of a message that is not a job.
    package static func attributes(of rejection: MessageRejection, runner: RunnerID) -> [String: String] {
        attributes(
            failureClass: .rejected, code: rejection.code.rawValue, message: rejection.description, runner: runner,
            jobID: rejection.jobID)
    }

    /// The reason of a job that is FAILED or QUARANTINED.
    package static func attributes(of record: JobRecord, runner: RunnerID) -> [String: String] {
        let failure = record.failure
        var attributes = attributes(
            failureClass: failure?.failureClass ?? .handlerFailed, code: failure?.code ?? "unknown",
            message: failure?.message ?? "", runner: runner, jobID: record.id)
        attributes["headrace.attempts"] = String(record.attempts)
        attributes["headrace.handler"] = record.request.handler
        return attributes
    }

    /// Leaves attributes out until body and attributes fit a message; the code goes last.
    ///
    /// A body as large as a message may be has no room for any: then only the log says why.
    ///
    /// - Parameters:
    ///   - attributes: what one of the functions above gave.
    ///   - bodyBytes: the size of the body.
    ///   - limitBytes: the queue's MaximumMessageSize.
    /// - Returns: the attributes that fit.
    package static func fitting(
        _ attributes: [String: String], bodyBytes: Int, limitBytes: Int
    ) -> [String: String] {
        let order = [
            "headrace.code", "headrace.reason", "headrace.job_id", "headrace.handler", "headrace.attempts",
            "headrace.runner", "headrace.message",
        ]
        var room = limitBytes - bodyBytes
        var kept: [String: String] = [:]
        for name in order {
            guard let value = attributes[name] else { continue }
            let size = name.utf8.count + "String".utf8.count + value.utf8.count
            guard size <= room else { break }
            room -= size
            kept[name] = value
        }
        return kept
    }

    private static func attributes(
        failureClass: FailureClass, code: String, message: String, runner: RunnerID, jobID: JobID?
    ) -> [String: String] {
        var attributes = [
            "headrace.reason": failureClass.rawValue, "headrace.code": code, "headrace.runner": runner.rawValue,
        ]
        if !message.isEmpty {
            attributes["headrace.message"] = String(
                message.unicodeScalars.filter(isAllowed).map(Character.init).prefix(1_000))
        }
        if let jobID { attributes["headrace.job_id"] = jobID.rawValue }
        return attributes
    }

    /// SQS allows no control characters but tab and line ends.
    private static func isAllowed(_ scalar: UnicodeScalar) -> Bool {
        scalar.value >= 0x20 && scalar.value != 0xFFFE && scalar.value != 0xFFFF || [9, 10, 13].contains(scalar.value)
    }
}
