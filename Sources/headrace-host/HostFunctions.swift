import CHandlerABI
import CHostProcess
import HandlerCalls
import HostProtocol

/// The function table that handlers call.
enum HostFunctions {
    /// Makes the table; it lives as long as the process.
    static func table(runnerVersion: String) -> UnsafePointer<jh_host> {
        let version = UnsafeMutablePointer<CChar>.allocate(capacity: max(runnerVersion.utf8.count, 1))
        for (place, byte) in runnerVersion.utf8.enumerated() { unsafe version[place] = CChar(bitPattern: byte) }
        let table = UnsafeMutablePointer<jh_host>.allocate(capacity: 1)
        unsafe table.initialize(
            to: jh_host(
                size: UInt32(MemoryLayout<jh_host>.size), abi_major: UInt32(JH_ABI_MAJOR),
                abi_minor: UInt32(JH_ABI_MINOR), reserved: 0,
                runner_version: jh_str(ptr: UnsafePointer(version), len: UInt64(runnerVersion.utf8.count)),
                extension: { _ in nil }, log: log, set_error: setError, job_id: jobID, attempt: attempt,
                scratch_directory: scratchDirectory, payload_json: payload, open_input: openInput,
                input_size: inputSize, read: read, seek: seek, open_output: openOutput, write: write, close: close,
                cancelled: cancelled, time_left_ms: timeLeft, progress: progress, set_result_json: setResult,
                wall_ns: { _ in host_wall_nanoseconds() }, mono_ns: { _ in host_monotonic_nanoseconds() },
                random: random, checkpoint_put: { unsafe StateFunctions.putCheckpoint($0, $1, $2) },
                checkpoint_get: { unsafe StateFunctions.getCheckpoint($0, $1, $2) },
                kv_put: { unsafe StateFunctions.putValue($0, $1, $2, $3) },
                kv_get: { unsafe StateFunctions.getValue($0, $1, $2, $3) },
                metric: { unsafe StateFunctions.metric($0, $1, $2, $3, $4, $5) }))
        return unsafe UnsafePointer(table)
    }
}

// MARK: - The job

private func log(
    _ job: OpaquePointer?, _ level: Int32, _ message: jh_str, _ fields: UnsafePointer<jh_field>?, _ count: UInt32
) -> Int32 {
    var run: UInt64 = 0
    if unsafe job != nil {
        guard let active = unsafe hostState.run(job) else { return HandlerArguments.stale("a job") }
        run = active.request.run
    }
    guard (JH_LOG_DEBUG...JH_LOG_ERROR).contains(level),
        let line = unsafe HandlerArguments.text(message, limit: Int(JH_MAX_LOG_BYTES)),
        let list = unsafe HandlerArguments.fields(fields, count)
    else { return JH_E_ARGUMENT }
    guard hostState.logBudget.take() else { return JH_OK }
    hostState.channel.send(.log(HostLog(run: run, level: level, message: line, fields: list)))
    return JH_OK
}

private func setError(_ job: OpaquePointer?, _ error: UnsafePointer<jh_error>?) -> Int32 {
    guard let error = unsafe error, let report = unsafe HandlerArguments.report(error) else { return JH_E_ARGUMENT }
    var message = unsafe HandlerArguments.lenientText(report.message, limit: Int(JH_MAX_LOG_BYTES))
    var place: [String] = []
    if unsafe report.row > 0 { place.append(unsafe "line \(report.row)") }
    let column = unsafe HandlerArguments.lenientText(report.column, limit: Int(JH_MAX_NAME_BYTES))
    if !column.isEmpty { place.append("column \(column)") }
    if !place.isEmpty { message += " (\(place.joined(separator: ", ")))" }
    let hint = unsafe HandlerArguments.lenientText(report.hint, limit: Int(JH_MAX_LOG_BYTES))
    if !hint.isEmpty { message += ". " + hint }
    guard let details = unsafe HandlerArguments.bytes(report.details_json, limit: Int(JH_MAX_DETAILS_BYTES)) else {
        return JH_E_ARGUMENT
    }
    let note = unsafe HostState.ErrorNote(
        code: unsafe HandlerArguments.lenientText(report.code, limit: Int(JH_MAX_NAME_BYTES)), message: message,
        details: Array(details), retryAfterMilliseconds: report.retry_after_ms)
    return unsafe hostState.note(note, for: job) ? JH_OK : HandlerArguments.stale("a job")
}

private func jobID(_ job: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: UInt64) -> Int64 {
    guard let run = unsafe hostState.run(job) else { return Int64(HandlerArguments.stale("a job")) }
    return unsafe HandlerArguments.copy(Array(run.request.jobID.utf8), buffer, capacity)
}

private func attempt(_ job: OpaquePointer?) -> Int64 {
    guard let run = unsafe hostState.run(job) else { return Int64(HandlerArguments.stale("a job")) }
    return run.request.attempt
}

private func scratchDirectory(
    _ job: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: UInt64
) -> Int64 {
    guard let run = unsafe hostState.run(job) else { return Int64(HandlerArguments.stale("a job")) }
    return unsafe HandlerArguments.copy(Array(run.request.scratchDirectory.utf8), buffer, capacity)
}

