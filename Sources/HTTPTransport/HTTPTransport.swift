package import HTTPTypes

/// Sends HTTP requests and brings back their answers; bodies may go between files and the network.
///
/// Nothing is retried, redirected or decompressed here.
package protocol HTTPTransport: Sendable {
    /// Sends one request and waits until its answer is complete; an answer of any status is a result.
    ///
    /// Cancelling the task ends the exchange and throws ``TransportError/cancelled(host:)``.
    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse
}

/// One exchange: what to send, where to put the answer, how long to wait.
package struct TransportRequest: Sendable {
    /// What a request carries.
    package enum Body: Sendable, Hashable {
        /// No body.
        case none
        /// Bytes in memory.
        case bytes([UInt8])
        /// `length` bytes of a file from `offset` on, read as they are sent.
        case file(path: String, offset: Int64, length: Int64)

        /// The length in bytes.
        package var byteCount: Int64 {
            switch self {
            case .none: 0
            case .bytes(let bytes): Int64(bytes.count)
            case .file(_, _, let length): length
            }
        }
    }

    /// Where the answer's body goes.
    package enum Sink: Sendable, Hashable {
        /// To memory, at most so many bytes.
        case memory(limitBytes: Int)
        /// To a new or truncated file when the status is 2xx; another answer goes to memory, at most 1 MiB.
        case file(path: String)
    }

    /// Method, scheme, authority, path with query, and headers; `Content-Length` and `Host` are made from the rest.
    package var head: HTTPRequest
    /// What to send.
    package var body: Body
    /// Where the answer's body goes.
    package var sink: Sink
    /// How long to wait.
    package var timeouts: TransportTimeouts
    /// Told on the transport's thread how many body bytes went out and came in; must return quickly.
    package var progress: (@Sendable (_ sentBytes: Int64, _ receivedBytes: Int64) -> Void)?
    /// Shown each piece of a 2xx answer's body on the transport's thread, in order; must return quickly.
    package var observer: (any ResponseBodyObserver)?

    /// Makes a request; the answer goes to memory, at most 16 MiB.
    package init(
        head: HTTPRequest, body: Body = .none, sink: Sink = .memory(limitBytes: 16 << 20),
        timeouts: TransportTimeouts = TransportTimeouts()
    ) {
        self.head = head
        self.body = body
        self.sink = sink
        self.timeouts = timeouts
    }
}

/// Sees an answer's body as it comes in, to compute a checksum without reading a file again.
package protocol ResponseBodyObserver: Sendable {
    /// Called with each piece in order; the memory is valid during the call only.
    func received(_ bytes: UnsafeRawBufferPointer)
}

/// How long an exchange may take.
package struct TransportTimeouts: Sendable, Hashable {
    /// To be connected, name look-up and TLS included.
    package var connect: Duration
    /// For the whole exchange; `nil` for no limit, when ``stall`` is one.
    package var total: Duration?
    /// Without a byte in either direction; `nil` for no limit, when ``total`` is one.
    package var stall: Duration?

    /// Makes a set of limits.
    package init(connect: Duration = .seconds(5), total: Duration? = .seconds(60), stall: Duration? = nil) {
        self.connect = connect
        self.total = total
        self.stall = stall
    }
}

/// A complete answer.
package struct TransportResponse: Sendable, Hashable {
    /// Status and headers.
    package var head: HTTPResponse
    /// The body, when it went to memory.
    package var body: [UInt8]
    /// The length of the body in bytes, wherever it went.
    package var bodyByteCount: Int64

    /// Makes an answer.
    package init(head: HTTPResponse, body: [UInt8], bodyByteCount: Int64? = nil) {
        self.head = head
        self.body = body
        self.bodyByteCount = bodyByteCount ?? Int64(body.count)
    }
}
