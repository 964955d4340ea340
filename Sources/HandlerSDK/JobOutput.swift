/// A writer of one output; for one thread at a time.
///
/// Small writes are cheap: the host collects them.
public final class JobOutput {
    /// The name that it was opened with.
    public let name: String
    /// The bytes written so far.
    public private(set) var size = 0
    private let sink: any OutputSink
    private var isClosed = false

    init(name: String, sink: any OutputSink) {
        self.name = name
        self.sink = sink
    }

    /// Appends bytes.
    ///
    /// - Parameter bytes: the bytes.
    /// - Throws: ``HandlerError/resource(limit:message:)`` when the outputs grow beyond the manifest's limit.
    public func write(_ bytes: [UInt8]) throws(HandlerError) {
        try write(bytes.span)
    }

    /// Appends bytes.
    ///
    /// - Parameter bytes: the bytes.
    /// - Throws: ``HandlerError/resource(limit:message:)`` when the outputs grow beyond the manifest's limit.
    public func write(_ bytes: ArraySlice<UInt8>) throws(HandlerError) {
        try write(bytes.span)
    }

    /// Appends bytes.
    ///
    /// - Parameter bytes: the bytes.
    /// - Throws: ``HandlerError/resource(limit:message:)`` when the outputs grow beyond the manifest's limit.
    public func write(_ bytes: Span<UInt8>) throws(HandlerError) {
        try unsafe bytes.withUnsafeBytes { buffer throws(HandlerError) in try unsafe append(buffer) }
    }

    /// Appends a text as UTF-8.
    ///
    /// - Parameter text: the text.
    /// - Throws: ``HandlerError/resource(limit:message:)`` when the outputs grow beyond the manifest's limit.
    public func write(_ text: String) throws(HandlerError) {
        try write(Array(text.utf8).span)
    }

    /// Appends all blocks of a sequence as they come.
    ///
    /// - Parameter blocks: the blocks, such as ``JobInput/blocks`` of an input.
    /// - Throws: ``HandlerError/resource(limit:message:)`` when the outputs grow beyond the manifest's limit, and what
    ///   the sequence throws.
    public func write<Blocks: AsyncSequence>(contentsOf blocks: Blocks) async throws
    where Blocks.Element == [UInt8] {
        for try await block in blocks { try write(block) }
    }

    /// Ends the output; called again it does nothing.
    ///
    /// - Throws: ``HandlerError`` when the last bytes cannot be written.
    public func close() throws(HandlerError) {
        guard !isClosed else { return }
        isClosed = true
        try sink.close()
    }

    private func append(_ buffer: UnsafeRawBufferPointer) throws(HandlerError) {
        guard !isClosed else {
            throw .failed(
                code: "output-closed", message: "the output \(name) was written to after its end")
        }
        guard buffer.count > 0 else { return }
        try unsafe sink.write(buffer)
        size += buffer.count
    }
}
