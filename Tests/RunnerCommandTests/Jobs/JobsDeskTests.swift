import JobCore
import JobTestKit
import PureJSON
import Testing

@testable import RunnerCommand

@Suite("Jobs desk")
struct JobsDeskTests {
    @Test("The list is a table of jobs with states, rows and errors")
    func list() async throws {
        let fixture = DeskFixture()
        try await DeskSamples.completed("job-a", in: fixture.store)
        try await DeskSamples.failed("job-b", in: fixture.store)
        try await fixture.desk.list(JobFilter())
        #expect(
            fixture.out.captured == """
                JOB    STATE      HANDLER        ATTEMPTS   ROWS  QUEUED     TOOK  NOTE
                job-b  FAILED     churn-predict         1         58 s ago  1.0 s  file-empty: the file has no bytes
                job-a  COMPLETED  churn-predict         1  7,043  59 s ago  84 ms

                """)
    }

    @Test("Showing a failed job names class, code, sentence, next step and last log lines")
    func showFailed() async throws {
        let fixture = DeskFixture()
        try await DeskSamples.failed("job-b", in: fixture.store)
        try await fixture.desk.show(DeskSamples.id("job-b"))
        let text = fixture.out.captured
        for words in [
            "job-b  FAILED", "invalid-input", "file-empty", "the file has no bytes", "Mend the input file",
            "opening input csv", "QUEUED -> RUNNING", "RUNNING -> FAILED", "s3://headrace/uploads/a.csv",
        ] {
            #expect(text.contains(words), "\(words) is missing in:\n\(text)")
        }
    }

    @Test("Timings and memory are shown in words")
    func showMetrics() async throws {
        let fixture = DeskFixture()
        try await DeskSamples.completed("job-a", in: fixture.store)
        let record = try #require(try await fixture.store.record(of: DeskSamples.id("job-a")))
        var measured = record
        measured.metrics = ["handler_ms": 910.665, "fetch_ms": 11, "peak_memory_bytes": 66_105_344, "odd": "x"]
        let facts = JobTables.facts(of: measured, now: DeskSamples.start)
        #expect(facts.last?.value == "handler 910 ms, fetch 11 ms, peak memory 66.1 MB, odd \"x\"")
    }

    @Test("Showing a job as JSON gives record, attempts and audit trail in one object")
    func showJSON() async throws {
        let fixture = DeskFixture(json: true)
        try await DeskSamples.completed("job-a", in: fixture.store)
        try await fixture.desk.show(DeskSamples.id("job-a"))
        let value = try JSONValue(parsing: fixture.out.captured)
        #expect(value["state"] == "COMPLETED")
        #expect(value["rows_processed"] == 7_043)
        #expect(value["outputs"]?[0]?["uri"] == "s3://headrace/results/job-a/scores.csv")
        #expect(value["attempt_history"]?[0]?["outcome"] == "completed")
        #expect(
            value["events"]?.arrayValue?.compactMap { $0["event"]?.stringValue } == [
                "queued", "claimed", "completed", "published",
            ])
    }

    @Test("An unknown job is a usage error that says how jobs are listed")
    func unknown() async throws {
        let fixture = DeskFixture()
        let failure = await #expect(throws: CommandFailure.self) { try await fixture.desk.show(DeskSamples.id("nope")) }
        #expect(failure?.status == .usage)
        #expect(failure?.nextStep?.contains("jobs list") == true)
    }

    @Test("A failed job has no result and exits 1 with its own next step")
    func resultOfFailed() async throws {
        let fixture = DeskFixture()
        try await DeskSamples.failed("job-b", in: fixture.store)
        let failure = await #expect(throws: CommandFailure.self) {
            try await fixture.desk.result(DeskSamples.id("job-b"), download: nil, directory: nil)
        }
        #expect(failure?.status == .jobFailed)
        #expect(failure?.message == "job job-b is FAILED: the file has no bytes [file-empty]")
        #expect(failure?.nextStep == FailureClass.invalidInput.nextStep)
    }

    @Test("Cancelling a job that is over is refused")
    func cancelTooLate() async throws {
        let fixture = DeskFixture()
        try await DeskSamples.completed("job-a", in: fixture.store)
        let failure = await #expect(throws: CommandFailure.self) {
            try await fixture.desk.cancel(DeskSamples.id("job-a"), by: "ops@host")
        }
        #expect(failure?.status == .jobFailed)
    }

    @Test("Cancelling a running job is recorded with who asked")
    func cancelRunning() async throws {
        let fixture = DeskFixture()
        let claim = DeskSamples.claim("job-c")
        _ = try await fixture.store.change(DeskSamples.id("job-c")) { claim.decide($0) }
        try await fixture.desk.cancel(DeskSamples.id("job-c"), by: "ops@host")
        let record = try await fixture.store.record(of: DeskSamples.id("job-c"))
        #expect(record?.cancelRequestedBy == "ops@host")
        #expect(fixture.out.captured.contains("its runner stops it"))
    }
}

@Suite("Job follower")
struct JobFollowerTests {
    @Test("A job that is over is told once, event by event")
    func tellsEvents() async throws {
        let fixture = DeskFixture()
        try await DeskSamples.completed("job-a", in: fixture.store)
        let follower = JobFollower(store: fixture.store, clock: fixture.clock)
        var kinds: [String] = []
        let record = try await follower.follow(DeskSamples.id("job-a"), patience: .seconds(1)) { word in
            if case .event(let event) = word { kinds.append(event.kind) }
        }
        #expect(record?.state == .completed)
        #expect(kinds == ["queued", "claimed", "completed", "published"])
    }

    @Test("A job that nobody takes ends the following when patience runs out")
    func patience() async throws {
        let fixture = DeskFixture()
        let follower = JobFollower(store: fixture.store, clock: fixture.clock, interval: .seconds(1))
        async let record = follower.follow(DeskSamples.id("job-a"), patience: .seconds(2)) { _ in }
        for _ in 0..<2 {
            await fixture.clock.waitForSleepers()
            fixture.clock.advance(by: .seconds(1))
        }
        #expect(try await record == nil)
    }

    @Test("A completed job whose outputs are not published yet is waited for, for a bounded time")
    func settling() async throws {
        let fixture = DeskFixture()
        try await DeskSamples.completed("job-a", in: fixture.store, settled: false)
        let follower = JobFollower(
            store: fixture.store, clock: fixture.clock, interval: .seconds(1), settlingPatience: .seconds(1))
        async let record = follower.follow(DeskSamples.id("job-a"), patience: .seconds(60)) { _ in }
        await fixture.clock.waitForSleepers()
        fixture.clock.advance(by: .seconds(1))
        let found = try #require(try await record)
        #expect(found.readableLocation(of: found.outputs[0]).key == "staging/job-a/1/scores.csv")
    }
}
