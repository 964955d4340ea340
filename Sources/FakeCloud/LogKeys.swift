/// The keys of this module's log metadata.
enum LogKeys {
    static let endpoint = "endpoint"
    static let operation = "operation"
    static let reason = "reason"
    static let requestID = "request_id"
    static let status = "status"
}
