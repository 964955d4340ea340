internal import HTTPTypes

/// What a request is answered with.
struct HTTPAnswer: Sendable {
    /// What comes after the head.
    enum Body: Sendable {
        /// Nothing; the length in the head, if any, is that of a body that a HEAD request did not ask for.
        case none
        /// Bytes in memory.
        case bytes([UInt8])
        /// Bytes in files.
        case file(BlobStream)
        /// Lines that come as they happen, until the closure returns or the client is gone.
        case lines(@Sendable (_ write: (String) async throws -> Void) async throws -> Void)
    }

    /// Status and headers without the length.
    var head: HTTPResponse
    /// What comes after the head.
    var body: Body
    /// Whether the connection ends with this answer, as when a body was not read.
    var closesConnection = false
    /// Called when the client was gone before it got the answer.
    var onLoss: (@Sendable () async throws -> Void)?

    init(_ head: HTTPResponse, _ body: Body = .none) {
        self.head = head
        self.body = body
    }
}
