import HandlerHosting
import JobCore
import Logging
import ProbeProtocol
import PureJSON

/// Runs jobs exactly as the runner does: through the catalogue, its pool and `headrace-host`.
struct ProductionHost: Sendable {
    /// The absolute path of `headrace-host`.
    var hostExecutable: String
    /// The version that handlers are told.
    var runnerVersion: String
    /// The checker's own variables.
    var environment: [String: String]

    /// How long one job may take.
    private static let timeout: Duration = .seconds(60)

    /// Runs one job in a process of its own.
    func run(_ job: SampleJob, of subject: CheckSubject, in workspace: Workspace) async -> ProductionRun {
        var policy = OperatorPolicy()
        policy.allowsDevelopment = true
        policy.signatures = .off
        var settings = HandlerSettings()
        settings.config = job.example?.config?.objectValue ?? JSONObject()
        policy.settings[subject.name] = settings
        let loader = HandlerCatalogLoader(
            hostExecutable: hostExecutable, runnerVersion: runnerVersion, policy: policy, environment: environment,
            logger: Logger(label: "check", factory: { _ in SwiftLogNoOpLogHandler() }))
        let (catalog, faults) = loader.load(directories: [subject.folder])
        if let fault = faults.first { return ProductionRun(status: "not-loaded", message: fault.description) }
        let scratch: String
        do throws(WorkspaceFault) {
            scratch = try workspace.fresh()
        } catch {
            return ProductionRun(status: "not-started", message: "\(error)")
        }
        guard let jobID = JobID("check-1") else { return ProductionRun(status: "not-started", message: "no job") }
        let report = await catalog.run(
            HandlerInvocation(
                handler: subject.name, jobID: jobID, epoch: 1, attempt: 1, params: job.payload,
                inputs: Dictionary(uniqueKeysWithValues: job.inputs.map { ($0.name, $0.path) }),
                scratchDirectory: scratch, timeout: Self.timeout)
        ) { _ in }
        await catalog.shutdown()
        return ProductionRun(report)
    }
}

/// What a job came to in production's host.
struct ProductionRun: Sendable {
    /// In the manifest's words, or `crashed`, `timeout`, `not-loaded`, `not-started`.
    var status: String
    var code = ""
    var message = ""
    var result: JSONValue?
    /// Output name to its file.
    var outputs: [String: String] = [:]
    var milliseconds: Int64 = 0

    init(status: String, message: String) {
        self.status = status
        self.message = message
    }

    init(_ report: HandlerReport) {
        switch report.outcome {
        case .completed(let value): (status, result) = ("ok", value)
        case .invalidInput(let code, let message): (status, self.code, self.message) = ("invalid-input", code, message)
        case .retry(_, let code, let message): (status, self.code, self.message) = ("retryable", code, message)
        case .failed(let code, let message): (status, self.code, self.message) = ("permanent", code, message)
        case .cancelled: status = "cancelled"
        case .resourceExhausted(let limit, let message): (status, code, self.message) = ("resource", limit, message)
        case .crashed(_, _, let message): (status, self.message) = ("crashed", message)
        case .timedOut: (status, message) = ("timeout", "it did not end in time")
        }
        outputs = Dictionary(uniqueKeysWithValues: report.outputs.map { ($0.name, $0.path) })
        let (seconds, attoseconds) = report.duration.components
        milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }
}
