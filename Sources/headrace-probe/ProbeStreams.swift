import CHandlerABI
import Glibc
import ProbeProtocol
import Synchronization

/// What a stream handle stands for.
enum ProbeStream: Sendable {
    case input(ProbeInput)
    case output(ProbeOutput)
}

/// A reader of one input: a file, or a file whose lines behind the first repeat up to a size.
final class ProbeInput: Sendable {
    /// Files up to this size can be repeated.
    private static let patternLimit = 4 << 20
    private static let patternBytes = 256 << 10

    let name: String
    let size: Int64
    private let head: [UInt8]
    private let pattern: [UInt8]
    private let place = Mutex<Int64>(0)

    /// Opens an input; `nil` when its file cannot be read.
    init?(_ input: ProbeRun.Input) {
        guard let bytes = WholeFile.read(input.path) else { return nil }
        name = input.name
        guard let sizeBytes = input.sizeBytes, !bytes.isEmpty, bytes.count <= Self.patternLimit else {
            (head, pattern, size) = (bytes, [], Int64(bytes.count))
            return
        }
        let firstLine = bytes.firstIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let body = Array(firstLine < bytes.count ? bytes[firstLine...] : bytes[...])
        let copies = max(Self.patternBytes / body.count, 1)
        head = bytes
        pattern = Array(repeatElement(body, count: copies).joined())
        size = sizeBytes
    }

    /// Copies up to a capacity; 0 at the end.
    func read(into buffer: UnsafeMutableRawPointer, capacity: Int) -> Int {
        place.withLock { place in
            let left = Int64(capacity) < size - place ? capacity : Int(size - place)
            guard left > 0 else { return 0 }
            let (source, start) =
                place < Int64(head.count)
                ? (head, Int(place)) : (pattern, Int((place - Int64(head.count)) % Int64(pattern.count)))
            let count = min(left, source.count - start)
            unsafe source.withUnsafeBytes { bytes in
                unsafe UnsafeMutableRawBufferPointer(start: buffer, count: count)
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
            }
            place += Int64(count)
            return count
        }
    }

    func seek(to offset: UInt64) -> Int64 {
        guard offset <= UInt64(size) else { return Int64(JH_E_ARGUMENT) }
        place.withLock { $0 = Int64(offset) }
        return Int64(offset)
    }
}

/// The file of one output; small writes are collected.
final class ProbeOutput: Sendable {
    private static let bufferBytes = 65_536

    private struct State {
        var descriptor: Int32
        var buffer: [UInt8] = []
    }

    let name: String
    private let state: Mutex<State>

    /// Makes the file; `nil` when it cannot be made.
    init?(name: String, path: String) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        self.name = name
        state = Mutex(State(descriptor: descriptor))
    }

    func write(_ bytes: UnsafeRawBufferPointer) {
        state.withLock { state in
            unsafe state.buffer.append(contentsOf: bytes)
            if state.buffer.count >= Self.bufferBytes { flush(&state) }
        }
    }

    func close() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            flush(&state)
            Glibc.close(state.descriptor)
            state.descriptor = -1
        }
    }

    private func flush(_ state: inout State) {
        // Not the handler's fault, and no verdict could be trusted after it.
        if WholeFile.write(state.buffer, to: state.descriptor) != 0 {
            ProbeFailure.end("the output \(name) cannot be written to the checker's directory")
        }
        state.buffer.removeAll(keepingCapacity: true)
    }
}

/// Files that are read and written at once.
enum WholeFile {
    /// The bytes of a file; `nil` when it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(file, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: block[..<count])
        }
    }

    /// Replaces a file in one step; returns 0 or an errno.
    static func write(_ bytes: [UInt8], to path: String) -> Int32 {
        let fresh = path + ".new"
        let file = unsafe open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return errno }
        let failed = write(bytes, to: file)
        close(file)
        guard failed == 0 else { return failed }
        return unsafe rename(fresh, path) == 0 ? 0 : errno
    }

    /// Removes a file that need not be there; returns 0 or an errno.
    static func remove(_ path: String) -> Int32 {
        unsafe unlink(path) == 0 || errno == ENOENT ? 0 : errno
    }

    /// Writes all bytes to a descriptor; returns 0 or an errno.
    static func write(_ bytes: [UInt8], to file: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            rest = rest.dropFirst(count)
        }
        return 0
    }
}
