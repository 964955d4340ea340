import JobCore
import JobRunner
import JobTestKit
import PureJSON
import Synchronization
import Testing

@Suite("The runner")
struct RunnerTests {
    @Test("A job's output is published, its record settled, its message deleted, nothing staged is left")
    func completes() async throws {
        let summary = try await RunnerHarness.run { harness in
            try await harness.send("j1")
            let record = try await harness.wait(for: "j1", .completed)
            let published = ObjectLocation(bucket: "uploads", key: "results/j1/out.csv")
            #expect(harness.objects.bytes(at: published) == Array("a,b\n1,2\n".utf8))
            #expect(record.outputs.map(\.published) == [published])
            #expect(record.attempts == 1)
            try await harness.waitUntilQueueIsEmpty()
            try await harness.clock.advance {
                try await harness.objects.list(bucket: "uploads", prefix: "staging/", limit: 10).isEmpty
            }
            let events = try await harness.store.events(of: record.id).map(\.kind)
            #expect(events == ["queued", "claimed", "completed", "published"])
        }
        #expect(summary.processed == 1)
        #expect(summary.successRate == 1)
    }

    @Test("A malformed message reaches the dead-letter queue byte for byte, with its reason, and makes no record")
    func deadLettersMalformed() async throws {
        _ = try await RunnerHarness.run { harness in
            let body = "{\"not\": a job ü"
            _ = try await harness.queue.send(body: body, attributes: [:], delay: .zero)
            try await harness.waitUntilQueueIsEmpty()
            let dead = harness.deadLetters.contents
            #expect(dead.map(\.body) == [body])
            #expect(dead.first?.attributes["headrace.code"] == "message-not-json")
            #expect(try await harness.store.records(matching: JobFilter()).isEmpty)
            #expect(harness.handlers.invocations.isEmpty)
        }
    }

    @Test("A job for a handler that is installed but broken is dead-lettered with what is wrong with it")
    func deadLettersForBrokenHandler() async throws {
        _ = try await RunnerHarness.run { harness in
            let body = JobSamples.body(id: "j1", handler: "broken", submittedAt: harness.clock.now())
            _ = try await harness.queue.send(body: body, attributes: [:], delay: .zero)
            try await harness.waitUntilQueueIsEmpty()
            let dead = harness.deadLetters.contents.first
            #expect(dead?.attributes["headrace.code"] == "handler-not-loaded")
            #expect(dead?.attributes["headrace.message"]?.contains("it is broken") == true)
        }
    }

    @Test(
        "A job that would read or write where its handler may not never reaches it",
        arguments: [
            (["other-bucket/"], ["{bucket}/"], "echo reads from other-bucket/, found s3://uploads/in.csv"),
            (["uploads/in.csv/"], ["uploads/elsewhere/"], "echo writes to uploads/elsewhere/, its outputs would go to"),
            (["{bucket}/"], [], "echo writes to nowhere"),
        ])
    func refusesLocations(_ reads: [String], _ writes: [String], _ reason: String) async throws {
        let (readable, writable) = (reads.compactMap { ObjectPrefix($0) }, writes.compactMap { ObjectPrefix($0) })
        let summary = try await RunnerHarness.run(reads: readable, writes: writable) { harness in
            try await harness.send("one")
            try await harness.waitUntilQueueIsEmpty()
            let dead = try #require(harness.deadLetters.contents.first)
            #expect(dead.attributes["headrace.code"] == "location-not-granted", "\(dead.attributes)")
            #expect(dead.attributes["headrace.message"]?.contains(reason) == true, "\(dead.attributes)")
            #expect(harness.handlers.invocations.isEmpty)
        }
        #expect(summary.rejected == 1)
    }