private func payload(_ job: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: UInt64) -> Int64 {
    guard let run = unsafe hostState.run(job) else { return Int64(HandlerArguments.stale("a job")) }
    return unsafe HandlerArguments.copy(run.request.payload, buffer, capacity)
}

private func cancelled(_ job: OpaquePointer?) -> Int32 { unsafe hostState.isCancelled(job) ? 1 : 0 }

private func timeLeft(_ job: OpaquePointer?) -> Int64 {
    guard let run = unsafe hostState.run(job) else { return Int64(HandlerArguments.stale("a job")) }
    return max(run.request.deadlineNanoseconds - host_monotonic_nanoseconds(), 0) / 1_000_000
}

private func progress(_ job: OpaquePointer?, _ fraction: Double, _ note: jh_str) -> Int32 {
    guard let run = unsafe hostState.run(job) else { return HandlerArguments.stale("a job") }
    guard (0...1).contains(fraction), let note = unsafe HandlerArguments.text(note, limit: Int(JH_MAX_LOG_BYTES)) else {
        return JH_E_ARGUMENT
    }
    run.progress(fraction, note: note)
    return JH_OK
}

private func setResult(_ job: OpaquePointer?, _ json: jh_str) -> Int32 {
    guard let run = unsafe hostState.run(job) else { return HandlerArguments.stale("a job") }
    guard let bytes = unsafe HandlerArguments.bytes(json, limit: Int(JH_MAX_RESULT_BYTES)) else { return JH_E_ARGUMENT }
    run.setResult(unsafe Array(bytes))
    return JH_OK
}

private func random(_ job: OpaquePointer?, _ buffer: UnsafeMutableRawPointer?, _ length: UInt64) -> Int32 {
    guard let buffer = unsafe buffer else { return length == 0 ? JH_OK : JH_E_ARGUMENT }
    return unsafe host_random(buffer, length) == 0 ? JH_OK : JH_E_IO
}

// MARK: - Streams

private func openInput(
    _ job: OpaquePointer?, _ name: jh_str, _ stream: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    guard let run = unsafe hostState.run(job) else { return HandlerArguments.stale("a job") }
    guard let stream = unsafe stream, let name = unsafe HandlerArguments.text(name, limit: Int(JH_MAX_NAME_BYTES))
    else {
        return JH_E_ARGUMENT
    }
    switch run.openInput(name) {
    case .failure(let failure): return failure.code
    case .success(let place):
        unsafe stream.pointee = StreamHandle.make(run: run.request.run, place: place)
        return JH_OK
    }
}

private func openOutput(
    _ job: OpaquePointer?, _ name: jh_str, _ type: jh_str, _ stream: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    guard let run = unsafe hostState.run(job) else { return HandlerArguments.stale("a job") }
    guard let stream = unsafe stream, let name = unsafe HandlerArguments.text(name, limit: Int(JH_MAX_NAME_BYTES)),
        let type = unsafe HandlerArguments.text(type, limit: Int(JH_MAX_NAME_BYTES))
    else { return JH_E_ARGUMENT }
    switch run.openOutput(name, contentType: type) {
    case .failure(let failure): return failure.code
    case .success(let place):
        unsafe stream.pointee = StreamHandle.make(run: run.request.run, place: place)
        return JH_OK
    }
}

private func inputSize(_ stream: OpaquePointer?) -> Int64 {
    guard let known = unsafe hostState.stream(stream) else { return Int64(HandlerArguments.stale("a stream")) }
    guard case .input(let input) = known else { return Int64(JH_E_STATE) }
    return input.size
}

private func read(_ stream: OpaquePointer?, _ buffer: UnsafeMutableRawPointer?, _ capacity: UInt64) -> Int64 {
    guard let known = unsafe hostState.stream(stream) else { return Int64(HandlerArguments.stale("a stream")) }
    guard case .input(let input) = known else { return Int64(JH_E_STATE) }
    guard capacity > 0 else { return 0 }
    guard let buffer = unsafe buffer, capacity <= UInt64(Int32.max) else { return Int64(JH_E_ARGUMENT) }
    return unsafe input.read(into: buffer, capacity: Int(capacity))
}

private func seek(_ stream: OpaquePointer?, _ offset: UInt64) -> Int64 {
    guard let known = unsafe hostState.stream(stream) else { return Int64(HandlerArguments.stale("a stream")) }
    guard case .input(let input) = known else { return Int64(JH_E_STATE) }
    return input.seek(to: offset)
}

private func write(_ stream: OpaquePointer?, _ bytes: UnsafeRawPointer?, _ length: UInt64) -> Int64 {
    guard let known = unsafe hostState.stream(stream) else { return Int64(HandlerArguments.stale("a stream")) }
    guard case .output(let output) = known else { return Int64(JH_E_STATE) }
    guard length > 0 else { return 0 }
    guard let bytes = unsafe bytes, length <= UInt64(Int32.max) else { return Int64(JH_E_ARGUMENT) }
    return unsafe output.write(UnsafeRawBufferPointer(start: bytes, count: Int(length)))
}

private func close(_ stream: OpaquePointer?) -> Int32 {
    guard let known = unsafe hostState.stream(stream) else { return JH_E_STALE }
    switch known {
    case .input: return JH_OK
    case .output(let output): return output.close()?.code ?? JH_OK
    }
}
