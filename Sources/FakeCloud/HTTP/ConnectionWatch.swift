internal import NIOCore
internal import Synchronization

/// Tells who waits on a connection that its client is gone.
///
/// A client that will get no answer any more has closed its side: the handler sees the end of the input even while a
/// request is being answered.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    private struct State: Sendable {
        var isLost = false
        var lastID = 0
        var observers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Whether the client is gone.
    var isLost: Bool { state.withLock { $0.isLost } }

    /// Calls once when the client is gone, at once if it is already; returns a number for ``forget(_:)``.
    func onLoss(_ observer: @escaping @Sendable () -> Void) -> Int {
        let (id, isLost) = state.withLock { state in
            state.lastID += 1
            if !state.isLost { state.observers[state.lastID] = observer }
            return (state.lastID, state.isLost)
        }
        if isLost { observer() }
        return id
    }

    /// Forgets an observer.
    func forget(_ id: Int) { state.withLock { $0.observers[id] = nil } }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { lose() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        lose()
        context.fireChannelInactive()
    }

    private func lose() {
        let observers = state.withLock { state in
            state.isLost = true
            defer { state.observers = [:] }
            return state.observers.sorted { $0.key < $1.key }.map(\.value)
        }
        for observer in observers { observer() }
    }
}

extension ConnectionWatch {
    /// The watch of a connection; `nil` when the connection is gone or has none.
    static func of(_ channel: any Channel) async -> ConnectionWatch? {
        await withCheckedContinuation { continuation in
            channel.pipeline.handler(type: ConnectionWatch.self).whenComplete { result in
                switch result {
                case .success(let watch): continuation.resume(returning: watch)
                case .failure: continuation.resume(returning: nil)
                }
            }
        }
    }
}