    @Test("A job that reads and writes where its handler may completes")
    func takesGrantedLocations() async throws {
        let places = [try #require(ObjectPrefix("{bucket}/in.csv")), try #require(ObjectPrefix("uploads/results/"))]
        _ = try await RunnerHarness.run(reads: places, writes: places) { harness in
            try await harness.send("one")
            _ = try await harness.wait(for: "one", .completed)
        }
    }

    @Test("A hundred duplicates of one job have one effect, and all hundred messages go")
    func suppressesDuplicates() async throws {
        let summary = try await RunnerHarness.run { harness in
            try await harness.send("j1", copies: 100)
            _ = try await harness.wait(for: "j1", .completed)
            try await harness.waitUntilQueueIsEmpty()
            #expect(harness.handlers.invocations.count == 1)
            let published = ObjectLocation(bucket: "uploads", key: "results/j1/out.csv")
            #expect(harness.objects.writes(to: published) == 1)
            #expect(harness.deadLetters.contents.isEmpty)
        }
        #expect(summary.processed == 1)
        #expect(summary.duplicates == 99)
    }

    @Test("Retries really retry: two failures, then success, with the back-off in between")
    func retries() async throws {
        let runs = Mutex(0)
        _ = try await RunnerHarness.run(
            script: { invocation, signal in
                let run = runs.withLock { runs in
                    runs += 1
                    return runs
                }
                guard run < 3 else { return await RunnerHarness.copy(invocation, signal) }
                return HandlerReport(outcome: .retry(after: nil, code: "busy", message: "later"))
            },
            { harness in
                try await harness.send("j1")
                let record = try await harness.wait(for: "j1", .completed)
                #expect(record.attempts == 3)
                let events = try await harness.store.events(of: record.id).map(\.kind)
                #expect(
                    events == [
                        "queued", "claimed", "retrying", "claimed", "retrying", "claimed", "completed", "published",
                    ])
            })
    }

    @Test("When the attempts are spent the job is FAILED and its message is in the dead-letter queue")
    func failsForGood() async throws {
        _ = try await RunnerHarness.run(
            retry: RetryPolicy(maxAttempts: 2),
            script: { _, _ in HandlerReport(outcome: .crashed(signal: 11, exitCode: nil, message: "died")) },
            { harness in
                try await harness.send("j1")
                let record = try await harness.wait(for: "j1", .failed)
                #expect(record.attempts == 2)
                #expect(record.failure?.failureClass == .handlerCrashed)
                try await harness.waitUntilQueueIsEmpty()
                #expect(harness.deadLetters.contents.first?.attributes["headrace.attempts"] == "2")
            })
    }

    @Test("A full disk while fetching burns no attempt, and the job completes once there is room")
    func survivesFullDisk() async throws {
        _ = try await RunnerHarness.run { harness in
            harness.objects.failNext(
                "download",
                DependencyError(.localStorage, operation: "s3.GetObject", code: "disk-full", message: "no space"))
            try await harness.send("j1")
            let record = try await harness.wait(for: "j1", .completed)
            #expect(record.attempts == 1)
            let attempts = try await harness.store.attempts(of: record.id)
            #expect(attempts.map(\.outcome) == ["resource", "completed"])
        }
    }

    @Test("A database that is locked at the commit is asked again, and the handler runs only once")
    func retriesCommit() async throws {
        let database = Mutex<InMemoryJobStore?>(nil)
        _ = try await RunnerHarness.run(
            script: { invocation, signal in
                let locked = JobStoreError.busy(detail: "locked")
                database.withLock { $0?.failNextChanges([locked, locked]) }
                return await RunnerHarness.copy(invocation, signal)
            },
            { harness in
                database.withLock { $0 = harness.store }
                try await harness.send("j1")
                let record = try await harness.wait(for: "j1", .completed)
                #expect(harness.handlers.invocations.count == 1)
                #expect(record.epoch == 1)
            })
    }

    @Test("A queue that is out of reach does not stop the runner")
    func survivesQueueOutage() async throws {
        _ = try await RunnerHarness.run { harness in
            let down = DependencyError(.unavailable, operation: "sqs.ReceiveMessage", code: "503", message: "down")
            harness.queue.failNextReceives([down, down, down])
            try await harness.send("j1")
            _ = try await harness.wait(for: "j1", .completed)
        }
    }
}

