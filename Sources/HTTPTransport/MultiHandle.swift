internal import CCurlShims
internal import CLibcurl

/// libcurl's multi handle with a stock of easy handles.
///
/// All calls come from the engine's thread, but for ``wake()``, which comes under the engine's lock.
@safe
final class MultiHandle: @unchecked Sendable {
    // SAFETY: the handle is libcurl's, used by one thread; curl_multi_wakeup alone is allowed from others, and is
    // called only while the engine says that it has not stopped, which it says under its lock after close().
    private let handle: UnsafeMutableRawPointer
    private var idle: [UnsafeMutableRawPointer] = unsafe []
    private let idleLimit: Int
    private var isClosed = false

    private static let isLibraryReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(limits: CurlTransport.Limits) {
        precondition(Self.isLibraryReady, "libcurl does not start")
        guard let handle = unsafe curl_multi_init() else { preconditionFailure("out of memory for libcurl") }
        unsafe self.handle = unsafe handle
        idleLimit = limits.keptConnections
        unsafe _ = shim_multi_set_long(handle, CURLMOPT_MAXCONNECTS, limits.keptConnections)
        unsafe _ = shim_multi_set_long(handle, CURLMOPT_MAX_HOST_CONNECTIONS, limits.connectionsPerHost)
    }

    deinit { if !isClosed { unsafe _ = curl_multi_cleanup(handle) } }

    /// Makes ``wait()`` return at once, now or the next time.
    func wake() { unsafe _ = curl_multi_wakeup(handle) }

    /// Prepares a transfer and lets it begin, or says why it cannot.
    func start(_ transfer: CurlTransfer) -> TransportError? {
        guard let easy = unsafe idle.popLast() ?? curl_easy_init() else {
            return .invalidRequest(detail: "libcurl has no memory for another transfer")
        }
        if let error = unsafe transfer.prepare(easy) {
            unsafe recycle(easy)
            return error
        }
        let code = unsafe curl_multi_add_handle(handle, easy)
        guard code == CURLM_OK else {
            transfer.release()
            unsafe recycle(easy)
            return .invalidRequest(detail: "libcurl refuses the transfer (\(code.rawValue))")
        }
        return nil
    }

    /// Takes a transfer out, whether it has ended or not.
    func end(_ transfer: CurlTransfer) {
        guard let easy = unsafe transfer.easy else { return }
        unsafe _ = curl_multi_remove_handle(handle, easy)
        transfer.release()
        unsafe recycle(easy)
    }

    /// Lets libcurl do what it can without waiting.
    func perform() {
        var running: Int32 = 0
        unsafe _ = curl_multi_perform(handle, &running)
    }

    /// A transfer that has ended, with libcurl's verdict.
    func nextDone(among running: [ObjectIdentifier: CurlTransfer]) -> (CurlTransfer, CURLcode)? {
        var code = CURLE_OK
        while let easy = unsafe shim_multi_next_done(handle, &code) {
            var context: UnsafeMutableRawPointer?
            unsafe _ = shim_get_pointer(easy, CURLINFO_PRIVATE, &context)
            guard let context = unsafe context else { continue }
            let transfer = unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
            if running[ObjectIdentifier(transfer)] != nil { return (transfer, code) }
        }
        return nil
    }

    /// Sleeps until a socket is ready, a limit passes or ``wake()`` is called; at most one second.
    func wait() { unsafe _ = curl_multi_poll(handle, nil, 0, 1000, nil) }

    /// Closes all connections; no other call may follow.
    func close() {
        while let easy = unsafe idle.popLast() { unsafe curl_easy_cleanup(easy) }
        unsafe _ = curl_multi_cleanup(handle)
        isClosed = true
    }

    private func recycle(_ easy: UnsafeMutableRawPointer) {
        guard unsafe idle.count < idleLimit else {
            unsafe curl_easy_cleanup(easy)
            return
        }
        unsafe curl_easy_reset(easy)
        unsafe idle.append(easy)
    }
}
