import Glibc
import HandlerHosting
import JobCore
import PureJSON
import Synchronization
import Testing

/// A bad handler and what must become of its run.
struct ZooCase: Sendable, CustomTestStringConvertible {
    var how: String
    var expected: String
    var matches: @Sendable (HandlerOutcome) -> Bool

    init(_ how: String, _ expected: String, _ matches: @escaping @Sendable (HandlerOutcome) -> Bool) {
        self.how = how
        self.expected = expected
        self.matches = matches
    }

    var testDescription: String { "\(how) -> \(expected)" }

    static let all: [ZooCase] = [
        ZooCase("noop", "completed") { $0 == .completed(.null) },
        ZooCase("retry", "retry after 1.5 s") {
            $0 == .retry(after: .milliseconds(1500), code: "busy", message: "come back")
        },
        ZooCase("invalid", "invalid input") { $0 == .invalidInput(code: "bad-row", message: "not a number") },
        ZooCase("failed", "failed") { $0 == .failed(code: "no-model", message: "model missing") },
        ZooCase("resource", "resource") { $0 == .resourceExhausted(limit: "rows", message: "too many rows") },
        ZooCase("unknown_status", "failed") { $0.code == "unknown-status" },
        ZooCase("cancelled_unasked", "failed") { $0.code == "cancelled-unasked" },
        ZooCase("bad_result", "failed") { $0.code == "result-not-json" },
        ZooCase("segv", "crashed by SIGSEGV") { $0.signal == SIGSEGV },
        ZooCase("abort", "crashed by SIGABRT") { $0.signal == SIGABRT },
        ZooCase("stack_overflow", "crashed by SIGSEGV") { $0.signal == SIGSEGV },
        ZooCase("exit0", "crashed with code 0") { $0.exitCode == 0 },
        ZooCase("exit3", "crashed with code 3") { $0.exitCode == 3 },
        ZooCase("leak", "resource memory") { $0.limit == "memory" },
        ZooCase("burn", "resource cpuSeconds") { $0.limit == "cpuSeconds" },
        ZooCase("garbage_control", "crashed") { $0.crashMessage?.contains("broke the protocol") ?? false },
        ZooCase("flood", "completed") { $0 == .completed(.null) },
        ZooCase("bad_text", "completed") { $0 == .completed(["code": -1]) },
        ZooCase("output_unknown", "completed") { $0 == .completed(["code": -3]) },
        ZooCase("output_twice", "completed") { $0 == .completed(["code": -6]) },
        ZooCase("network", "denied") { $0 == .completed(["errno": .integer(Int64(EPERM))]) },
        ZooCase("fork", "denied") { $0 == .completed(["errno": .integer(Int64(EPERM))]) },
        ZooCase("kill_parent", "denied") { $0 == .completed(["errno": .integer(Int64(EPERM))]) },
        ZooCase("environment", "allow-list only") { $0 == .completed(["given": 1]) },
        ZooCase("descriptors", "none inherited") { $0 == .completed(["open": 0]) },
    ]
}

@Suite("Zoo of handlers", .timeLimit(.minutes(2)))
struct ZooTests {
    static let limits = "limits: { memory: 96MiB, cpuSeconds: 1 }\nenv: [ZOO_SETTING]"

    @Test("Each bad handler ends its own run in its own way, and the next run works", arguments: ZooCase.all)
    func outcome(_ zoo: ZooCase) async throws {
        let catalog = try Zoo.catalog(Self.limits)
        let report = try await catalog.run(zoo.how, timeout: .seconds(90))
        #expect(zoo.matches(report.outcome), "\(report.outcome) \(report.lastLogLines)")
        #expect(report.handlerVersion == "1.0.0")
        let next = try await catalog.run("noop")
        #expect(next.outcome == .completed(.null))
        await catalog.shutdown()
    }

