import JobCore
import JobTestKit
import PureJSON

@testable import RunnerCommand

/// Jobs in every state that a test needs, all at fixed times.
enum DeskSamples {
    static let start = Timestamp(seconds: 1_800_000_000)

    static func id(_ text: String) -> JobID {
        guard let id = JobID(text) else { preconditionFailure("\(text) is no job id") }
        return id
    }

    static func request(_ name: String, handler: String = "churn-predict") -> JobRequest {
        JobRequest(
            id: id(name), handler: handler,
            inputs: ["csv": InputReference(location: ObjectLocation(bucket: "headrace", key: "uploads/a.csv"))],
            params: ["reasons": 3], submittedAt: start)
    }

    static func claim(_ name: String, at seconds: Int64 = 1) -> ClaimRequest {
        ClaimRequest(
            request: request(name), messageID: "m-1", receiveCount: 1, runner: RunnerID("runner-1"),
            lease: .seconds(300), now: start + .seconds(seconds))
    }

    static func completed(_ name: String, in store: any JobStore, settled: Bool = true) async throws {
        let id = id(name)
        let claim = claim(name)
        _ = try await store.change(id) { claim.decide($0) }
        let owner = JobClaim(jobID: id, epoch: 1, runner: claim.runner)
        let output = JobOutput(
            name: "scores.csv", staged: ObjectLocation(bucket: "headrace", key: "staging/\(name)/1/scores.csv"),
            published: ObjectLocation(bucket: "headrace", key: "results/\(name)/scores.csv"), sizeBytes: 6,
            etag: "\"e\"", contentType: "text/csv")
        let evidence = JobClaim.Evidence(handlerVersion: "1.0.0", metrics: ["handler_ms": 80])
        _ = try await store.change(id) {
            owner.apply(
                .complete(outputs: [output], result: ["rows": 7_043]), evidence: evidence,
                now: start + .milliseconds(1_084), to: $0)
        }
        guard settled else { return }
        _ = try await store.change(id) {
            JobRecord.markSettled(by: "runner-1", now: start + .milliseconds(1_090), $0)
        }
    }

    static func failed(_ name: String, in store: any JobStore) async throws {
        let id = id(name)
        let claim = claim(name, at: 2)
        _ = try await store.change(id) { claim.decide($0) }
        let owner = JobClaim(jobID: id, epoch: 1, runner: claim.runner)
        let failure = JobFailure(.invalidInput, code: "file-empty", message: "the file has no bytes")
        let evidence = JobClaim.Evidence(handlerVersion: "1.0.0", lastLogLines: ["opening input csv"])
        _ = try await store.change(id) {
            owner.apply(.fail(failure, countsAttempt: true), evidence: evidence, now: start + .seconds(3), to: $0)
        }
        _ = try await store.change(id) { JobRecord.markSettled(by: "runner-1", now: start + .seconds(3), $0) }
    }
}

/// A desk over an in-memory database, with what it wrote.
struct DeskFixture {
    let store = InMemoryJobStore()
    let clock = ManualClock(now: DeskSamples.start + .seconds(60))
    let out: ConsoleStream
    let err: ConsoleStream
    let desk: JobsDesk

    init(json: Bool = false, width: Int? = 100) {
        let terminal = Terminal(isInteractive: false, usesColor: false, width: width)
        out = ConsoleStream(capturingFor: terminal)
        err = ConsoleStream(capturingFor: terminal)
        desk = JobsDesk(store: store, console: Console(out: out, err: err, writesJSON: json), clock: clock)
    }
}
