import CHandlerABI
import HandlerCalls
import ProbeProtocol

/// The functions about what outlives a run.
enum StateCalls {
    static func putCheckpoint(_ job: OpaquePointer?, _ start: UnsafeRawPointer?, _ length: UInt64) -> Int32 {
        guard let run = unsafe probeState.run(job, "checkpoint_put") else { return JH_E_STALE }
        guard length <= UInt64(run.conditions.checkpointLimitBytes) else { return JH_E_LIMIT }
        guard let bytes = unsafe HandlerArguments.bytes(start, length, limit: Int(length)) else {
            run.note("checkpoint_put: the bytes are NULL")
            return JH_E_ARGUMENT
        }
        if let code = run.fault(.checkpoint) { return code }
        guard unsafe WholeFile.write(Array(bytes), to: run.plan.stateDirectory + "/checkpoint") == 0 else {
            return JH_E_IO
        }
        run.didCheckpoint()
        return JH_OK
    }

    /// Removes the checkpoint of a job; returns 0 or an errno.
    static func forgetCheckpoint(of plan: ProbeRun) -> Int32 { WholeFile.remove(plan.stateDirectory + "/checkpoint") }

    static func getCheckpoint(_ job: OpaquePointer?, _ buffer: UnsafeMutableRawPointer?, _ capacity: UInt64) -> Int64 {
        guard let run = unsafe probeState.run(job, "checkpoint_get") else { return Int64(JH_E_STALE) }
        if let code = run.fault(.checkpoint) { return Int64(code) }
        guard let bytes = WholeFile.read(run.plan.stateDirectory + "/checkpoint") else { return Int64(JH_E_NOT_FOUND) }
        return unsafe HandlerArguments.copy(bytes, buffer, capacity)
    }

    static func putValue(_ job: OpaquePointer?, _ key: jh_str, _ start: UnsafeRawPointer?, _ length: UInt64) -> Int32 {
        guard let run = unsafe probeState.run(job, "kv_put") else { return JH_E_STALE }
        guard let path = unsafe path(key, run, "kv_put") else { return JH_E_ARGUMENT }
        guard length <= UInt64(run.conditions.keyValueLimitBytes) else { return JH_E_LIMIT }
        guard let bytes = unsafe HandlerArguments.bytes(start, length, limit: Int(length)) else {
            run.note("kv_put: the bytes are NULL")
            return JH_E_ARGUMENT
        }
        if let code = run.fault(.keyValue) { return code }
        guard unsafe start != nil else { return WholeFile.remove(path) == 0 ? JH_OK : JH_E_IO }
        return unsafe WholeFile.write(Array(bytes), to: path) == 0 ? JH_OK : JH_E_IO
    }

    static func getValue(
        _ job: OpaquePointer?, _ key: jh_str, _ buffer: UnsafeMutableRawPointer?, _ capacity: UInt64
    ) -> Int64 {
        guard let run = unsafe probeState.run(job, "kv_get") else { return Int64(JH_E_STALE) }
        guard let path = unsafe path(key, run, "kv_get") else { return Int64(JH_E_ARGUMENT) }
        if let code = run.fault(.keyValue) { return Int64(code) }
        guard let bytes = WholeFile.read(path) else { return Int64(JH_E_NOT_FOUND) }
        return unsafe HandlerArguments.copy(bytes, buffer, capacity)
    }

    /// The file of a key, named by the key's FNV-1a digest: keys may be longer than names of files.
    private static func path(_ key: jh_str, _ run: ProbedRun, _ call: String) -> String? {
        guard let key = unsafe HandlerArguments.text(key, limit: Int(JH_MAX_NAME_BYTES)), !key.isEmpty else {
            run.note("\(call): the key is no UTF-8 text of 1 to \(JH_MAX_NAME_BYTES) bytes")
            return nil
        }
        let digest = key.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return run.plan.stateDirectory + "/kv-" + String(digest, radix: 16)
    }
}
