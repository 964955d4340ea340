import Glibc
import HandlerHosting
import JobCore
import PureJSON
import Synchronization
import Testing

@Suite("Runs in host processes", .timeLimit(.minutes(2)))
struct HostedRunTests {
    @Test("Inputs are streamed in and outputs out, byte for byte", arguments: [0, 1, 65_536, 65_537, 1_000_000])
    func echo(_ size: Int) async throws {
        let catalog = try Zoo.catalog()
        let input = Zoo.freshPath("in.csv")
        let text = String(repeating: "0123456789abcdef", count: size / 16 + 1).prefix(size)
        try Zoo.write(String(text), to: input)
        let report = try await catalog.run("echo", inputs: ["csv": input])
        #expect(report.outcome == .completed(["bytes": .integer(Int64(size))]))
        let output = try #require(report.outputs.first)
        #expect(output.name == "copy.csv")
        #expect(output.contentType == "text/csv")
        #expect(output.sizeBytes == Int64(size))
        #expect(try Zoo.read(output.path) == Array(text.utf8))
        await catalog.shutdown()
    }

    @Test("A missing optional input is the handler's to judge")
    func noInput() async throws {
        let catalog = try Zoo.catalog()
        #expect(try await catalog.run("echo").outcome == .invalidInput(code: "no-csv", message: "none"))
        await catalog.shutdown()
    }

    @Test("An input file that is gone is a passing fault")
    func lostInput() async throws {
        let catalog = try Zoo.catalog()
        let report = try await catalog.run("echo", inputs: ["csv": "/nonexistent/in.csv"])
        #expect(report.outcome.code == "input-unreadable")
        await catalog.shutdown()
    }

    @Test("An input above the manifest's limit never reaches the handler")
    func largeInput() async throws {
        let folder = try Zoo.handler(
            ZooSource.zoo,
            manifest: Zoo.manifest().replacing("required: false }", with: "required: false, maxBytes: 10B }"))
        let (catalog, faults) = Zoo.load([folder])
        #expect(faults == [])
        let input = Zoo.freshPath("in.csv")
        try Zoo.write("12345678901", to: input)
        let report = try await catalog.run("echo", inputs: ["csv": input])
        #expect(report.outcome.code == "input-too-large")
        await catalog.shutdown()
    }

    @Test("Outputs beyond the limit end the run as a limit, and none is kept")
    func outputLimit() async throws {
        let catalog = try Zoo.catalog("limits: { outputBytes: 100KiB }")
        let input = Zoo.freshPath("in.csv")
        try Zoo.write(String(repeating: "x", count: 200_000), to: input)
        let report = try await catalog.run("echo", inputs: ["csv": input])
        #expect(report.outcome == .resourceExhausted(limit: "outputBytes", message: "too much"))
        #expect(report.outputs == [])
        await catalog.shutdown()
    }

    @Test("A run that does not complete publishes nothing")
    func noOutputsOnFailure() async throws {
        let catalog = try Zoo.catalog()
        let report = try await catalog.run("output_fails")
        #expect(report.outputs == [])
        await catalog.shutdown()
    }

    @Test("Log lines and progress come as signals and stay in the report")
    func signals() async throws {
        let catalog = try Zoo.catalog()
        let seen = Mutex<[HandlerSignal]>([])
        let report = await catalog.run(try Zoo.invocation("progress")) { signal in seen.withLock { $0.append(signal) } }
        #expect(
            seen.withLock { $0 } == [
                .log(level: "info", message: "counted", fields: ["rows": "3"]),
                .progress(fraction: 0.5, note: "half"), .progress(fraction: 1, note: "all"),
            ])
        #expect(report.lastLogLines == ["info counted rows=3"])
        await catalog.shutdown()
    }

    @Test("What a handler prints becomes its last lines, also without a final newline")
    func standardOutput() async throws {
        let catalog = try Zoo.catalog()
        let report = try await catalog.run("stdout")
        #expect(report.outcome == .completed(.null))
        #expect(report.lastLogLines == ["hello from stdout", "and stderr"])
        await catalog.shutdown()
    }

    @Test("Log lines over the rate are counted, not kept")
    func flood() async throws {
        let catalog = try Zoo.catalog()
        let report = try await catalog.run("flood")
        #expect(report.lastLogLines.count <= 20)
        #expect(report.lastLogLines.last?.hasSuffix("log lines were over the rate)") ?? false)
        await catalog.shutdown()
    }

    @Test("The peak of resident memory is that of the run, also in a process that is used again")
    func peakMemory() async throws {
        let catalog = try Zoo.catalog()
        let small = try #require(try await catalog.run("noop").peakMemoryBytes)
        let large = try #require(try await catalog.run("peak").peakMemoryBytes)
        let after = try #require(try await catalog.run("noop").peakMemoryBytes)
        #expect(large - small > 90 << 20)
        #expect(after < large - 90 << 20)
        await catalog.shutdown()
    }

    @Test("Handles of an earlier run are refused, not followed")
    func staleHandles() async throws {
        let catalog = try Zoo.catalog()
        let input = Zoo.freshPath("in.csv")
        try Zoo.write("a,b", to: input)
        #expect(try await catalog.run("keep_handles", inputs: ["csv": input]).outcome == .completed(.null))
        let report = try await catalog.run("use_handles", inputs: ["csv": input])
        #expect(report.outcome == .completed(["codes": -202]))
        #expect(report.lastLogLines.contains { $0.contains("handler misbehaved: a job was used after its end") })
        await catalog.shutdown()
    }

    @Test("A handler that the catalogue does not have is named with its likely spelling")
    func unknownHandler() async throws {
        let catalog = try Zoo.catalog()
        var invocation = try Zoo.invocation("noop")
        invocation.handler = "zooo"
        let report = await catalog.run(invocation) { _ in }
        #expect(report.outcome.message == "no handler is named zooo; did you mean \"zoo\"?")
        await catalog.shutdown()
    }
}

