import JobCore

extension HostPool {
    /// Starts a process and waits until the handler in it is made; the process stays for the first run.
    ///
    /// - Returns: `nil` when the handler is ready, else why it is not, in words.
    func trial() async -> String? {
        let report = await run(nil) { _ in }
        return switch report.outcome {
        case .completed: nil
        case .failed(_, let message), .retry(_, _, let message), .crashed(_, _, let message),
            .invalidInput(_, let message), .resourceExhausted(_, let message):
            message
        case .cancelled: "the runner is shutting down"
        case .timedOut(let limit): "it was not ready within \(limit)"
        }
    }
}
