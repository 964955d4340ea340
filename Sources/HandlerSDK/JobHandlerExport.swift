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
                size: UInt32(MemoryLayout<jh_handler>.size), abi_major: UInt32(JH_ABI_MAJOR), min_host_minor: 0,
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

/// A handler without its type, as C function pointers need it.
private final class ExportedHandler: Sendable {
    typealias Body = @Sendable ([UInt8], Job) async -> Result<JSONValue, HandlerError>

    private let body: Body
    private let running = Mutex<Task<Void, Never>?>(nil)

    init(body: @escaping Body) { self.body = body }

    /// Runs to the end on the concurrency pool while the calling thread waits.
    func run(_ backend: HostBackend) -> Result<JSONValue, HandlerError> {
        let cell = RunCell()
        let task = Task.detached { [body] in
            cell.finish(await body(backend.payload, Job(backend: backend)))
        }
        running.withLock { $0 = task }
        if backend.isCancelled { task.cancel() }
        let result = cell.wait()
        running.withLock { $0 = nil }
        return result
    }

    func cancel() { running.withLock { $0 }?.cancel() }
}

/// Carries one result from a task to a thread that waits for it.
///
/// SAFETY: the semaphore is made in `init`, destroyed in `deinit`, and is itself thread-safe.
@safe private final class RunCell: @unchecked Sendable {
    private let semaphore: UnsafeMutablePointer<sem_t>
    private let result = Mutex<Result<JSONValue, HandlerError>?>(nil)

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func finish(_ value: Result<JSONValue, HandlerError>) {
        result.withLock { $0 = value }
        unsafe sem_post(semaphore)
    }

    func wait() -> Result<JSONValue, HandlerError> {
        while true {
            if let value = result.withLock({ $0 }) { return value }
            unsafe sem_wait(semaphore)
        }
    }
}

private let exportedFactory = Mutex<(@Sendable (JSONValue) throws(HandlerError) -> ExportedHandler)?>(nil)

private func exportedCreate(
    _ host: UnsafePointer<jh_host>?, _ config: jh_str, _ out: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
    guard let host = unsafe host, let out = unsafe out, let factory = exportedFactory.withLock({ $0 }),
        unsafe host.pointee.size >= UInt32(MemoryLayout<jh_host>.size)
    else { return JH_PERMANENT }
    HostBox.shared.withLock { unsafe $0 = HostTable(pointer: host) }
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
    guard let me = unsafe me, let job = unsafe job, let table = HostBox.shared.withLock({ $0 }) else {
        return JH_PERMANENT
    }
    let handler = unsafe Unmanaged<ExportedHandler>.fromOpaque(me).takeUnretainedValue()
    let host = unsafe table.pointer
    switch handler.run(unsafe HostBackend(host: host, job: job)) {
    case .failure(let error): return unsafe ErrorReport.send(error, host: host, job: job)
    case .success(let value):
        let status = unsafe HostText.with(value.serialized()) { unsafe host.pointee.set_result_json(job, $0) }
        guard status != JH_OK else { return JH_OK }
        let error = HandlerError.failed(
            code: "result-too-large", message: "the result has more than \(JH_MAX_RESULT_BYTES) bytes")
        return unsafe ErrorReport.send(error, host: host, job: job)
    }
}

private func exportedCancel(_ me: UnsafeMutableRawPointer?, _ job: OpaquePointer?) {
    guard let me = unsafe me else { return }
    unsafe Unmanaged<ExportedHandler>.fromOpaque(me).takeUnretainedValue().cancel()
}

private func exportedDestroy(_ me: UnsafeMutableRawPointer?) {
    guard let me = unsafe me else { return }
    unsafe Unmanaged<ExportedHandler>.fromOpaque(me).release()
}

/// The host's table as `create` got it.
///
/// SAFETY: the table is read-only and lives as long as the process.
@safe private struct HostTable: @unchecked Sendable {
    let pointer: UnsafePointer<jh_host>
}

private enum HostBox {
    static let shared = Mutex<HostTable?>(nil)
}

/// Hands an error to the host.
private enum ErrorReport {
    private struct Parts {
        var status = JH_PERMANENT
        var code = ""
        var message = ""
        var hint = ""
        var column = ""
        var row: Int64 = 0
        var retryAfter: Int64 = -1
    }

    /// Returns the status that stands for the error.
    static func send(_ error: HandlerError, host: UnsafePointer<jh_host>, job: OpaquePointer?) -> Int32 {
        let parts = parts(of: error)
        unsafe HostText.with(parts.code) { code in
            unsafe HostText.with(parts.message) { message in
                unsafe HostText.with(parts.hint) { hint in
                    unsafe HostText.with(parts.column) { column in
                        var report = unsafe jh_error(
                            size: UInt32(MemoryLayout<jh_error>.size), reserved: 0, code: code, message: message,
                            hint: hint, column: column, row: parts.row, retry_after_ms: parts.retryAfter)
                        _ = unsafe host.pointee.set_error(job, &report)
                    }
                }
            }
        }
        return parts.status
    }

    private static func parts(of error: HandlerError) -> Parts {
        switch error {
        case .invalidInput(let code, let message, let row, let column, let hint):
            Parts(
                status: JH_INVALID_INPUT, code: code, message: message, hint: hint ?? "", column: column ?? "",
                row: Int64(row ?? 0))
        case .failed(let code, let message): Parts(status: JH_PERMANENT, code: code, message: message)
        case .retry(let after, let code, let message):
            Parts(
                status: JH_RETRYABLE, code: code, message: message,
                retryAfter: after.map {
                    $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000
                }
                    ?? -1)
        case .resource(let limit, let message): Parts(status: JH_RESOURCE, code: limit, message: message)
        case .cancelled: Parts(status: JH_CANCELLED, code: "cancelled", message: "stopped because it was told to")
        }
    }
}
