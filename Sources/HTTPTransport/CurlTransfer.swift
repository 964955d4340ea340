internal import CCurlShims
internal import CLibcurl
internal import Glibc
internal import HTTPTypes
internal import Synchronization

/// One exchange while it runs: what libcurl reads from and writes to.
///
/// After ``CurlEngine/submit(_:)`` everything but the cancellation flag belongs to the engine's thread.
@safe
final class CurlTransfer: @unchecked Sendable {
    // SAFETY: made by one task, then handed to the engine's thread once; only `cancellation` is shared, and is atomic.
    typealias Outcome = Result<TransportResponse, TransportError>

    let request: TransportRequest
    /// The authority, for messages.
    let host: String
    let url: String
    var upload: UploadSource
    var download: ResponseCollector
    /// The first thing that went wrong in a callback; wins over libcurl's code.
    var failure: TransportError?
    private(set) var easy: UnsafeMutableRawPointer?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private let cancellation = Atomic<Bool>(false)
    private var completion: ((sending Outcome) -> Void)?

    init(_ request: TransportRequest) throws(TransportError) {
        guard let scheme = request.head.scheme, scheme == "http" || scheme == "https" else {
            throw .invalidRequest(detail: "the scheme is \(request.head.scheme ?? "missing"), not http or https")
        }
        guard let authority = request.head.authority, !authority.isEmpty else {
            throw .invalidRequest(detail: "the host is missing")
        }
        let path = request.head.path ?? "/"
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .invalidRequest(detail: "the path '\(path)' is not percent-encoded")
        }
        self.request = request
        host = authority
        url = scheme + "://" + authority + path
        upload = UploadSource(request.body)
        download = ResponseCollector(request.sink, observer: request.observer)
        unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit { unsafe errorText.deallocate() }

    var isCancellationRequested: Bool { cancellation.load(ordering: .acquiring) }

    func requestCancellation() { cancellation.store(true, ordering: .releasing) }

    func onCompletion(_ completion: @escaping (sending Outcome) -> Void) { self.completion = completion }

    /// Tells the waiting task; only the first call counts.
    func complete(_ outcome: sending Outcome) {
        let completion = completion
        self.completion = nil
        completion?(outcome)
    }

    /// Opens the files and sets all options of an easy handle that has none.
    func prepare(_ easy: UnsafeMutableRawPointer) -> TransportError? {
        if let error = upload.open() { return error }
        unsafe self.easy = unsafe easy
        unsafe setConnection(easy)
        unsafe setTimeouts(easy)
        unsafe setBody(easy)
        unsafe setHeaders(easy)
        unsafe setCallbacks(easy)
        return nil
    }

    /// Closes the files and forgets the easy handle.
    func release() {
        unsafe curl_slist_free_all(headerList)
        unsafe headerList = nil
        upload.close()
        if let error = download.close() { failure = failure ?? error }
        unsafe easy = nil
    }

