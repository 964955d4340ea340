public import CHandlerABI
import Glibc
import PureJSON
import Synchronization

/// Makes the C function table of a handler.
public enum JobHandlerExport {
    /// What a library's entry point returns; one handler type per library.
    ///
    /// ```swift
    /// @c @implementation public func jobhandler_v1(_ host: UnsafePointer<jh_host>!) -> UnsafePointer<jh_handler>! {
    ///     unsafe JobHandlerExport.entry(MyHandler.self)
    /// }
    /// ```
    ///
    /// - Parameter type: the handler.
    /// - Returns: the table, which lives as long as the process.
    public static func entry<H: JobHandler>(_ type: H.Type) -> UnsafePointer<jh_handler>? {
        exportedFactory.withLock { factory in
            factory = { config throws(HandlerError) -> ExportedHandler in
                let handler = try H(config: config)
                return ExportedHandler { payload, job in
                    await HandlerRun.execute(handler, payload: payload, job: job)
                }
            }
        }
        let table = UnsafeMutablePointer<jh_handler>.allocate(capacity: 1)
        unsafe table.initialize(
            to: jh_handler(
                size: UInt32(MemoryLayout<jh_handler>.size), abi_major: UInt32(JH_ABI_MAJOR),
                min_host_minor: 0,
                reserved: 0, name: StaticText.make(H.name), version: StaticText.make(H.version),
                sdk: StaticText.make("headrace-swift/1"), create: exportedCreate, run: exportedRun,
                cancel: exportedCancel, destroy: exportedDestroy, extension: nil))
        return unsafe UnsafePointer(table)
    }
}

/// Text that lives as long as the process.
private enum StaticText {
    static func make(_ text: String) -> jh_str {
        let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: max(text.utf8.count, 1))
        for (place, byte) in text.utf8.enumerated() { unsafe bytes[place] = CChar(bitPattern: byte) }
        return unsafe jh_str(ptr: UnsafePointer(bytes), len: UInt64(text.utf8.count))
    }
}

private let exportedFactory = Mutex<
    (@Sendable (JSONValue) throws(HandlerError) -> ExportedHandler)?
>(nil)

private func exportedCreate(
    _ host: UnsafePointer<jh_host>?, _ config: jh_str,
    _ out: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
    guard let host = unsafe host, let out = unsafe out,
        let factory = exportedFactory.withLock({ $0 }),
        case let table = unsafe HostTable(pointer: host), table.size >= HostTable.smallestSize
    else { return JH_PERMANENT }
    HostTable.current.withLock { $0 = table }
    let bytes = unsafe UnsafeRawBufferPointer(start: config.ptr, count: Int(config.len))
    do throws(HandlerError) {
        let value: JSONValue
        do {
            value = try unsafe JSONValue(parsing: Array(bytes))
        } catch {
            throw .failed(code: "config-invalid", message: "the configuration is \(error)")
        }
        unsafe out.pointee = Unmanaged.passRetained(try factory(value)).toOpaque()
        return JH_OK
    } catch {
        return unsafe ErrorReport.send(error, host: host, job: nil)
    }
}

private func exportedRun(_ me: UnsafeMutableRawPointer?, _ job: OpaquePointer?) -> Int32 {
    guard let me = unsafe me, let job = unsafe job, let table = HostTable.current.withLock({ $0 })
    else {
        return JH_PERMANENT
    }
    let handler = unsafe Unmanaged<ExportedHandler>.fromOpaque(me).takeUnretainedValue()
    let host = unsafe table.pointer
    switch handler.run(unsafe HostBackend(host: host, job: job)) {
    case .failure(let error): return unsafe ErrorReport.send(error, host: host, job: job)
    case .success(let value):
        let status = unsafe HostText.with(value.serialized()) {
            unsafe host.pointee.set_result_json(job, $0)
        }
        guard status != JH_OK else { return JH_OK }
        let error = HandlerError.failed(
            code: "result-too-large", message: "the result has more than \(JH_MAX_RESULT_BYTES) bytes")
        return unsafe ErrorReport.send(error, host: host, job: job)
    }
}

private func exportedCancel(_ me: UnsafeMutableRawPointer?, _ job: OpaquePointer?) {
    guard let me = unsafe me else { return }
    unsafe Unmanaged<ExportedHandler>.fromOpaque(me).takeUnretainedValue().cancel(
        UInt(bitPattern: job))
}

private func exportedDestroy(_ me: UnsafeMutableRawPointer?) {
    guard let me = unsafe me else { return }
    unsafe Unmanaged<ExportedHandler>.fromOpaque(me).release()
}
