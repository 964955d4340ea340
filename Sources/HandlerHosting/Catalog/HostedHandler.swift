import JobCore
import PureJSON

/// One handler of the catalogue.
final class HostedHandler: Sendable {
    let folder: String
    let manifest: HandlerManifest
    let signature: SignatureState
    let grants: GrantTable
    let grant: EffectiveGrant
    let pool: HostPool
    private let redactor: SecretRedactor

    init(
        folder: String, manifest: HandlerManifest, signature: SignatureState, grants: GrantTable,
        grant: EffectiveGrant, redactor: SecretRedactor, pool: HostPool
    ) {
        self.folder = folder
        self.manifest = manifest
        self.signature = signature
        self.grants = grants
        self.grant = grant
        self.redactor = redactor
        self.pool = pool
    }

    var description: HandlerDescription {
        HandlerDescription(
            name: manifest.name, version: manifest.version,
            title: manifest.title.isEmpty ? manifest.description : manifest.title,
            requiredInputs: manifest.inputs.filter(\.isRequired).map(\.name),
            optionalInputs: manifest.inputs.filter { !$0.isRequired }.map(\.name),
            outputs: manifest.outputs.map(\.name), timeout: grant.runTimeout, retry: manifest.retry,
            reads: grant.s3Read, writes: grant.s3Write)
    }

    /// Runs a job and holds what comes out to the manifest.
    func run(
        _ invocation: HandlerInvocation, onSignal: @escaping @Sendable (HandlerSignal) -> Void
    ) async -> HandlerReport {
        let redactor = redactor
        guard !redactor.isIdle else { return checked(await pool.run(invocation, onSignal: onSignal)) }
        let report = await pool.run(invocation) { onSignal(redactor.redacted($0)) }
        return checked(redactor.redacted(report))
    }

    /// A report of success whose result or outputs are not what the manifest promises is one of failure.
    private func checked(_ report: HandlerReport) -> HandlerReport {
        guard case .completed(let result) = report.outcome, let broken = brokenPromise(result, report.outputs) else {
            return report
        }
        var report = report
        report.outcome = broken
        report.outputs = []
        return report
    }

    private func brokenPromise(_ result: JSONValue, _ outputs: [ProducedOutput]) -> HandlerOutcome? {
        if let mismatch = manifest.result?.mismatch(of: result) {
            return .failed(
                code: "result-invalid",
                message: "the result of \(manifest.name) does not fit its manifest's schema at "
                    + "\(mismatch.pointer.isEmpty ? "the top level" : mismatch.pointer): \(mismatch.reason)")
        }
        for output in manifest.outputs where output.isRequired && !outputs.contains(where: { $0.name == output.name }) {
            return .failed(
                code: "output-missing",
                message: "\(manifest.name) completed without its output \(output.name), which its manifest requires")
        }
        return nil
    }
}
