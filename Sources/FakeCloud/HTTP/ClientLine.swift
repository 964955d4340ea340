internal import NIOCore

/// The way back to a client, as far as answers depend on it.
struct ClientLine: Sendable {
    /// Where the client is; `nil` when it is gone already.
    let address: SocketAddress?
    /// Tells when the client is gone; `nil` for a client that cannot go.
    let watch: @Sendable () async -> ConnectionWatch?

    /// The line of a connection.
    init(_ channel: any Channel) {
        address = channel.remoteAddress
        watch = { await ConnectionWatch.of(channel) }
    }

    /// The line of a caller in the same process, who waits for every answer.
    init() {
        address = nil
        watch = { nil }
    }
}
