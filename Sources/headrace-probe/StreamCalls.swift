import CHandlerABI
import HandlerCalls
import ProbeProtocol

/// The functions about inputs and outputs.
enum StreamCalls {
    static func openInput(
        _ job: OpaquePointer?, _ name: jh_str, _ stream: UnsafeMutablePointer<OpaquePointer?>?
    ) -> Int32 {
        guard let run = unsafe probeState.run(job, "open_input") else { return JH_E_STALE }
        guard let stream = unsafe stream, let name = unsafe text(name) else {
            run.note("open_input: the name is no UTF-8 text, or there is no place for the stream")
            return JH_E_ARGUMENT
        }
        guard let wanted = run.plan.inputs.first(where: { $0.name == name }) else { return JH_E_NOT_FOUND }
        if let code = run.fault(.openInput) { return code }
        guard let input = ProbeInput(wanted) else { return JH_E_IO }
        unsafe stream.pointee = handle(run, .input(input))
        return JH_OK
    }

    static func openOutput(
        _ job: OpaquePointer?, _ name: jh_str, _ type: jh_str, _ stream: UnsafeMutablePointer<OpaquePointer?>?
    ) -> Int32 {
        guard let run = unsafe probeState.run(job, "open_output") else { return JH_E_STALE }
        guard let stream = unsafe stream, let name = unsafe text(name), unsafe text(type) != nil else {
            run.note("open_output: the name or the type is no UTF-8 text, or there is no place for the stream")
            return JH_E_ARGUMENT
        }
        guard run.plan.outputs.contains(name) else {
            run.note("open_output: the manifest has no output \(name)")
            return JH_E_NOT_FOUND
        }
        guard run.isFirstOutput(name) else {
            run.note("open_output: \(name) was opened before in this run")
            return JH_E_STATE
        }
        if let code = run.fault(.openOutput) { return code }
        let path = run.plan.outputDirectory + "/" + name
        guard let output = ProbeOutput(name: name, path: path) else { return JH_E_IO }
        unsafe stream.pointee = handle(run, .output(output))
        return JH_OK
    }

    static func inputSize(_ stream: OpaquePointer?) -> Int64 {
        guard let (known, run) = unsafe probeState.stream(stream, "input_size") else { return Int64(JH_E_STALE) }
        guard case .input(let input) = known else { return wrongKind(run, "input_size") }
        return input.size
    }

    static func read(_ stream: OpaquePointer?, _ buffer: UnsafeMutableRawPointer?, _ capacity: UInt64) -> Int64 {
        guard let (known, run) = unsafe probeState.stream(stream, "read") else { return Int64(JH_E_STALE) }
        guard case .input(let input) = known else { return wrongKind(run, "read") }
        guard capacity > 0 else { return 0 }
        guard let buffer = unsafe buffer, capacity <= UInt64(Int32.max) else {
            run.note("read: the buffer is NULL, or has more than \(Int32.max) bytes")
            return Int64(JH_E_ARGUMENT)
        }
        if let code = run.fault(.read) { return Int64(code) }
        let count = unsafe input.read(into: buffer, capacity: run.readRoom(Int(capacity)))
        run.didRead(count)
        return Int64(count)
    }

    static func seek(_ stream: OpaquePointer?, _ offset: UInt64) -> Int64 {
        guard let (known, run) = unsafe probeState.stream(stream, "seek") else { return Int64(JH_E_STALE) }
        guard case .input(let input) = known else { return wrongKind(run, "seek") }
        if let code = run.fault(.seek) { return Int64(code) }
        let place = input.seek(to: offset)
        if place < 0 { run.note("seek: \(offset) is behind the end of the input") }
        return place
    }

    static func write(_ stream: OpaquePointer?, _ bytes: UnsafeRawPointer?, _ length: UInt64) -> Int64 {
        guard let (known, run) = unsafe probeState.stream(stream, "write") else { return Int64(JH_E_STALE) }
        guard case .output(let output) = known else { return wrongKind(run, "write") }
        guard length > 0 else { return 0 }
        guard let bytes = unsafe bytes, length <= UInt64(Int32.max) else {
            run.note("write: the bytes are NULL, or more than \(Int32.max)")
            return Int64(JH_E_ARGUMENT)
        }
        if let code = run.fault(.write) { return Int64(code) }
        let count = run.writeRoom(Int(length))
        unsafe output.write(UnsafeRawBufferPointer(start: bytes, count: count))
        run.didWrite(count)
        return Int64(count)
    }

    static func close(_ stream: OpaquePointer?) -> Int32 {
        guard let (known, run) = unsafe probeState.stream(stream, "close") else { return JH_E_STALE }
        if let place = unsafe ProbeHandle.stream(of: stream)?.place { run.closeStream(place) }
        guard case .output(let output) = known else { return JH_OK }
        output.close()
        return run.fault(.close) ?? JH_OK
    }

    private static func handle(_ run: ProbedRun, _ stream: ProbeStream) -> OpaquePointer? {
        unsafe ProbeHandle.stream(run: run.number, place: run.add(stream))
    }

    private static func text(_ string: jh_str) -> String? {
        unsafe HandlerArguments.text(string, limit: Int(JH_MAX_NAME_BYTES))
    }

    private static func wrongKind(_ run: ProbedRun, _ call: String) -> Int64 {
        run.note("\(call): the stream is of the other kind")
        return Int64(JH_E_STATE)
    }
}
