import JobCore
import JobRunner
import JobTestKit
import Logging
import PureJSON

/// A runner on in-memory ports, and what a test does to it.
struct RunnerHarness: Sendable {
    let clock = ManualClock()
    let store = InMemoryJobStore()
    let objects = InMemoryObjectStore()
    let queue: InMemoryMessageQueue
    let deadLetters: InMemoryMessageQueue
    let handlers: ScriptedHandlerCatalog
    let runner: Runner
    let input = ObjectLocation(bucket: "uploads", key: "in.csv")

    init(
        scratch: String, concurrency: Int = 2, retry: RetryPolicy = RetryPolicy(),
        reads: [ObjectPrefix]? = nil, writes: [ObjectPrefix]? = nil,
        script: @escaping ScriptedHandlerCatalog.Script
    ) {
        queue = InMemoryMessageQueue(name: "jobs", clock: clock)
        deadLetters = InMemoryMessageQueue(name: "jobs-dlq", clock: clock)
        let echo = HandlerDescription(
            name: "echo", version: "1.0.0", requiredInputs: ["csv"], outputs: ["out.csv"], retry: retry,
            reads: reads, writes: writes)
        handlers = ScriptedHandlerCatalog([echo], script: script)
        var logger = Logger(label: "test")
        logger.handler = SwiftLogNoOpLogHandler()
        runner = Runner(
            settings: RunnerSettings(
                id: RunnerID("r1"), concurrency: concurrency, visibility: .seconds(60), grace: .seconds(30),
                scratchDirectory: scratch),
            ports: RunnerPorts(
                queue: queue, deadLetterQueue: deadLetters, objects: objects, store: store, handlers: handlers,
                clock: clock, random: { 0 }),
            logger: logger)
        objects.set(Array("a,b\n1,2\n".utf8), at: input)
    }

    /// Runs a runner around the body, then drains it.
    ///
    /// - Returns: the runner's summary.
    static func run(
        concurrency: Int = 2, retry: RetryPolicy = RetryPolicy(),
        reads: [ObjectPrefix]? = nil, writes: [ObjectPrefix]? = nil,
        script: @escaping ScriptedHandlerCatalog.Script = Self.copy,
        _ body: @escaping @Sendable (RunnerHarness) async throws -> Void
    ) async throws -> RunnerSummary {
        try await TemporaryDirectory.with { scratch in
            let harness = RunnerHarness(
                scratch: scratch, concurrency: concurrency, retry: retry, reads: reads, writes: writes, script: script)
            return try await withThrowingTaskGroup(of: RunnerSummary?.self) { group in
                group.addTask { await harness.runner.run() }
                group.addTask {
                    try await body(harness)
                    return nil
                }
                var summary: RunnerSummary?
                while let ended = try await group.next() {
                    if let ended {
                        summary = ended
                    } else {
                        _ = harness.runner.drain()
                        try await harness.settle()
                    }
                }
                return summary ?? RunnerSummary()
            }
        }
    }

    /// Lets time pass until the outstanding poll has returned.
    private func settle() async throws {
        _ = try await queue.send(body: "wake", attributes: [:], delay: .zero)
    }

    func send(_ id: String, copies: Int = 1, params: JSONValue = [:]) async throws {
        let body = JobSamples.body(id: id, params: params, submittedAt: clock.now())
        for _ in 0..<copies { _ = try await queue.send(body: body, attributes: [:], delay: .zero) }
    }

    /// Lets time pass until the job is in that state, and settled where that is final.
    func wait(for id: String, _ state: JobState) async throws -> JobRecord {
        let jobID = try JobSamples.id(id)
        var last: JobRecord?
        try await clock.advance {
            last = try await store.record(of: jobID)
            return last?.state == state && (!state.isTerminal || last?.settledAt != nil)
        }
        guard let last else { throw ConformanceFailure("no record of \(id)") }
        return last
    }

    func waitUntilQueueIsEmpty() async throws { try await clock.advance { queue.contents.isEmpty } }

    /// Copies the input to `out.csv`.
    static let copy: ScriptedHandlerCatalog.Script = { invocation, _ in
        let output = invocation.scratchDirectory + "/out.csv"
        guard let bytes = invocation.inputs["csv"].flatMap(FileBytes.read), FileBytes.write(bytes, to: output) else {
            return HandlerReport(outcome: .failed(code: "io", message: "cannot copy"))
        }
        return HandlerReport(
            outcome: .completed(["rows": 1]),
            outputs: [
                ProducedOutput(
                    name: "out.csv", path: output, sizeBytes: Int64(bytes.count), contentType: "text/csv")
            ], handlerVersion: "1.0.0")
    }

    /// Runs until it is cancelled.
    static let hang: ScriptedHandlerCatalog.Script = { _, _ in
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        await withTaskCancellationHandler {
            for await _ in stream {}
        } onCancel: {
            continuation.finish()
        }
        return HandlerReport(outcome: .cancelled)
    }
}
