import CHandlerABI
import HandlerCalls
import HostProtocol
import ProbeProtocol

/// The functions about a job as a whole.
enum JobCalls {
    static func log(
        _ job: OpaquePointer?, _ level: Int32, _ message: jh_str, _ fields: UnsafePointer<jh_field>?, _ count: UInt32
    ) -> Int32 {
        var run: ProbedRun?
        if unsafe job != nil {
            guard let known = unsafe probeState.run(job, "log") else { return JH_E_STALE }
            run = known
        }
        guard (JH_LOG_DEBUG...JH_LOG_ERROR).contains(level) else { return misused(run, "log: the level is \(level)") }
        guard unsafe HandlerArguments.text(message, limit: Int(JH_MAX_LOG_BYTES)) != nil else {
            return misused(run, "log: the message is no UTF-8 text of at most \(JH_MAX_LOG_BYTES) bytes")
        }
        guard unsafe HandlerArguments.fields(fields, count) != nil else {
            return misused(run, "log: a field is no UTF-8 text, is too long, or there are too many")
        }
        return JH_OK
    }

    static func setError(_ job: OpaquePointer?, _ error: UnsafePointer<jh_error>?) -> Int32 {
        var run: ProbedRun?
        if unsafe job != nil {
            guard let known = unsafe probeState.run(job, "set_error") else { return JH_E_STALE }
            run = known
        }
        guard let error = unsafe error, let report = unsafe HandlerArguments.report(error) else {
            return misused(run, "set_error: the struct is NULL or its size is too small")
        }
        let known = unsafe ReportedError(
            code: HandlerArguments.lenientText(report.code, limit: Int(JH_MAX_NAME_BYTES)),
            message: HandlerArguments.lenientText(report.message, limit: Int(JH_MAX_LOG_BYTES)))
        if let run { run.note(known) } else { probeState.noteCreation(known) }
        return JH_OK
    }

    static func jobID(
        _ job: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: UInt64
    ) -> Int64 {
        guard let run = unsafe probeState.run(job, "job_id") else { return Int64(JH_E_STALE) }
        return unsafe HandlerArguments.copy(Array(run.plan.jobID.utf8), buffer, capacity)
    }

    static func attempt(_ job: OpaquePointer?) -> Int64 {
        guard let run = unsafe probeState.run(job, "attempt") else { return Int64(JH_E_STALE) }
        return run.plan.attempt
    }

    static func scratchDirectory(
        _ job: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: UInt64
    ) -> Int64 {
        guard let run = unsafe probeState.run(job, "scratch_directory") else { return Int64(JH_E_STALE) }
        return unsafe HandlerArguments.copy(Array(run.plan.scratchDirectory.utf8), buffer, capacity)
    }

    static func payload(
        _ job: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: UInt64
    ) -> Int64 {
        guard let run = unsafe probeState.run(job, "payload_json") else { return Int64(JH_E_STALE) }
        return unsafe HandlerArguments.copy(Array(run.plan.payload.utf8), buffer, capacity)
    }

    static func cancelled(_ job: OpaquePointer?) -> Int32 {
        guard let run = unsafe probeState.run(job, "cancelled") else { return 0 }
        return run.isCancelled ? 1 : 0
    }

    static func timeLeft(_ job: OpaquePointer?) -> Int64 {
        guard let run = unsafe probeState.run(job, "time_left_ms") else { return Int64(JH_E_STALE) }
        return run.conditions.timeLeftMilliseconds
    }

    static func progress(_ job: OpaquePointer?, _ fraction: Double, _ note: jh_str) -> Int32 {
        guard let run = unsafe probeState.run(job, "progress") else { return JH_E_STALE }
        guard (0...1).contains(fraction) else { return misused(run, "progress: the fraction is \(fraction)") }
        guard unsafe HandlerArguments.text(note, limit: Int(JH_MAX_LOG_BYTES)) != nil else {
            return misused(run, "progress: the note is no UTF-8 text of at most \(JH_MAX_LOG_BYTES) bytes")
        }
        return JH_OK
    }

    static func setResult(_ job: OpaquePointer?, _ json: jh_str) -> Int32 {
        guard let run = unsafe probeState.run(job, "set_result_json") else { return JH_E_STALE }
        guard let bytes = unsafe HandlerArguments.bytes(json, limit: Int(JH_MAX_RESULT_BYTES)) else {
            return misused(run, "set_result_json: NULL, or more than \(JH_MAX_RESULT_BYTES) bytes")
        }
        run.setResult(unsafe Array(bytes))
        return JH_OK
    }

    static func wallTime(_ job: OpaquePointer?) -> Int64 {
        guard let run = unsafe probeState.run(job, "wall_ns") else { return Int64(JH_E_STALE) }
        return run.wallTime()
    }

    static func random(_ job: OpaquePointer?, _ buffer: UnsafeMutableRawPointer?, _ length: UInt64) -> Int32 {
        guard let run = unsafe probeState.run(job, "random") else { return JH_E_STALE }
        guard let buffer = unsafe buffer, length <= UInt64(Int32.max) else {
            return length == 0 ? JH_OK : misused(run, "random: the buffer is NULL or too long")
        }
        if let code = run.fault(.random) { return code }
        unsafe run.random(UnsafeMutableRawBufferPointer(start: buffer, count: Int(length)))
        return JH_OK
    }

    static func metric(
        _ job: OpaquePointer?, _ kind: Int32, _ name: jh_str, _ value: Double, _ labels: UnsafePointer<jh_field>?,
        _ count: UInt32
    ) -> Int32 {
        guard let run = unsafe probeState.run(job, "metric") else { return JH_E_STALE }
        guard let name = unsafe HandlerArguments.text(name, limit: Int(JH_MAX_NAME_BYTES)),
            let labels = unsafe HandlerArguments.fields(labels, count),
            MetricRules.isWellFormed(
                HostMetric(run: run.number, kind: kind, name: name, value: value, labels: labels))
        else { return misused(run, "metric: the kind, the name, the value or a label is not allowed") }
        return JH_OK
    }

    /// Notes a call that breaks the contract; those of `create` belong to no run.
    private static func misused(_ run: ProbedRun?, _ what: String) -> Int32 {
        if let run { run.note(what) } else { probeState.noteStray(what) }
        return JH_E_ARGUMENT
    }
}
