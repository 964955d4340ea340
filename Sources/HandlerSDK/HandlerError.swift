public import PureJSON

/// How a run ends when it does not complete.
public enum HandlerError: Error, Sendable, Hashable {
    /// The submitter's fault: the job fails at once and is never retried.
    ///
    /// `row` is the input's line from 1, `column` its name, `hint` what to do next, `details` an object for programs
    /// of at most 64 KiB as JSON.
    case invalidInput(
        code: String, message: String, row: Int? = nil, column: String? = nil, hint: String? = nil,
        details: JSONValue? = nil)
    /// A permanent fault of the handler or of its configuration: not retried.
    case failed(code: String, message: String)
    /// A passing fault: retried, not earlier than `after` where given.
    case retry(after: Duration? = nil, code: String, message: String)
    /// A limit was reached; `limit` names it.
    case resource(limit: String, message: String)
    /// The run stopped because it was told to.
    case cancelled
}

extension HandlerError {
    /// The stable name of what went wrong; the limit's name for ``resource(limit:message:)``.
    public var code: String {
        switch self {
        case .invalidInput(let code, _, _, _, _, _), .failed(let code, _), .retry(_, let code, _): code
        case .resource(let limit, _): limit
        case .cancelled: "cancelled"
        }
    }
}

extension HandlerError: CustomStringConvertible {
    /// One line: the kind, the code and the message.
    public var description: String {
        switch self {
        case .invalidInput(let code, let message, let row, let column, let hint, _):
            "invalid input (\(code)): \(message)" + (row.map { ", row \($0)" } ?? "")
                + (column.map { ", column \($0)" } ?? "") + (hint.map { ". \($0)" } ?? "")
        case .failed(let code, let message): "failed (\(code)): \(message)"
        case .retry(let after, let code, let message):
            "try again\(after.map { " in \($0)" } ?? "") (\(code)): \(message)"
        case .resource(let limit, let message): "limit \(limit) reached: \(message)"
        case .cancelled: "cancelled"
        }
    }
}