    private func setConnection(_ easy: UnsafeMutableRawPointer) {
        unsafe _ = shim_set_text(easy, CURLOPT_URL, url)
        unsafe _ = shim_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        unsafe _ = shim_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        unsafe _ = shim_set_long(easy, CURLOPT_PATH_AS_IS, 1)
        unsafe _ = shim_set_long(easy, CURLOPT_NOSIGNAL, 1)
        unsafe _ = shim_set_long(easy, CURLOPT_TCP_KEEPALIVE, 1)
        unsafe _ = shim_set_long(easy, CURLOPT_BUFFERSIZE, 128 << 10)
        unsafe _ = shim_set_long(easy, CURLOPT_UPLOAD_BUFFERSIZE, 128 << 10)
        unsafe _ = shim_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText)
        if isOnThisMachine { unsafe _ = shim_set_text(easy, CURLOPT_PROXY, "") }
    }

    /// Whether the host is this machine or its cloud's metadata service, which no proxy of the environment can reach.
    private var isOnThisMachine: Bool {
        ["127.", "localhost", "[::1]", "169.254."].contains { host.hasPrefix($0) }
    }

    private func setTimeouts(_ easy: UnsafeMutableRawPointer) {
        let timeouts = request.timeouts
        unsafe _ = shim_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, timeouts.connect.curlMilliseconds)
        if let total = timeouts.total { unsafe _ = shim_set_long(easy, CURLOPT_TIMEOUT_MS, total.curlMilliseconds) }
        guard let stall = timeouts.stall ?? (timeouts.total == nil ? .seconds(60) : nil) else { return }
        unsafe _ = shim_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, 1)
        unsafe _ = shim_set_long(easy, CURLOPT_LOW_SPEED_TIME, max(1, (stall.curlMilliseconds + 999) / 1000))
    }

    private func setBody(_ easy: UnsafeMutableRawPointer) {
        let method = request.head.method
        if method == .head {
            unsafe _ = shim_set_long(easy, CURLOPT_NOBODY, 1)
        } else if request.body != .none || method == .post || method == .put {
            unsafe _ = shim_set_long(easy, CURLOPT_UPLOAD, 1)
            unsafe _ = shim_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.body.byteCount))
            unsafe _ = shim_set_text(easy, CURLOPT_CUSTOMREQUEST, method.rawValue)
        } else if method != .get {
            unsafe _ = shim_set_text(easy, CURLOPT_CUSTOMREQUEST, method.rawValue)
        }
    }

    private func setHeaders(_ easy: UnsafeMutableRawPointer) {
        unsafe headerList = unsafe curl_slist_append(nil, "Expect:")
        for field in request.head.headerFields where field.name != .contentLength {
            let line = field.value.isEmpty ? field.name.rawName + ";" : field.name.rawName + ": " + field.value
            unsafe headerList = unsafe curl_slist_append(headerList, line)
        }
        unsafe _ = shim_set_pointer(easy, CURLOPT_HTTPHEADER, headerList)
    }

    private func setCallbacks(_ easy: UnsafeMutableRawPointer) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe _ = shim_set_pointer(easy, CURLOPT_PRIVATE, context)
        unsafe _ = shim_set_pointer(easy, CURLOPT_WRITEDATA, context)
        unsafe _ = shim_set_pointer(easy, CURLOPT_HEADERDATA, context)
        unsafe _ = shim_set_pointer(easy, CURLOPT_READDATA, context)
        unsafe _ = shim_set_pointer(easy, CURLOPT_SEEKDATA, context)
        unsafe _ = shim_set_data_function(easy, CURLOPT_WRITEFUNCTION, CurlCallbacks.write)
        unsafe _ = shim_set_data_function(easy, CURLOPT_HEADERFUNCTION, CurlCallbacks.header)
        unsafe _ = shim_set_data_function(easy, CURLOPT_READFUNCTION, CurlCallbacks.read)
        unsafe _ = shim_set_seek_function(easy, CurlCallbacks.seek)
        guard request.progress != nil else { return }
        unsafe _ = shim_set_pointer(easy, CURLOPT_XFERINFODATA, context)
        unsafe _ = shim_set_progress_function(easy, CurlCallbacks.progress)
        unsafe _ = shim_set_long(easy, CURLOPT_NOPROGRESS, 0)
    }

    /// What libcurl's verdict means; call it before ``release()``.
    func result(_ code: CURLcode) -> Outcome {
        if let failure { return .failure(failure) }
        guard code == CURLE_OK else { return .failure(error(of: code)) }
        if let error = download.close() { return .failure(error) }
        guard let response = download.response else {
            return .failure(.notHTTP(host: host, detail: "no status line"))
        }
        return .success(response)
    }

    /// The `errno` of the last connection attempt.
    private var systemError: Int32 {
        guard let easy = unsafe easy else { return 0 }
        var number = 0
        unsafe _ = shim_get_long(easy, CURLINFO_OS_ERRNO, &number)
        return Int32(number)
    }

    private func error(of code: CURLcode) -> TransportError {
        let text = unsafe String(cString: errorText)
        let detail = unsafe text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
        switch code {
        case CURLE_URL_MALFORMAT: return .invalidRequest(detail: detail)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return .hostNotFound(host: host)
        case CURLE_COULDNT_CONNECT:
            return systemError == ECONNREFUSED
                ? .connectionRefused(host: host) : .unreachable(host: host, detail: detail)
        case CURLE_OPERATION_TIMEDOUT:
            if detail.contains("too slow") { return .timedOut(host: host, phase: .stall) }
            let isConnecting = ["Connection time", "SSL connection", "Resolving timed out", "Failed to connect"]
                .contains { detail.hasPrefix($0) }
            return .timedOut(host: host, phase: isConnecting ? .connect : .total)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE:
            return .tlsFailed(host: host, detail: detail)
        case CURLE_PARTIAL_FILE: return .truncated(host: host, receivedBytes: download.byteCount)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_HTTP2:
            return .notHTTP(host: host, detail: detail)
        default:
            return download.hasHead
                ? .truncated(host: host, receivedBytes: download.byteCount)
                : .connectionLost(host: host, detail: detail)
        }
    }
}

extension Duration {
    /// Whole milliseconds for libcurl, at least one: zero would mean no limit.
    fileprivate var curlMilliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(min(seconds, 10_000_000)) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
