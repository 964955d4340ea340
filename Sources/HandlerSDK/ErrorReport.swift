import CHandlerABI
import PureJSON

/// Hands an error to the host.
enum ErrorReport {
    private struct Parts {
        var status = JH_PERMANENT
        var code = ""
        var message = ""
        var hint = ""
        var column = ""
        var row: Int64 = 0
        var retryAfter: Int64 = -1
        var details = ""
    }

    /// Returns the status that stands for the error.
    static func send(_ error: HandlerError, host: UnsafePointer<jh_host>, job: OpaquePointer?)
        -> Int32
    {
        let parts = parts(of: error)
        unsafe HostText.with(parts.code) { code in
            unsafe HostText.with(parts.message) { message in
                unsafe HostText.with(parts.hint) { hint in
                    unsafe HostText.with(parts.column) { column in
                        unsafe HostText.with(parts.details) { details in
                            var report = unsafe jh_error(
                                size: UInt32(MemoryLayout<jh_error>.size), reserved: 0, code: code,
                                message: message,
                                hint: hint, column: column, row: parts.row, retry_after_ms: parts.retryAfter,
                                details_json: details)
                            _ = unsafe host.pointee.set_error(job, &report)
                        }
                    }
                }
            }
        }
        return parts.status
    }

    private static func parts(of error: HandlerError) -> Parts {
        switch error {
        case .invalidInput(let code, let message, let row, let column, let hint, let details):
            Parts(
                status: JH_INVALID_INPUT, code: code, message: message, hint: hint ?? "",
                column: column ?? "",
                row: Int64(row ?? 0), details: Self.text(of: details))
        case .failed(let code, let message): Parts(status: JH_PERMANENT, code: code, message: message)
        case .retry(let after, let code, let message):
            Parts(
                status: JH_RETRYABLE, code: code, message: message,
                retryAfter: after.map(Self.milliseconds) ?? -1)
        case .resource(let limit, let message):
            Parts(status: JH_RESOURCE, code: limit, message: message)
        case .cancelled:
            Parts(status: JH_CANCELLED, code: "cancelled", message: "stopped because it was told to")
        }
    }

    /// Details that are too long are left out whole: half a JSON text helps nobody.
    private static func text(of details: JSONValue?) -> String {
        guard let details, case let text = details.serialized(),
            text.utf8.count <= Int(JH_MAX_DETAILS_BYTES)
        else {
            return ""
        }
        return text
    }

    /// Whole milliseconds, at least 0.
    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        return overflow
            ? .max
            : max(product.addingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue, 0)
    }
}
