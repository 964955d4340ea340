import CHandlerABI

/// What the host's failure codes mean to a handler.
enum HostStatus {
    static let staleHandle = HandlerError.failed(
        code: "stale-handle", message: "the job was used after its run had ended")

    static func inputFailure(_ status: Int32, name: String) -> HandlerError {
        switch status {
        case JH_E_STALE: staleHandle
        case JH_E_ARGUMENT:
            .failed(code: "input-misused", message: "a place outside the input \(name) was asked for")
        default:
            .retry(
                code: "input-unreadable", message: "the input \(name) cannot be read (host code \(status))")
        }
    }

    static func outputFailure(_ status: Int32, name: String) -> HandlerError {
        switch status {
        case JH_E_STALE: staleHandle
        case JH_E_LIMIT:
            .resource(
                limit: "outputBytes", message: "the outputs grew beyond the limit while writing \(name)")
        case JH_E_STATE:
            .failed(code: "output-misused", message: "the output \(name) is opened twice or is closed")
        case JH_E_ARGUMENT, JH_E_NOT_FOUND:
            .failed(code: "output-name", message: "the manifest does not allow an output named \(name)")
        default:
            .retry(
                code: "output-unwritable",
                message: "the output \(name) cannot be written (host code \(status))")
        }
    }

    /// The host's table ends before a member that the handler needs.
    static func hostTooOld(_ feature: String, host: UnsafePointer<jh_host>) -> HandlerError {
        let minor = unsafe host.pointee.abi_minor
        return .failed(
            code: "host-too-old",
            message:
                "\(feature) need a newer runner: this one speaks handler ABI \(JH_ABI_MAJOR).\(minor) without them"
        )
    }

    static func checkpointFailure(_ status: Int32) -> HandlerError {
        switch status {
        case JH_E_STALE: staleHandle
        case JH_E_STATE: .cancelled
        case JH_E_LIMIT:
            .resource(
                limit: "checkpointBytes", message: "the checkpoint is longer than the manifest allows")
        default:
            .retry(code: "checkpoint-unavailable", message: "the checkpoint failed (host code \(status))")
        }
    }

    static func storeFailure(_ status: Int32, key: String) -> HandlerError {
        switch status {
        case JH_E_STALE: staleHandle
        case JH_E_LIMIT:
            .resource(limit: "kvBytes", message: "no room for the key \(key) among the stored values")
        case JH_E_ARGUMENT:
            .failed(
                code: "key-invalid",
                message: "expected a key of 1 to \(JH_MAX_NAME_BYTES) bytes, found \"\(key)\"")
        default:
            .retry(code: "store-unavailable", message: "the stored values failed (host code \(status))")
        }
    }
}
