/// Why an exchange gave no complete answer.
package enum TransportError: Error, Sendable, Hashable {
    /// What took too long.
    package enum Phase: String, Sendable, Hashable {
        /// The connection, with name look-up and TLS.
        case connect
        /// The whole exchange.
        case total
        /// No byte moved.
        case stall
    }

    /// The request cannot be sent as it is.
    case invalidRequest(detail: String)
    /// The host's name has no address.
    case hostNotFound(host: String)
    /// Nobody listens there.
    case connectionRefused(host: String)
    /// There is no way to the host.
    case unreachable(host: String, detail: String)
    /// The host's certificate or TLS is not acceptable.
    case tlsFailed(host: String, detail: String)
    /// A limit of ``TransportTimeouts`` passed.
    case timedOut(host: String, phase: Phase)
    /// The connection ended before the answer began.
    case connectionLost(host: String, detail: String)
    /// The connection ended in the middle of the answer.
    case truncated(host: String, receivedBytes: Int64)
    /// The answer is longer than the caller takes.
    case responseTooLarge(host: String, limitBytes: Int)
    /// What came back is not HTTP.
    case notHTTP(host: String, detail: String)
    /// The file to send cannot be read, or is shorter than announced (`errno` 0).
    case fileUnreadable(path: String, errno: Int32)
    /// The file to receive into cannot be written.
    case fileUnwritable(path: String, errno: Int32)
    /// The caller gave up.
    case cancelled(host: String)
    /// The transport has been shut down.
    case shutDown

    /// Whether the same exchange may succeed a moment later.
    package var isTransient: Bool {
        switch self {
        case .hostNotFound, .connectionRefused, .unreachable, .timedOut, .connectionLost, .truncated: true
        case .invalidRequest, .tlsFailed, .responseTooLarge, .notHTTP, .fileUnreadable, .fileUnwritable, .cancelled,
            .shutDown:
            false
        }
    }

    /// Whether this machine's disk is to blame.
    package var isLocalStorage: Bool {
        switch self {
        case .fileUnreadable, .fileUnwritable: true
        default: false
        }
    }

    /// A short word for logs.
    package var code: String {
        switch self {
        case .invalidRequest: "InvalidRequest"
        case .hostNotFound: "HostNotFound"
        case .connectionRefused: "ConnectionRefused"
        case .unreachable: "Unreachable"
        case .tlsFailed: "TLSFailed"
        case .timedOut: "TimedOut"
        case .connectionLost: "ConnectionLost"
        case .truncated: "Truncated"
        case .responseTooLarge: "ResponseTooLarge"
        case .notHTTP: "NotHTTP"
        case .fileUnreadable: "FileUnreadable"
        case .fileUnwritable: "FileUnwritable"
        case .cancelled: "Cancelled"
        case .shutDown: "ShutDown"
        }
    }
}

extension TransportError: CustomStringConvertible {
    /// What happened, where, and what to do next.
    package var description: String {
        switch self {
        case .invalidRequest(let detail): "the request cannot be sent: \(detail)"
        case .hostNotFound(let host): "the name \(host) has no address; check the endpoint and DNS"
        case .connectionRefused(let host): "nobody listens at \(host); check the endpoint and that the service runs"
        case .unreachable(let host, let detail): "\(host) cannot be reached (\(detail)); check the network"
        case .tlsFailed(let host, let detail): "no trusted TLS connection to \(host) (\(detail)); check certificates"
        case .timedOut(let host, .connect): "\(host) did not accept a connection in time; check the network"
        case .timedOut(let host, .total): "\(host) did not answer in time; try again or raise the limit"
        case .timedOut(let host, .stall): "the transfer with \(host) stood still for too long; try again"
        case .connectionLost(let host, let detail): "\(host) closed the connection (\(detail)); try again"
        case .truncated(let host, let received): "\(host) ended its answer after \(received) bytes; try again"
        case .responseTooLarge(let host, let limit): "the answer of \(host) is longer than \(limit) bytes"
        case .notHTTP(let host, let detail): "\(host) does not speak HTTP (\(detail)); check the endpoint"
        case .fileUnreadable(let path, 0): "\(path) is shorter than announced; it changed while it was sent"
        case .fileUnreadable(let path, let errno): "\(path) cannot be read (errno \(errno)); check it and its rights"
        case .fileUnwritable(let path, let errno):
            "\(path) cannot be written (errno \(errno)); check the disk's space and the directory's rights"
        case .cancelled(let host): "the exchange with \(host) was cancelled"
        case .shutDown: "the transport has been shut down"
        }
    }
}
