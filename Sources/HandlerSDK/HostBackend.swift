import CHandlerABI

/// A ``Job`` on top of the host's function table.
///
/// SAFETY: the table lives as long as the process; the job is a handle that the host checks on every call; every
/// function used here is tagged [any], or [job] and reached only through `JobInput` and `JobOutput`, which are not
/// Sendable.
@safe struct HostBackend: JobBackend, @unchecked Sendable {
    let host: UnsafePointer<jh_host>
    let job: OpaquePointer

    var jobID: String {
        String(decoding: unsafe HostText.copy { unsafe host.pointee.job_id(job, $0, $1) }, as: UTF8.self)
    }

    var attempt: Int { unsafe Int(host.pointee.attempt(job)) }

    var isCancelled: Bool { unsafe host.pointee.cancelled(job) != 0 }

    var timeLeft: Duration { unsafe .milliseconds(max(host.pointee.time_left_ms(job), 0)) }

    var wallTime: Duration { unsafe .nanoseconds(host.pointee.wall_ns(job)) }

    var uptime: Duration { unsafe .nanoseconds(host.pointee.mono_ns(job)) }

    var payload: [UInt8] { unsafe HostText.copy { unsafe host.pointee.payload_json(job, $0, $1) } }

    func scratchDirectory() throws(HandlerError) -> String {
        let path = unsafe HostText.copy { unsafe host.pointee.scratch_directory(job, $0, $1) }
        guard !path.isEmpty else { throw HostStatus.staleHandle }
        return String(decoding: path, as: UTF8.self)
    }

    func openInput(_ name: String) throws(HandlerError) -> (any InputSource)? {
        var stream: OpaquePointer?
        let status = unsafe HostText.with(name) { unsafe host.pointee.open_input(job, $0, &stream) }
        if status == JH_E_NOT_FOUND { return nil }
        guard status == JH_OK, let stream = unsafe stream else {
            throw HostStatus.inputFailure(status, name: name)
        }
        return unsafe HostInput(host: host, stream: stream, name: name)
    }

    func openOutput(_ name: String, contentType: String) throws(HandlerError) -> any OutputSink {
        var stream: OpaquePointer?
        let status = unsafe HostText.with(name) { name in
            unsafe HostText.with(contentType) { unsafe host.pointee.open_output(job, name, $0, &stream) }
        }
        guard status == JH_OK, let stream = unsafe stream else {
            throw HostStatus.outputFailure(status, name: name)
        }
        return unsafe HostOutput(host: host, stream: stream, name: name)
    }

    func progress(_ fraction: Double, note: String) {
        _ = unsafe HostText.with(HostText.clipped(note, to: Int(JH_MAX_LOG_BYTES))) {
            unsafe host.pointee.progress(job, fraction, $0)
        }
    }

    func log(_ level: JobLogLevel, _ message: String, fields: [String: String]) {
        var arena: [UInt8] = []
        var lengths: [(key: Int, value: Int)] = []
        for (key, value) in fields.sorted(by: { $0.key < $1.key }).prefix(HostText.fieldLimit) {
            let key = HostText.clipped(key, to: Int(JH_MAX_NAME_BYTES))
            let value = HostText.clipped(value, to: Int(JH_MAX_LOG_BYTES))
            arena.append(contentsOf: key.utf8)
            arena.append(contentsOf: value.utf8)
            lengths.append((key.utf8.count, value.utf8.count))
        }
        unsafe arena.withUnsafeBytes { bytes in
            var base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            var list: [jh_field] = unsafe []
            for length in lengths {
                let key = unsafe jh_str(ptr: base, len: UInt64(length.key))
                let value = unsafe jh_str(ptr: base.map { unsafe $0 + length.key }, len: UInt64(length.value))
                unsafe list.append(jh_field(key: key, value: value))
                unsafe base = base.map { unsafe $0 + length.key + length.value }
            }
            unsafe HostText.with(HostText.clipped(message, to: Int(JH_MAX_LOG_BYTES))) { text in
                _ = unsafe host.pointee.log(job, level.rawValue, text, list, UInt32(list.count))
            }
        }
    }

