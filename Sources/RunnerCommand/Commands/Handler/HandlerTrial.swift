import Glibc
import HandlerHosting
import JobCore
import PureJSON
import Synchronization

/// One run of a handler on this machine: no queue, no S3, no database, and the same host process as in production.
struct HandlerTrial: Sendable {
    let catalog: any HandlerCatalog
    let handler: HandlerDescription
    /// The absolute path of the folder that outputs go to.
    let outputFolder: String
    let clock: any RunnerClock

    /// Does the run; what the handler wrote of an earlier run is removed first.
    ///
    /// - Parameters:
    ///   - order: the job.
    ///   - onSignal: gets progress and log lines as they come.
    /// - Returns: what came of it, also when the run failed.
    /// - Throws: ``CommandFailure`` when the outputs' folder cannot be used.
    func run(
        _ order: TrialOrder, onSignal: @escaping @Sendable (HandlerSignal) -> Void
    ) async throws(CommandFailure) -> TrialReport {
        try LocalFile.makeDirectory(outputFolder)
        for name in handler.outputs { try LocalFolder.remove(outputFolder + "/" + name) }
        // Below the outputs' folder: renaming moves a file only within one file system.
        let scratch = "\(outputFolder)/.run-\(getpid())"
        try LocalFolder.remove(scratch)
        try LocalFile.makeDirectory(scratch, mode: 0o700)
        let lines = Mutex<[TrialReport.LogLine]>([])
        let startedAt = clock.uptime()
        let report = await catalog.run(
            HandlerInvocation(
                handler: order.handler, jobID: order.jobID, epoch: 1, attempt: 1,
                params: .object(order.params),
                inputs: order.inputs, scratchDirectory: scratch, timeout: handler.timeout)
        ) { signal in
            if case .log(let level, let message, let fields) = signal {
                lines.withLock {
                    $0.append(TrialReport.LogLine(level: level, message: message, fields: fields))
                }
            }
            onSignal(signal)
        }
        let total = clock.uptime() - startedAt
        var files: [TrialReport.File] = []
        for output in report.outputs {
            let path = outputFolder + "/" + output.name
            try LocalFile.rename(output.path, to: path)
            files.append(
                TrialReport.File(
                    name: output.name, path: path, sizeBytes: output.sizeBytes,
                    contentType: output.contentType))
        }
        try LocalFolder.remove(scratch)
        return TrialReport(
            handler: handler.name, version: handler.version, run: report, files: files,
            logLines: lines.withLock { $0 }, hostTime: total - report.duration)
    }
}

/// What one run of a handler on this machine came to.
struct TrialReport: Sendable, Hashable {
    /// One output that was kept.
    struct File: Sendable, Hashable {
        var name: String
        /// Absolute.
        var path: String
        var sizeBytes: Int64
        var contentType: String
    }

    /// One line that the handler wrote.
    struct LogLine: Sendable, Hashable {
        var level: String
        var message: String
        var fields: [String: String]

        /// The line as people read it.
        var text: String {
            "\(level)  \(message)"
                + fields.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        }
    }

    var handler: String
    var version: String
    var run: HandlerReport
    var files: [File]
    var logLines: [LogLine]
    /// From the order to the report, without the run itself: start of the process, loading, `create`.
    var hostTime: Duration
    /// How long the project's build took; `nil` when nothing was built.
    var buildTime: Duration?

    /// The last lines that the handler printed to standard output or standard error, oldest first.
    var printed: [String] {
        run.lastLogLines.filter { line in !logLines.contains { line.hasPrefix("\($0.level) \($0.message)") } }
    }

    /// Why the command ends with an error; `nil` when the run completed.
    var failure: CommandFailure? {
        let end = TrialEnd(run.outcome)
        guard end.status != TrialEnd.completed else { return nil }
        let code = end.code.map { " (\($0))" } ?? ""
        let message = end.message.map { ": \($0)" } ?? ""
        return CommandFailure(
            .jobFailed, "\(handler) ended as \(end.status)\(code)\(message)", next: end.advice)
    }
}

/// How a run ended, in the words of manifests and of this command.
struct TrialEnd: Sendable, Hashable {
    /// The status of a run that completed.
    static let completed = "ok"

    /// As manifests have it under `expect.status`; besides `crashed` and `timeout`.
    var status: String
    var code: String?
    var message: String?
    var advice: String?

    init(_ outcome: HandlerOutcome) {
        switch outcome {
        case .completed: status = Self.completed
        case .invalidInput(let code, let message):
            status = "invalid-input"
            (self.code, self.message) = (code, message)
        case .retry(_, let code, let message):
            status = "retryable"
            (self.code, self.message) = (code, message)
            advice = "A runner would try again."
        case .failed(let code, let message):
            status = "permanent"
            (self.code, self.message) = (code, message)
        case .cancelled: status = "cancelled"
        case .resourceExhausted(let limit, let message):
            status = "resource"
            (code, self.message) = (limit, message)
            advice = "Raise the limit in handler.yml, or use less."
        case .crashed(let signal, let exitCode, let message):
            status = "crashed"
            code = signal.map { "signal \($0)" } ?? exitCode.map { "exit code \($0)" }
            self.message = message
            advice = "Look at the handler's last log lines; the runner itself is not harmed by this."
        case .timedOut(let limit):
            status = "timeout"
            message = "it did not end within \(ConfigurationText.text(limit))"
            advice = "Raise timeout.run in handler.yml, or do the work in less time."
        }
    }
}
