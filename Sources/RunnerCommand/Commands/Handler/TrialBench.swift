import HandlerHosting
import JobCore
import Logging
import Offloading

/// Builds, loads and runs a handler, as often as it is asked to.
struct TrialBench: Sendable {
    /// Where the handler is.
    enum Place: Sendable, Hashable {
        /// A folder with a manifest, absolute.
        case project(String)
        /// In the handlers directories of the configuration.
        case installed(name: String)

        var project: String? {
            guard case .project(let folder) = self else { return nil }
            return folder
        }
    }

    let composition: Composition
    let console: Console
    let place: Place
    let build: ProjectBuild?
    /// Absolute.
    let outputFolder: String
    let texts: TrialOrder.Texts
    /// What the handler keeps from run to run of this command.
    let state = TransientHandlerState()

    /// Builds, loads and runs once, and shows what came of it unless it failed.
    func trial() async throws(CommandFailure) -> TrialReport {
        let clock = composition.session.clock
        var buildTime: Duration?
        if let build {
            let startedAt = clock.uptime()
            let environment = composition.session.environment
            try await BlockingWork.run { build.run(environment: environment) }.get()
            buildTime = clock.uptime() - startedAt
        }
        let (catalog, handler) = try await load()
        let result: Result<TrialReport, CommandFailure>
        do throws(CommandFailure) {
            let order = try TrialOrder(
                texts, handler: handler, examples: catalog.examples(of: handler.name), catalog: catalog)
            let trial = HandlerTrial(
                catalog: catalog, handler: handler, outputFolder: outputFolder, clock: clock)
            result = .success(try await run(trial, order))
        } catch {
            result = .failure(error)
        }
        await catalog.shutdown()
        var report = try result.get()
        report.buildTime = buildTime
        if console.writesJSON {
            console.json(report.json)
            return report
        }
        for line in report.printed { console.note("printed  \(TextWidth.sanitized(line))") }
        if report.failure == nil {
            report.show(on: console)
        }
        return report
    }

    private func run(_ trial: HandlerTrial, _ order: TrialOrder) async throws(CommandFailure)
        -> TrialReport
    {
        let bar = ProgressBar(trial.handler.name, on: console.err, clock: trial.clock)
        let console = console
        let report = try await trial.run(order) { signal in
            switch signal {
            case .progress(let fraction, let note): bar.show(share: fraction, note: note)
            case .log(let level, let message, let fields):
                guard !console.writesJSON else { return }
                console.note(TrialReport.LogLine(level: level, message: message, fields: fields).text)
            }
        }
        bar.finish()
        return report
    }

    private func load() async throws(CommandFailure) -> (HostedHandlerCatalog, HandlerDescription) {
        switch place {
        case .installed(let name):
            let (catalog, _) = try await composition.handlers(logger: .silent)
            if let handler = catalog.description(of: name) { return (catalog, handler) }
            await catalog.shutdown()
            let fault = catalog.loadFault(of: name).map { ": \($0)" } ?? ""
            throw CommandFailure(
                .usage, "there is no folder and no usable handler named \(name)\(fault)",
                next: "See `headrace handler list`, or name a folder with handler.yml.")
        case .project(let folder):
            let (catalog, faults) = try await composition.project(folder, state: state)
            if let handler = catalog.descriptions().first, faults.isEmpty { return (catalog, handler) }
            await catalog.shutdown()
            throw CommandFailure(
                .configuration, faults.first ?? "\(folder) holds no handler",
                next: faults.count > 1
                    ? "There are \(faults.count - 1) more faults; mend this one first." : nil)
        }
    }
}