    func randomWord() -> UInt64 {
        var word: UInt64 = 0
        _ = unsafe host.pointee.random(job, &word, 8)
        return word
    }
}

/// An input of the host.
@safe struct HostInput: InputSource {
    let host: UnsafePointer<jh_host>
    let stream: OpaquePointer
    let name: String

    var size: Int { unsafe Int(max(host.pointee.input_size(stream), 0)) }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HandlerError) -> Int {
        let count = unsafe host.pointee.read(stream, buffer.baseAddress, UInt64(buffer.count))
        guard count >= 0 else { throw HostStatus.inputFailure(Int32(truncatingIfNeeded: count), name: name) }
        return Int(count)
    }

    func seek(to offset: Int) throws(HandlerError) {
        let place = offset < 0 ? Int64(JH_E_ARGUMENT) : unsafe host.pointee.seek(stream, UInt64(offset))
        guard place >= 0 else { throw HostStatus.inputFailure(Int32(truncatingIfNeeded: place), name: name) }
    }

    func close() { _ = unsafe host.pointee.close(stream) }
}

/// An output of the host.
@safe struct HostOutput: OutputSink {
    let host: UnsafePointer<jh_host>
    let stream: OpaquePointer
    let name: String

    func write(_ bytes: UnsafeRawBufferPointer) throws(HandlerError) {
        var written = 0
        while written < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
            let count = unsafe host.pointee.write(stream, rest.baseAddress, UInt64(rest.count))
            guard count > 0 else { throw HostStatus.outputFailure(Int32(truncatingIfNeeded: count), name: name) }
            written += Int(count)
        }
    }

    func close() throws(HandlerError) {
        let status = unsafe host.pointee.close(stream)
        guard status == JH_OK else { throw HostStatus.outputFailure(status, name: name) }
    }
}

/// What the host's failure codes mean to a handler.
enum HostStatus {
    static let staleHandle = HandlerError.failed(
        code: "stale-handle", message: "the job was used after its run had ended")

    static func inputFailure(_ status: Int32, name: String) -> HandlerError {
        switch status {
        case JH_E_STALE: staleHandle
        case JH_E_ARGUMENT: .failed(code: "input-misused", message: "a place outside the input \(name) was asked for")
        default: .retry(code: "input-unreadable", message: "the input \(name) cannot be read (host code \(status))")
        }
    }

    static func outputFailure(_ status: Int32, name: String) -> HandlerError {
        switch status {
        case JH_E_STALE: staleHandle
        case JH_E_LIMIT:
            .resource(limit: "outputBytes", message: "the outputs grew beyond the limit while writing \(name)")
        case JH_E_STATE: .failed(code: "output-misused", message: "the output \(name) is opened twice or is closed")
        case JH_E_ARGUMENT, JH_E_NOT_FOUND:
            .failed(code: "output-name", message: "the manifest does not allow an output named \(name)")
        default:
            .retry(code: "output-unwritable", message: "the output \(name) cannot be written (host code \(status))")
        }
    }
}

/// Text across the C interface.
enum HostText {
    /// Fields of a log line beyond these are left out.
    static let fieldLimit = 64

    /// A text that is not longer than the host takes; cut between characters.
    static func clipped(_ text: String, to limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }

    /// Lends a string for the time of a call.
    static func with<R>(_ text: String, _ body: (jh_str) -> R) -> R {
        var text = text
        return text.withUTF8 { bytes in
            let base = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            return unsafe body(jh_str(ptr: base, len: UInt64(bytes.count)))
        }
    }

    /// Pulls bytes through a function that copies up to a capacity and returns the whole length.
    static func copy(_ pull: (UnsafeMutablePointer<CChar>?, UInt64) -> Int64) -> [UInt8] {
        var capacity = 256
        while true {
            var needed = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                let base = unsafe UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
                needed = Int(unsafe pull(base, UInt64(capacity)))
                count = max(min(needed, capacity), 0)
            }
            guard needed > capacity else { return bytes }
            capacity = needed
        }
    }
}
