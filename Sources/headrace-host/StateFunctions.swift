import CHandlerABI
import HandlerCalls
import HostProtocol

/// Checkpoints, values by key, and measurements: the part of the table that only the runner can serve.
enum StateFunctions {
    static func putCheckpoint(_ job: OpaquePointer?, _ start: UnsafeRawPointer?, _ length: UInt64) -> Int32 {
        guard let run = unsafe hostState.run(job) else { return HandlerArguments.stale("a job") }
        guard length <= hostState.limits.checkpointBytes else { return JH_E_LIMIT }
        guard let bytes = unsafe HandlerArguments.bytes(start, length, limit: Int(length)) else { return JH_E_ARGUMENT }
        return run.kept.putCheckpoint(unsafe Array(bytes), ask: run.ask)
    }

    static func getCheckpoint(
        _ job: OpaquePointer?, _ buffer: UnsafeMutableRawPointer?, _ capacity: UInt64
    ) -> Int64 {
        guard let run = unsafe hostState.run(job) else { return Int64(HandlerArguments.stale("a job")) }
        switch run.kept.checkpoint(ask: run.ask) {
        case .success(let bytes): return unsafe HandlerArguments.copy(bytes, buffer, capacity)
        case .failure(let failure): return Int64(failure.code)
        }
    }

    static func putValue(
        _ job: OpaquePointer?, _ key: jh_str, _ start: UnsafeRawPointer?, _ length: UInt64
    ) -> Int32 {
        guard let run = unsafe hostState.run(job) else { return HandlerArguments.stale("a job") }
        guard let key = unsafe text(key: key) else { return JH_E_ARGUMENT }
        guard length <= hostState.limits.keyValueBytes else { return JH_E_LIMIT }
        guard let bytes = unsafe HandlerArguments.bytes(start, length, limit: Int(length)) else { return JH_E_ARGUMENT }
        let value = unsafe start == nil ? nil : unsafe Array(bytes)
        return run.kept.putValue(value, key: key, ask: run.ask)
    }

    static func getValue(
        _ job: OpaquePointer?, _ key: jh_str, _ buffer: UnsafeMutableRawPointer?, _ capacity: UInt64
    ) -> Int64 {
        guard let run = unsafe hostState.run(job) else { return Int64(HandlerArguments.stale("a job")) }
        guard let key = unsafe text(key: key) else { return Int64(JH_E_ARGUMENT) }
        switch run.kept.value(of: key, capacity: capacity, ask: run.ask) {
        case .success(let bytes): return unsafe HandlerArguments.copy(bytes, buffer, capacity)
        case .failure(let failure): return Int64(failure.code)
        }
    }

    static func metric(
        _ job: OpaquePointer?, _ kind: Int32, _ name: jh_str, _ value: Double, _ labels: UnsafePointer<jh_field>?,
        _ count: UInt32
    ) -> Int32 {
        guard let run = unsafe hostState.run(job) else { return HandlerArguments.stale("a job") }
        guard let name = unsafe HandlerArguments.text(name, limit: Int(JH_MAX_NAME_BYTES)),
            let labels = unsafe HandlerArguments.fields(labels, count)
        else { return JH_E_ARGUMENT }
        return run.metric(HostMetric(run: run.request.run, kind: kind, name: name, value: value, labels: labels))
    }

    private static func text(key: jh_str) -> String? {
        guard let key = unsafe HandlerArguments.text(key, limit: Int(JH_MAX_NAME_BYTES)), !key.isEmpty else {
            return nil
        }
        return key
    }
}
