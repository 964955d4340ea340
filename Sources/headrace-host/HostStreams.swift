import CHandlerABI
import Glibc
import HostProtocol
import Synchronization

/// What a stream handle stands for.
enum HostStream: Sendable {
    case input(InputFile)
    case output(OutputFile)
}

/// A reader of one input with a place of its own; many may share a descriptor.
final class InputFile: Sendable {
    let name: String
    let size: Int64
    private let descriptor: Int32
    private let place = Mutex<Int64>(0)

    /// Takes a descriptor that the run owns; `nil` when it is no readable file.
    init?(name: String, descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        self.name = name
        self.descriptor = descriptor
        size = Int64(status.st_size)
    }

    func read(into buffer: UnsafeMutableRawPointer, capacity: Int) -> Int64 {
        place.withLock { place in
            while true {
                let count = unsafe pread(descriptor, buffer, capacity, off_t(place))
                if count >= 0 {
                    place += Int64(count)
                    return Int64(count)
                }
                guard errno == EINTR else {
                    HostLogLines.fault("reading an input failed", name: name, errno: errno)
                    return Int64(JH_E_IO)
                }
            }
        }
    }

    func seek(to offset: UInt64) -> Int64 {
        guard offset <= UInt64(size) else { return Int64(JH_E_ARGUMENT) }
        place.withLock { $0 = Int64(offset) }
        return Int64(offset)
    }
}

/// The bytes that all outputs of a run together may still take.
final class OutputBudget: Sendable {
    private let left: Mutex<UInt64>

    init(limit: UInt64) { left = Mutex(limit) }

    func take(_ count: UInt64) -> Bool {
        left.withLock { left in
            guard count <= left else { return false }
            left -= count
            return true
        }
    }
}

/// The file of one output; small writes are collected.
final class OutputFile: Sendable {
    private static let bufferBytes = 65_536

    private struct State {
        var descriptor: Int32
        var buffer: [UInt8] = []
        var size: UInt64 = 0
        var failure: ABIFailure?
    }

    let name: String
    let contentType: String
    private let budget: OutputBudget
    private let state: Mutex<State>

    /// Makes the file; `nil` when it cannot be made.
    init?(name: String, contentType: String, path: String, budget: OutputBudget) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            HostLogLines.fault("an output's file cannot be made", name: name, errno: errno)
            return nil
        }
        self.name = name
        self.contentType = contentType
        self.budget = budget
        state = Mutex(State(descriptor: descriptor))
    }

    var size: UInt64 { state.withLock { $0.size } }

    /// Takes all bytes, or gives a `JH_E_` code and takes none from then on.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int64 {
        state.withLock { state in
            guard state.descriptor >= 0 else { return Int64(JH_E_STATE) }
            if let failure = state.failure { return Int64(failure.code) }
            guard budget.take(UInt64(bytes.count)) else {
                state.failure = .limit
                return Int64(JH_E_LIMIT)
            }
            state.size += UInt64(bytes.count)
            if state.buffer.count + bytes.count < Self.bufferBytes {
                unsafe state.buffer.append(contentsOf: bytes)
                return Int64(bytes.count)
            }
            flush(&state)
            if state.failure == nil { unsafe put(bytes, &state) }
            return state.failure.map { Int64($0.code) } ?? Int64(bytes.count)
        }
    }

    /// Writes what is collected and closes; tells the first failure of the whole stream.
    func close() -> ABIFailure? {
        state.withLock { state in
            guard state.descriptor >= 0 else { return state.failure }
            if state.failure == nil { flush(&state) }
            if Glibc.close(state.descriptor) != 0, state.failure == nil { state.failure = .inputOutput }
            state.descriptor = -1
            return state.failure
        }
    }

    private func flush(_ state: inout State) {
        let collected = state.buffer
        state.buffer.removeAll(keepingCapacity: true)
        unsafe collected.withUnsafeBytes { unsafe put($0, &state) }
    }

    private func put(_ bytes: UnsafeRawBufferPointer, _ state: inout State) {
        var done = 0
        while done < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = unsafe Glibc.write(state.descriptor, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                HostLogLines.fault("writing an output failed", name: name, errno: errno)
                state.failure = .inputOutput
                return
            }
            done += count
        }
    }
}

/// Lines that the host itself adds to a run's log.
enum HostLogLines {
    static func fault(_ message: String, name: String, errno code: Int32) {
        let fields = [
            HostLog.Field(key: "name", value: name), HostLog.Field(key: "errno", value: "\(code)"),
        ]
        hostState.channel.send(.log(HostLog(run: 0, level: JH_LOG_ERROR, message: message, fields: fields)))
    }

    /// Something that the contract forbids and that does no harm but to the handler.
    static func misbehaviour(_ message: String) {
        guard hostState.logBudget.take() else { return }
        let line = "handler misbehaved: " + message
        hostState.channel.send(.log(HostLog(run: 0, level: JH_LOG_WARNING, message: line, fields: [])))
    }
}