    @Test("A hung handler is killed at its deadline, also when it ignores SIGTERM", arguments: ["hang", "hang_hard"])
    func deadline(_ how: String) async throws {
        let catalog = try Zoo.catalog("timeout: { cancelGrace: 100ms }")
        let report = try await catalog.run(how, timeout: .milliseconds(200))
        #expect(report.outcome == .timedOut(after: .milliseconds(200)))
        #expect(report.duration < .seconds(5))
        await catalog.shutdown()
    }

    @Test("A handler that closes the control socket is ended with its process")
    func closedControl() async throws {
        let catalog = try Zoo.catalog("timeout: { cancelGrace: 100ms }")
        let report = try await catalog.run("close_control", timeout: .milliseconds(200))
        #expect(report.outcome.crashMessage?.contains("control socket") ?? false, "\(report.outcome)")
        await catalog.shutdown()
    }

    @Test("A handler that honours cancellation at its deadline has timed out")
    func deadlineHonoured() async throws {
        let catalog = try Zoo.catalog()
        let report = try await catalog.run("cancel_honoured", timeout: .milliseconds(100))
        #expect(report.outcome == .timedOut(after: .milliseconds(100)))
        await catalog.shutdown()
    }

    @Test("A task that is cancelled before its run begins ends as cancelled")
    func cancellationAtOnce() async throws {
        let catalog = try Zoo.catalog("timeout: { cancelGrace: 100ms }")
        let invocation = try Zoo.invocation("hang")
        let task = Task { await catalog.run(invocation) { _ in } }
        task.cancel()
        #expect(await task.value.outcome == .cancelled)
        await catalog.shutdown()
    }

    @Test("Cancelling a task half-way stops the run as well", arguments: ["cancel_honoured", "hang", "hang_hard"])
    func cancellationHalfWay(_ how: String) async throws {
        let catalog = try Zoo.catalog("timeout: { cancelGrace: 300ms }")
        let invocation = try Zoo.invocation(how)
        let (signals, continuation) = AsyncStream.makeStream(of: HandlerSignal.self)
        let task = Task { await catalog.run(invocation) { continuation.yield($0) } }
        for await _ in signals { break }
        task.cancel()
        #expect(await task.value.outcome == .cancelled)
        await catalog.shutdown()
    }

    @Test("A silent handler is stopped after its stall time")
    func stall() async throws {
        let catalog = try Zoo.catalog("timeout: { cancelGrace: 100ms, stall: 5s }")
        let report = try await catalog.run("hang")
        #expect(report.outcome.crashMessage?.contains("no call for too long") ?? false)
        await catalog.shutdown()
    }

    @Test("A crash report has the last progress and the last line")
    func evidence() async throws {
        let catalog = try Zoo.catalog()
        let aborted = try await catalog.run("abort")
        #expect(aborted.lastLogLines == ["assertion failed: n > 0"])
        #expect(aborted.outcome.crashMessage?.contains("last line: assertion failed: n > 0") ?? false)
        let broken = try await catalog.run("segv")
        #expect(broken.outcome.crashMessage?.contains("last progress 25 % (quarter)") ?? false)
        await catalog.shutdown()
    }
}

extension HandlerOutcome {
    var code: String? {
        switch self {
        case .failed(let code, _), .retry(_, let code, _), .invalidInput(let code, _): code
        default: nil
        }
    }

    var message: String? {
        switch self {
        case .failed(_, let message), .retry(_, _, let message), .invalidInput(_, let message): message
        default: nil
        }
    }

    var limit: String? {
        guard case .resourceExhausted(let limit, _) = self else { return nil }
        return limit
    }

    var signal: Int32? {
        guard case .crashed(let signal, _, _) = self else { return nil }
        return signal
    }

    var exitCode: Int32? {
        guard case .crashed(_, let code, _) = self else { return nil }
        return code
    }

    var crashMessage: String? {
        guard case .crashed(_, _, let message) = self else { return nil }
        return message
    }
}
