/// HTTP over libcurl: all transfers on one thread of its own, with connections kept and reused.
///
/// The thread runs from the first request until ``shutdown()``, or until the last reference is gone.
/// Files are read and written on that thread too: point it at local disks.
package final class CurlTransport: HTTPTransport {
    /// Limits of one transport.
    package struct Limits: Sendable, Hashable {
        /// Idle connections that are kept for reuse.
        package var keptConnections: Int
        /// Connections to one host; further requests wait for a free one.
        package var connectionsPerHost: Int

        /// Makes a set of limits.
        package init(keptConnections: Int = 64, connectionsPerHost: Int = 256) {
            self.keptConnections = keptConnections
            self.connectionsPerHost = connectionsPerHost
        }
    }

    private let engine: CurlEngine

    /// Makes a transport; its thread starts with the first request, and has at most 15 bytes of the name.
    package init(limits: Limits = Limits(), threadName: String = "http-transport") {
        engine = CurlEngine(limits: limits, threadName: threadName)
    }

    deinit { engine.stop() }

    /// Sends one request and waits until its answer is complete.
    package func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let transfer = try CurlTransfer(request)
        let engine = engine
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.onCompletion { continuation.resume(returning: $0) }
                engine.submit(transfer)
            }
        } onCancel: {
            engine.cancel(transfer)
        }
        return try result.get()
    }

    /// Ends all exchanges with ``TransportError/shutDown``, closes all connections and waits for the thread to end.
    ///
    /// Later requests throw at once. Calling it again is harmless.
    package func shutdown() async {
        let engine = engine
        await withCheckedContinuation { continuation in
            engine.stop { continuation.resume() }
        }
    }
}
