import HandlerHosting
import JobCore
import JobTestKit
import PureJSON
import Testing

@Suite("What handlers keep and measure", .timeLimit(.minutes(5)))
struct HandlerStateTests {
    @Test("The attempt after a crash sees the checkpoint of the one that crashed")
    func resumed() async throws {
        let catalog = try Zoo.catalog()
        #expect(try await run(catalog, "checkpoint_length") == .completed(["length": -3]))
        #expect(try await run(catalog, "checkpoint_crash", attempt: 1).signal != nil)
        #expect(try await run(catalog, "checkpoint_length", attempt: 2) == .completed(["length": 4]))
        #expect(try await run(catalog, "checkpoint_length", job: "job-2") == .completed(["length": -3]))
        await catalog.shutdown()
    }

    @Test("A handler that is told to stop can still save its checkpoint")
    func savedWhileCancelled() async throws {
        let catalog = try Zoo.catalog()
        let invocation = try Zoo.invocation("checkpoint_cancelled")
        let (signals, continuation) = AsyncStream.makeStream(of: HandlerSignal.self)
        let task = Task { await catalog.run(invocation) { continuation.yield($0) } }
        for await _ in signals { break }
        task.cancel()
        #expect(await task.value.outcome == .cancelled)
        #expect(try await run(catalog, "checkpoint_length", attempt: 2) == .completed(["length": 4]))
        await catalog.shutdown()
    }

    @Test("A checkpoint above the limit is refused and the old one stays")
    func largeCheckpoint() async throws {
        let catalog = try Zoo.catalog("limits: { checkpointBytes: 2KiB }")
        #expect(try await run(catalog, "checkpoint_large") == .completed(["codes": .integer(-500 + 3)]))
        await catalog.shutdown()
    }

    @Test("An attempt whose job is another's saves nothing")
    func lostJob() async throws {
        let catalog = try Zoo.catalog(state: InMemoryJobStore())
        #expect(try await run(catalog, "checkpoint_large") == .completed(["codes": .integer(-600 - 3)]))
        await catalog.shutdown()
    }

    @Test("Values outlive runs and processes, within their quota")
    func values() async throws {
        let catalog = try Zoo.catalog("limits: { kvBytes: 2KiB }\nisolation: { mode: process-per-job }")
        #expect(try await run(catalog, "value_length") == .completed(["length": -3]))
        #expect(try await run(catalog, "value_put") == .completed(["code": 0]))
        #expect(try await run(catalog, "value_large") == .completed(["code": -5]))
        #expect(try await run(catalog, "value_nameless") == .completed(["code": -1]))
        #expect(try await run(catalog, "value_length", job: "job-2") == .completed(["length": 5]))
        await catalog.shutdown()
    }

    @Test("A run has a hundred series at most, and its handler is told")
    func series() async throws {
        let catalog = try Zoo.catalog()
        let report = try await catalog.run("many_series")
        #expect(report.outcome == .completed(["refused": 50]))
        #expect(report.metrics.values.count == 100)
        await catalog.shutdown()
    }

    @Test("Details of an error are kept when they are an object, and a line says so when not")
    func details() async throws {
        let catalog = try Zoo.catalog()
        #expect(try await catalog.run("details").details == ["row": 7])
        let text = try await catalog.run("details_text")
        #expect(text.details == nil)
        #expect(text.lastLogLines.contains { $0.contains("details of the handler's error") })
        await catalog.shutdown()
    }

    @Test("An error of the size that the first header had is read no further")
    func shortError() async throws {
        let catalog = try Zoo.catalog()
        #expect(
            try await run(catalog, "short_error") == .failed(code: "old", message: "of the first header"))
        await catalog.shutdown()
    }

    private func run(
        _ catalog: HostedHandlerCatalog, _ how: String, job: String = "job-1", attempt: Int = 1
    ) async throws -> HandlerOutcome {
        await catalog.run(try Zoo.invocation(how, job: job, attempt: attempt)) { _ in }.outcome
    }
}