@Suite("Pool of host processes", .timeLimit(.minutes(2)), .serialized)
struct HostPoolTests {
    private static func pid(_ catalog: HostedHandlerCatalog) async throws -> Int64 {
        guard case .completed(let result) = try await catalog.run("pid").outcome else { return 0 }
        return try #require(result["pid"]?.integerValue)
    }

    @Test("A process stays warm from run to run")
    func warm() async throws {
        let catalog = try Zoo.catalog()
        let first = try await Self.pid(catalog)
        #expect(first > 0)
        #expect(try await Self.pid(catalog) == first)
        await catalog.shutdown()
    }

    @Test("A process is replaced after its number of runs")
    func recycledByRuns() async throws {
        let catalog = try Zoo.catalog("isolation: { recycleAfterJobs: 2 }")
        let pids = [try await Self.pid(catalog), try await Self.pid(catalog), try await Self.pid(catalog)]
        #expect(pids[0] == pids[1])
        #expect(pids[1] != pids[2])
        await catalog.shutdown()
    }

    @Test("A process is replaced when it has grown")
    func recycledByMemory() async throws {
        let catalog = try Zoo.catalog("isolation: { recycleAboveMemory: 1B }")
        #expect(try await Self.pid(catalog) != Self.pid(catalog))
        await catalog.shutdown()
    }

    @Test("With one process per job no two runs share one")
    func perJob() async throws {
        let catalog = try Zoo.catalog("isolation: { mode: process-per-job }")
        #expect(try await Self.pid(catalog) != Self.pid(catalog))
        await catalog.shutdown()
    }

    @Test("No more processes than the manifest allows, and every run gets its turn")
    func concurrency() async throws {
        let catalog = try Zoo.catalog("concurrency: { max: 2 }")
        let pids = await withTaskGroup(of: Int64.self) { group in
            for _ in 0..<20 { group.addTask { (try? await Self.pid(catalog)) ?? 0 } }
            return await group.reduce(into: Set<Int64>()) { $0.insert($1) }
        }
        #expect((1...2).contains(pids.count))
        #expect(!pids.contains(0))
        await catalog.shutdown()
    }

    @Test("A hundred crashes among runs cost only their own runs")
    func crashes() async throws {
        let catalog = try Zoo.catalog("concurrency: { max: 2 }")
        let outcomes = await withTaskGroup(of: (String, HandlerOutcome?).self) { group in
            for number in 0..<200 {
                let how = number % 2 == 0 ? "segv" : "noop"
                group.addTask { (how, try? await catalog.run(how).outcome) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter { $0.0 == "noop" && $0.1 == .completed(.null) }.count == 100)
        #expect(outcomes.filter { $0.0 == "segv" && $0.1?.signal == SIGSEGV }.count == 100)
        await catalog.shutdown()
    }

    @Test("After shutdown no process and no descriptor is left, and runs are refused")
    func shutdown() async throws {
        // A process of its own: other tests open and close descriptors of this one at the same time.
        await #expect(processExitsWith: .success) {
            // What a process opens once and for all is open after the first run.
            let first = try Zoo.catalog("concurrency: { max: 2 }")
            _ = try await first.run("noop")
            await first.shutdown()
            let catalog = try Zoo.catalog("concurrency: { max: 2 }")
            let before = Self.descriptors()
            let process = try await Self.pid(catalog)
            _ = try await catalog.run("abort")
            await catalog.shutdown()
            #expect(!Self.isAlive(process))
            #expect(try await catalog.run("noop").outcome == .cancelled)
            #expect(Self.descriptors() <= before)
        }
    }

    @Test("A run that is under way at a shutdown ends as cancelled")
    func shutdownDuringRun() async throws {
        let catalog = try Zoo.catalog()
        let (signals, continuation) = AsyncStream<HandlerSignal>.makeStream()
        let invocation = try Zoo.invocation("hang")
        async let hanging = catalog.run(invocation) { continuation.yield($0) }
        for await signal in signals where signal == .progress(fraction: 0, note: "hanging") { break }
        await catalog.shutdown()
        #expect(await hanging.outcome == .cancelled)
    }

    private static func isAlive(_ pid: Int64) -> Bool { kill(pid_t(pid), 0) == 0 }

    private static func descriptors() -> Int {
        (0..<1024).count { fcntl(Int32($0), F_GETFD) >= 0 }
    }
}
