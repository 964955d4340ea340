import Glibc
import PureJSON
import Synchronization

/// A ``Job`` in memory, for ``JobTest``.
final class MemoryBackend: JobBackend {
    private struct State {
        var outputs: [String: [UInt8]] = [:]
        var contentTypes: [String: String] = [:]
        var logs: [JobTest.LogLine] = []
        var progress: [JobTest.Progress] = []
        var reads = 0
        var outputBytes = 0
        var randomState: UInt64
        var scratch: String?
    }

    private let inputs: [String: [UInt8]]
    private let conditions: JobTest.Conditions
    private let state: Mutex<State>

    init(inputs: [String: [UInt8]], conditions: JobTest.Conditions) {
        self.inputs = inputs
        self.conditions = conditions
        state = Mutex(State(randomState: conditions.seed))
    }

    var jobID: String { conditions.jobID }
    var attempt: Int { conditions.attempt }
    var timeLeft: Duration { conditions.timeLeft }
    var wallTime: Duration { conditions.wallTime }
    var uptime: Duration { .zero }

    var isCancelled: Bool {
        guard let limit = conditions.cancelAfterReads else { return false }
        return state.withLock { $0.reads >= limit }
    }

    func report(_ outcome: Result<JSONValue, HandlerError>) -> JobTest.Report {
        state.withLock { state in
            JobTest.Report(
                outcome: outcome, outputs: state.outputs, contentTypes: state.contentTypes, logs: state.logs,
                progress: state.progress)
        }
    }

    /// Makes the directory at the first call; it is left to the system's clean-up of temporary files.
    func scratchDirectory() throws(HandlerError) -> String {
        if let known = state.withLock({ $0.scratch }) { return known }
        var template = Array("/tmp/headrace-job-XXXXXX".utf8CString)
        let made = unsafe mkdtemp(&template) != nil
        guard made else {
            throw .retry(code: "scratch-unavailable", message: "no temporary directory (errno \(errno))")
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        state.withLock { $0.scratch = path }
        return path
    }

    func openInput(_ name: String) throws(HandlerError) -> (any InputSource)? {
        inputs[name].map { MemoryInput(bytes: $0, perRead: conditions.bytesPerRead, backend: self) }
    }

    func openOutput(_ name: String, contentType: String) throws(HandlerError) -> any OutputSink {
        let isNew = state.withLock { state in
            guard state.outputs[name] == nil else { return false }
            state.outputs[name] = []
            state.contentTypes[name] = contentType
            return true
        }
        guard isNew else { throw HostStatus.outputFailure(-6, name: name) }
        return MemoryOutput(name: name, backend: self)
    }

    func progress(_ fraction: Double, note: String) {
        state.withLock { $0.progress.append(JobTest.Progress(fraction: fraction, note: note)) }
    }

    func log(_ level: JobLogLevel, _ message: String, fields: [String: String]) {
        state.withLock { $0.logs.append(JobTest.LogLine(level: level, message: message, fields: fields)) }
    }

    /// SplitMix64.
    func randomWord() -> UInt64 {
        state.withLock { state in
            state.randomState &+= 0x9E37_79B9_7F4A_7C15
            var word = state.randomState
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }
    }

    func countRead() { state.withLock { $0.reads += 1 } }

    func append(_ bytes: [UInt8], to name: String) throws(HandlerError) {
        let fits = state.withLock { state in
            guard state.outputBytes + bytes.count <= conditions.outputLimit else { return false }
            state.outputBytes += bytes.count
            state.outputs[name, default: []].append(contentsOf: bytes)
            return true
        }
        guard fits else { throw HostStatus.outputFailure(-5, name: name) }
    }
}

private final class MemoryInput: InputSource {
    private let bytes: [UInt8]
    private let perRead: Int
    private let backend: MemoryBackend
    private var position = 0

    init(bytes: [UInt8], perRead: Int, backend: MemoryBackend) {
        self.bytes = bytes
        self.perRead = perRead
        self.backend = backend
    }

    var size: Int { bytes.count }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HandlerError) -> Int {
        let count = min(buffer.count, bytes.count - position, perRead)
        backend.countRead()
        unsafe buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
    }

    func seek(to offset: Int) throws(HandlerError) {
        guard (0...bytes.count).contains(offset) else {
            throw .failed(code: "input-misused", message: "a place outside the input was asked for")
        }
        position = offset
    }

    func close() {}
}

private struct MemoryOutput: OutputSink {
    let name: String
    let backend: MemoryBackend

    func write(_ bytes: UnsafeRawBufferPointer) throws(HandlerError) {
        try unsafe backend.append(Array(bytes), to: name)
    }

    func close() throws(HandlerError) {}
}
