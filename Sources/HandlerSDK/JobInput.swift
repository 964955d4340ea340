/// A reader over one input; for one thread at a time.
public final class JobInput {
    /// The size of the blocks that ``nextBlock()`` gives, in bytes.
    public static let blockSize = 262_144

    /// The name that it was opened with.
    public let name: String
    private let source: any InputSource
    private let backend: any JobBackend

    init(name: String, source: any InputSource, backend: any JobBackend) {
        self.name = name
        self.source = source
        self.backend = backend
    }

    deinit { source.close() }

    /// The whole input's size, in bytes.
    public var size: Int { source.size }

    /// Reads the next block.
    ///
    /// - Returns: 1 to ``blockSize`` bytes; `nil` at the end.
    /// - Throws: ``HandlerError/retry(after:code:message:)`` with code `input-unreadable`.
    public func nextBlock() throws(HandlerError) -> [UInt8]? {
        var failure: HandlerError?
        let block = unsafe [UInt8](unsafeUninitializedCapacity: Self.blockSize) { buffer, count in
            do throws(HandlerError) {
                count = try unsafe fill(UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return block.isEmpty ? nil : block
    }

    /// Fills a buffer as far as the input reaches.
    ///
    /// - Parameter buffer: where to put the bytes.
    /// - Returns: how many bytes were read; fewer than the buffer holds only at the end, 0 there.
    /// - Throws: ``HandlerError/retry(after:code:message:)`` with code `input-unreadable`.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(HandlerError) -> Int {
        try unsafe fill(buffer)
    }

    /// Fills an array as far as the input reaches; its length stays.
    ///
    /// - Parameter array: where to put the bytes, from its start.
    /// - Returns: how many bytes were read; fewer than the array holds only at the end, 0 there.
    /// - Throws: ``HandlerError/retry(after:code:message:)`` with code `input-unreadable`.
    public func read(into array: inout [UInt8]) throws(HandlerError) -> Int {
        var span = array.mutableSpan
        return try unsafe span.withUnsafeMutableBytes { buffer throws(HandlerError) -> Int in
            try unsafe fill(buffer)
        }
    }

    /// Reads all that is left.
    ///
    /// - Parameter limit: the most bytes that may be left.
    /// - Returns: the bytes.
    /// - Throws: ``HandlerError/invalidInput(code:message:row:column:hint:details:)`` with code `input-too-large` above the
    ///   limit.
    public func readAll(limit: Int = 64 << 20) throws(HandlerError) -> [UInt8] {
        var bytes: [UInt8] = []
        while let block = try nextBlock() {
            guard bytes.count + block.count <= limit else {
                throw .invalidInput(
                    code: "input-too-large", message: "the input \(name) has more than \(limit) bytes")
            }
            bytes.append(contentsOf: block)
        }
        return bytes
    }

    /// Goes back to the start.
    ///
    /// - Throws: ``HandlerError`` when the run is over.
    public func rewind() throws(HandlerError) { try source.seek(to: 0) }

    /// Goes to a place.
    ///
    /// - Parameter offset: bytes from the start, 0...``size``.
    /// - Throws: ``HandlerError`` when the place is outside.
    public func seek(to offset: Int) throws(HandlerError) { try source.seek(to: offset) }

    /// Stops when the run was told to.
    func checkCancelled() throws(HandlerError) {
        if Task.isCancelled || backend.isCancelled { throw .cancelled }
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(HandlerError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try unsafe source.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            guard count > 0 else { break }
            filled += count
        }
        return filled
    }
}
