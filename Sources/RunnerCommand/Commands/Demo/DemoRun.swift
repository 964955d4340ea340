import JobCore
import JobRunner
import PureJSON

/// Runs the demo's jobs through queue, runner and handlers, and gathers what they made.
struct DemoRun: Sendable {
    let assembly: RunnerAssembly
    let session: Session
    let bucket: String
    let data: DataDirectory
    /// When the command began.
    let startedAt: Duration
    /// How many customers to show.
    let top: Int

    /// No stage of the demo takes longer than this, or something is wrong.
    private static let patience: Duration = .seconds(600)

    private var console: Console { session.console }
    private var clock: any RunnerClock { session.clock }

    /// Runs a runner beside the jobs, and drains it at the end.
    func report(for table: String) async throws -> DemoReport {
        try await withThrowingTaskGroup(of: Void.self, returning: DemoReport.self) { group in
            group.addTask { _ = await assembly.runner.run() }
            let outcome: Result<DemoReport, any Error>
            do {
                outcome = .success(try await gather(table))
            } catch {
                outcome = .failure(error)
            }
            _ = assembly.runner.drain()
            try await group.waitForAll()
            return try outcome.get()
        }
    }

    private func gather(_ table: String) async throws(CommandFailure) -> DemoReport {
        var timings = [("start", clock.uptime() - startedAt)]
        var results: [DemoStageResult] = []
        var input = JobSubmission.Source.file(table)
        var uploaded: ObjectLocation?
        for stage in DemoStage.all {
            let result = try await run(stage, on: input)
            uploaded = uploaded ?? result.record.request.inputs["csv"]?.location
            timings.append((stage.handler, result.elapsed))
            results.append(result)
            guard let output = result.record.outputs.first(where: { $0.name == stage.handover }) else {
                throw CommandFailure(
                    .jobFailed, "\(stage.handler) wrote no \(stage.handover)",
                    next: "See `headrace jobs show \(result.record.id) --data \(data.path)`.")
            }
            input = .object(result.record.readableLocation(of: output))
        }
        let downloadStart = clock.uptime()
        let directory = "\(data.path)/results"
        var files: [String: String] = [:]
        let download = ResultDownload(objects: assembly.objects, console: console, clock: clock)
        for result in results {
            for file in try await download.download(result.record, into: "\(directory)/\(result.stage.handler)") {
                files[file.name] = file.path
            }
        }
        let scoresPath = files["scores.csv"] ?? ""
        let scores = try ScoresFile(path: scoresPath, keeping: top)
        timings.append(("download", clock.uptime() - downloadStart))
        timings.append(("total", clock.uptime() - startedAt))
        return DemoReport(
            stages: results, validation: try Self.json(files["report.json"]),
            mapping: try Self.json(files["mapping.json"]),
            summary: try Self.json(files["summary.json"]), scores: scores, scoresPath: scoresPath,
            uploadedRows: Int(results.first?.record.rowsProcessed ?? 0),
            uploaded: uploaded ?? ObjectLocation(bucket: bucket, key: ""), timings: timings)
    }

    private func run(
        _ stage: DemoStage, on source: JobSubmission.Source
    ) async throws(CommandFailure) -> DemoStageResult {
        guard let id = JobSubmission.newID(for: stage.handler, now: clock.now()) else {
            throw CommandFailure(.usage, "\(stage.handler) makes no job id")
        }
        let start = clock.uptime()
        let name = JobSubmission.mainInput(of: stage.handler, in: assembly.catalog)
        let submission = JobSubmission(id: id, handler: stage.handler, inputs: [name: source], params: stage.params)
        try submission.check(against: assembly.catalog)
        let submitter = Submitter(
            queue: assembly.queue, objects: assembly.objects, clock: clock, console: console, bucket: bucket)
        _ = try await submitter.submit(submission)
        let bar = ProgressBar(stage.handler, on: console.err, clock: clock)
        var events: [JobEvent] = []
        let follower = JobFollower(store: assembly.store, clock: clock, interval: .milliseconds(10))
        let record = try await follower.follow(id, patience: Self.patience) { word in
            switch word {
            case .event(let event):
                events.append(event)
                let name = stage.handler + String(repeating: " ", count: max(13 - stage.handler.count, 0))
                console.err.line("\(name)  \(JobsDesk.line(for: event, on: console.err))")
            case .progress(let share, let note): bar.show(share: share, note: note)
            }
        }
        bar.finish()
        guard let record else {
            throw CommandFailure(.unreachable, "the runner did not take job \(id) in time")
        }
        guard record.state == .completed else {
            let why = record.failure.map { ": \($0)" } ?? ""
            throw CommandFailure(
                .jobFailed, "job \(id) is \(record.state.rawValue)\(why)", next: record.failure?.failureClass.nextStep)
        }
        return DemoStageResult(stage: stage, record: record, events: events, elapsed: clock.uptime() - start)
    }

    private static func json(_ path: String?) throws(CommandFailure) -> JSONValue? {
        guard let path, let text = try LocalFile.read(path, limit: 64 << 20) else { return nil }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw CommandFailure(.jobFailed, "\(path) is not JSON: \(error)")
        }
    }
}
