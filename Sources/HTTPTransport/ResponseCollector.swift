internal import Glibc
internal import HTTPTypes

/// The answer while it comes in: the head line by line, the body to memory or to a file.
struct ResponseCollector {
    /// The most that an answer with an error status may put into memory.
    static let errorLimitBytes = 1 << 20

    private let sink: TransportRequest.Sink
    private let observer: (any ResponseBodyObserver)?
    private var head: HTTPResponse?
    private var isHeadComplete = false
    private var body: [UInt8] = []
    private var descriptor: Int32 = -1
    private(set) var byteCount: Int64 = 0

    init(_ sink: TransportRequest.Sink, observer: (any ResponseBodyObserver)?) {
        self.sink = sink
        self.observer = observer
    }

    /// Whether the status line of a final answer has come.
    var hasHead: Bool { head.map { $0.status.code >= 200 } ?? false }

    /// The answer, when its head is there.
    var response: TransportResponse? {
        head.map { TransportResponse(head: $0, body: body, bodyByteCount: byteCount) }
    }

    /// Takes one line of the head, with its line end; a status line starts a new head.
    mutating func receive(headerLine bytes: UnsafeRawBufferPointer, host: String) -> TransportError? {
        var line = unsafe String(decoding: bytes, as: UTF8.self)[...]
        while let last = line.utf8.last, last == 0x0D || last == 0x0A { line = line.dropLast() }
        if line.hasPrefix("HTTP/"), !isHeadComplete || !hasHead {
            let parts = line.split(separator: " ", maxSplits: 2)
            guard parts.count >= 2, let code = Int(parts[1]), (100...999).contains(code) else {
                return .notHTTP(host: host, detail: "the status line is '\(line)'")
            }
            let reason = parts.count > 2 ? String(parts[2]) : ""
            head = HTTPResponse(status: .init(code: code, reasonPhrase: reason))
            isHeadComplete = false
        } else if line.isEmpty {
            isHeadComplete = true
            return hasHead ? openSink() : nil
        } else if let colon = line.firstIndex(of: ":"), let name = HTTPField.Name(String(line[..<colon])) {
            head?.headerFields.append(HTTPField(name: name, value: String(line[line.index(after: colon)...])))
        }
        return nil
    }

    /// Takes the next piece of the body.
    mutating func receive(_ bytes: UnsafeRawBufferPointer, host: String) -> TransportError? {
        byteCount += Int64(bytes.count)
        if isSuccess { unsafe observer?.received(bytes) }
        if descriptor >= 0 { return unsafe write(bytes) }
        let limit =
            if case .memory(let limitBytes) = sink { limitBytes } else { Self.errorLimitBytes }
        guard byteCount <= Int64(limit) else { return .responseTooLarge(host: host, limitBytes: limit) }
        unsafe body.append(contentsOf: bytes)
        return nil
    }

    /// Closes the file, if one is open, and says whether everything arrived on it.
    mutating func close() -> TransportError? {
        guard descriptor >= 0, case .file(let path) = sink else { return nil }
        let status = Glibc.close(descriptor)
        descriptor = -1
        return status == 0 ? nil : .fileUnwritable(path: path, errno: errno)
    }

    private var isSuccess: Bool { head.map { (200...299).contains($0.status.code) } ?? false }

    private mutating func openSink() -> TransportError? {
        guard case .file(let path) = sink, isSuccess, descriptor < 0 else { return nil }
        descriptor = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        return descriptor < 0 ? .fileUnwritable(path: path, errno: errno) : nil
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> TransportError? {
        guard case .file(let path) = sink else { return nil }
        var done = 0
        while done < bytes.count {
            let count = unsafe Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .fileUnwritable(path: path, errno: errno) }
            done += count
        }
        return nil
    }
}