@Suite("The runner while jobs run")
struct RunnerInterruptionTests {
    @Test("A drain beyond the grace period hands the job back: visible at once, no attempt burned")
    func drains() async throws {
        let queue = Mutex<(InMemoryMessageQueue, InMemoryJobStore)?>(nil)
        let summary = try await RunnerHarness.run(
            concurrency: 1, script: RunnerHarness.hang,
            { harness in
                queue.withLock { $0 = (harness.queue, harness.store) }
                try await harness.send("j1")
                _ = try await harness.wait(for: "j1", .running)
                #expect(harness.runner.drain())
                try await harness.clock.advance {
                    try await harness.store.record(of: JobSamples.id("j1"))?.state == .queued
                }
            })
        #expect(summary.handedBack == 1)
        let (left, store) = try #require(queue.withLock { $0 })
        #expect(left.hiddenFor.first == .zero)
        #expect(try await store.record(of: JobSamples.id("j1"))?.attempts == 0)
    }

    @Test("A message stays hidden and its lease alive for as long as its handler runs")
    func keepsLease() async throws {
        _ = try await RunnerHarness.run(script: RunnerHarness.hang) { harness in
            try await harness.send("j1")
            let started = try await harness.wait(for: "j1", .running)
            let end = harness.clock.now() + .seconds(600)
            // The poll and the lease keeper: neither is overtaken by the clock.
            try await harness.clock.advance(sleepers: 2) {
                #expect(harness.queue.hiddenFor.allSatisfy { $0 > .zero })
                return harness.clock.now() > end
            }
            let record = try await harness.store.record(of: started.id)
            #expect(record?.epoch == 1)
            #expect(try #require(record?.leaseUntil) > harness.clock.now())
            _ = try await harness.store.change(started.id) { [now = harness.clock.now()] in
                JobRecord.requestCancel(by: "test", now: now, $0)
            }
            _ = try await harness.wait(for: "j1", .cancelled)
        }
    }

    @Test("A running job that an operator cancels is CANCELLED within seconds and its message is gone")
    func cancels() async throws {
        let summary = try await RunnerHarness.run(script: RunnerHarness.hang) { harness in
            try await harness.send("j1")
            let record = try await harness.wait(for: "j1", .running)
            let asked = harness.clock.now()
            let verdict = try await harness.store.change(record.id) {
                JobRecord.requestCancel(by: "ann", now: asked, $0)
            }
            #expect(verdict == .requested)
            let cancelled = try await harness.wait(for: "j1", .cancelled)
            #expect(try #require(cancelled.finishedAt) - asked <= .seconds(3))
            try await harness.waitUntilQueueIsEmpty()
        }
        #expect(summary.cancelled == 1)
    }

    @Test("A handler's progress is stored while it runs")
    func storesProgress() async throws {
        _ = try await RunnerHarness.run(
            script: { invocation, signal in
                signal(.progress(fraction: 0.5, note: "half"))
                return await RunnerHarness.hang(invocation, signal)
            },
            { harness in
                try await harness.send("j1")
                let id = try JobSamples.id("j1")
                try await harness.clock.advance { try await harness.store.record(of: id)?.progress == 0.5 }
                #expect(try await harness.store.record(of: id)?.progressNote == "half")
                _ = try await harness.store.change(id) { [now = harness.clock.now()] in
                    JobRecord.requestCancel(by: "test", now: now, $0)
                }
                _ = try await harness.wait(for: "j1", .cancelled)
            })
    }

    @Test("A lease that another runner took stops the handler and leaves the job alone")
    func losesLease() async throws {
        let summary = try await RunnerHarness.run(script: RunnerHarness.hang) { harness in
            try await harness.send("j1")
            let record = try await harness.wait(for: "j1", .running)
            _ = try await harness.store.change(record.id) { existing in
                var stolen = existing
                stolen?.epoch += 1
                stolen?.leaseOwner = RunnerID("r2")
                return JobChange(true, record: stolen)
            }
            try await harness.clock.advance { harness.runner.summary.leasesLost == 1 }
            let after = try await harness.store.record(of: record.id)
            #expect(after?.leaseOwner == RunnerID("r2"))
            #expect(after?.state == .running)
        }
        #expect(summary.leasesLost == 1)
    }
}
