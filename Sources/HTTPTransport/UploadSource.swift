internal import Glibc

/// The body of a request while it is sent: bytes in memory or a region of an open file.
struct UploadSource {
    private let body: TransportRequest.Body
    private var descriptor: Int32 = -1
    private var position: Int64 = 0

    init(_ body: TransportRequest.Body) { self.body = body }

    /// Opens the file, if it is one.
    mutating func open() -> TransportError? {
        guard case .file(let path, _, _) = body else { return nil }
        descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        return descriptor < 0 ? .fileUnreadable(path: path, errno: errno) : nil
    }

    /// Closes the file, if one is open.
    mutating func close() {
        guard descriptor >= 0 else { return }
        _ = Glibc.close(descriptor)
        descriptor = -1
    }

    /// Goes to a place in the body, to send it again.
    mutating func seek(to offset: Int64) { position = offset }

    /// Copies the next bytes; 0 at the end.
    mutating func read(into room: UnsafeMutableRawBufferPointer) -> Result<Int, TransportError> {
        let wanted = Int(min(Int64(room.count), body.byteCount - position))
        guard wanted > 0 else { return .success(0) }
        switch body {
        case .none: return .success(0)
        case .bytes(let bytes):
            let start = Int(position)
            unsafe bytes.withUnsafeBytes { unsafe room.copyMemory(from: .init(rebasing: $0[start..<(start + wanted)])) }
            position += Int64(wanted)
            return .success(wanted)
        case .file(let path, let offset, _):
            var count = unsafe pread(descriptor, room.baseAddress, wanted, Int(offset + position))
            while count < 0, errno == EINTR {
                count = unsafe pread(descriptor, room.baseAddress, wanted, Int(offset + position))
            }
            guard count > 0 else {
                return .failure(.fileUnreadable(path: path, errno: count < 0 ? errno : 0))
            }
            position += Int64(count)
            return .success(count)
        }
    }
}
