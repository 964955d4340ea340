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
        var metrics: [JobTest.Metric] = []
        var reads = 0
        var writes = 0
        var checkpoints = 0
        var outputBytes = 0
        var randomState: UInt64
        var uptime = Duration.zero
        var checkpoint: [UInt8]?
        var values: [String: [UInt8]]
        var scratch: String?

        func hasReached(_ point: JobTest.Conditions.Cancellation) -> Bool {
            switch point {
            case .start: true
            case .reads(let count): reads >= count
            case .writes(let count): writes >= count
            case .checkpoints(let count): checkpoints >= count
            case .progress(let fraction): progress.contains { $0.fraction >= fraction }
            }
        }
    }

    private let inputs: [String: [UInt8]]
    private let conditions: JobTest.Conditions
    private let state: Mutex<State>

    init(inputs: [String: [UInt8]], conditions: JobTest.Conditions) {
        self.inputs = inputs
        self.conditions = conditions
        state = Mutex(
            State(
                randomState: conditions.seed, checkpoint: conditions.checkpoint, values: conditions.values))
    }

    var jobID: String { conditions.jobID }
    var attempt: Int { conditions.attempt }
    var timeLeft: Duration { conditions.timeLeft }
    var wallTime: Duration { conditions.wallTime + uptime }

    var uptime: Duration {
        state.withLock { state in
            defer { state.uptime += conditions.clockStep }
            return state.uptime
        }
    }

    var isCancelled: Bool {
        guard let point = conditions.cancellation else { return false }
        return state.withLock { $0.hasReached(point) }
    }

    func report(_ outcome: Result<JSONValue, HandlerError>) -> JobTest.Report {
        state.withLock { state in
            JobTest.Report(
                outcome: outcome, outputs: state.outputs, contentTypes: state.contentTypes,
                logs: state.logs,
                progress: state.progress, metrics: state.metrics, checkpoint: state.checkpoint,
                values: state.values)
        }
    }

    /// Jumps.
    func sleep(until uptime: Duration) async throws {
        noticeCancellation()
        try Task.checkCancellation()
        state.withLock { $0.uptime = max($0.uptime, uptime) }
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
        inputs[name].map {
            MemoryInput(name: name, bytes: $0, perRead: conditions.bytesPerRead, backend: self)
        }
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
        noticeCancellation()
    }

    func log(_ level: JobLogLevel, _ message: String, fields: [String: String]) {
        state.withLock {
            $0.logs.append(JobTest.LogLine(level: level, message: message, fields: fields))
        }
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

    func record(_ kind: JobMetricKind, _ name: String, _ value: Double, labels: [String: String]) {
        state.withLock { $0.metrics.append(JobTest.Metric(kind, name, value, labels: labels)) }
    }
}

// MARK: - Checkpoint and values

extension MemoryBackend {
    func saveCheckpoint(_ bytes: [UInt8]) throws(HandlerError) {
        guard bytes.count <= conditions.checkpointLimit else { throw HostStatus.checkpointFailure(-5) }
        state.withLock { state in
            state.checkpoint = bytes
            state.checkpoints += 1
        }
        noticeCancellation()
    }

    func loadCheckpoint() throws(HandlerError) -> [UInt8]? { state.withLock { $0.checkpoint } }

    func setValue(_ bytes: [UInt8]?, forKey key: String) throws(HandlerError) {
        try check(key)
        state.withLock { $0.values[key] = bytes?.isEmpty ?? true ? nil : bytes }
    }

    func value(forKey key: String) throws(HandlerError) -> [UInt8]? {
        try check(key)
        return state.withLock { $0.values[key] }
    }

    private func check(_ key: String) throws(HandlerError) {
        guard (1...255).contains(key.utf8.count) else { throw HostStatus.storeFailure(-1, key: key) }
    }
}

// MARK: - Streams

extension MemoryBackend {
    fileprivate func beginRead(_ name: String) throws(HandlerError) {
        let number = state.withLock { state in
            defer { state.reads += 1 }
            return state.reads
        }
        noticeCancellation()
        if let failing = conditions.failingRead, number >= failing {
            throw HostStatus.inputFailure(-4, name: name)
        }
    }

    fileprivate func append(_ bytes: [UInt8], to name: String) throws(HandlerError) {
        let fits = state.withLock { state in
            guard state.outputBytes + bytes.count <= conditions.outputLimit else { return false }
            state.outputBytes += bytes.count
            state.outputs[name, default: []].append(contentsOf: bytes)
            state.writes += 1
            return true
        }
        guard fits else { throw HostStatus.outputFailure(-5, name: name) }
        noticeCancellation()
    }

    /// A host cancels the run's task as well; here that is the task that got there.
    private func noticeCancellation() {
        if isCancelled { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
    }
}

private final class MemoryInput: InputSource {
    private let name: String
    private let bytes: [UInt8]
    private let perRead: Int
    private let backend: MemoryBackend
    private var position = 0

    init(name: String, bytes: [UInt8], perRead: Int, backend: MemoryBackend) {
        self.name = name
        self.bytes = bytes
        self.perRead = perRead
        self.backend = backend
    }

    var size: Int { bytes.count }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(HandlerError) -> Int {
        try backend.beginRead(name)
        let count = min(buffer.count, bytes.count - position, perRead)
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
