internal import CCurlShims
internal import CLibcurl

/// What libcurl calls while it transfers, on the engine's thread.
enum CurlCallbacks {
    static let write: shim_data_function = { data, size, count, context in
        guard let transfer = unsafe CurlCallbacks.transfer(context) else { return 0 }
        let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
        if let error = unsafe transfer.download.receive(bytes, host: transfer.host) {
            transfer.failure = transfer.failure ?? error
            return 0
        }
        return size * count
    }

    static let header: shim_data_function = { data, size, count, context in
        guard let transfer = unsafe CurlCallbacks.transfer(context) else { return 0 }
        let bytes = unsafe UnsafeRawBufferPointer(start: data, count: size * count)
        if let error = unsafe transfer.download.receive(headerLine: bytes, host: transfer.host) {
            transfer.failure = transfer.failure ?? error
            return 0
        }
        return size * count
    }

    static let read: shim_data_function = { data, size, count, context in
        guard let transfer = unsafe CurlCallbacks.transfer(context) else { return Int(CURL_READFUNC_ABORT) }
        let room = unsafe UnsafeMutableRawBufferPointer(start: data, count: size * count)
        switch unsafe transfer.upload.read(into: room) {
        case .success(let readCount): return readCount
        case .failure(let error):
            transfer.failure = transfer.failure ?? error
            return Int(CURL_READFUNC_ABORT)
        }
    }

    static let seek: shim_seek_function = { context, offset, origin in
        guard let transfer = unsafe CurlCallbacks.transfer(context), origin == 0 else {
            return Int32(CURL_SEEKFUNC_CANTSEEK)
        }
        transfer.upload.seek(to: Int64(offset))
        return Int32(CURL_SEEKFUNC_OK)
    }

    static let progress: shim_progress_function = { context, _, downloaded, _, uploaded in
        guard let transfer = unsafe CurlCallbacks.transfer(context) else { return 1 }
        transfer.request.progress?(Int64(uploaded), Int64(downloaded))
        return 0
    }

    private static func transfer(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
    }
}
