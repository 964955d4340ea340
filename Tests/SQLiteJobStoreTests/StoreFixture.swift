import JobCore
import JobTestKit
import PureJSON

@testable import SQLiteJobStore

/// Runs a test with a fresh store, which is closed and deleted afterwards.
func withStore<Value>(_ body: (SQLiteJobStore) async throws -> Value) async throws -> Value {
    try await TemporaryDirectory.with { directory in
        let store = try SQLiteJobStore.open(path: "\(directory)/jobs.db", busyTimeout: .seconds(10))
        let value = try await body(store)
        try store.close()
        return value
    }
}

extension JobStore {
    /// Claims a job for a runner with a lease of one minute.
    func claim(
        _ id: String, by runner: String = "r1", at time: Timestamp = Timestamp(seconds: 1_800_000_000)
    ) async throws -> ClaimDecision {
        let claim = ClaimRequest(
            request: try JobSamples.request(id: id, now: time), messageID: "m-1", receiveCount: 1,
            runner: RunnerID(runner), lease: .seconds(60), now: time)
        return try await change(claim.request.id) { claim.decide($0) }
    }

    /// Claims a job and completes it.
    func complete(_ id: String, at time: Timestamp = Timestamp(seconds: 1_800_000_000)) async throws {
        guard case .start(let record) = try await claim(id, at: time) else {
            throw ConformanceFailure("job \(id) cannot be started")
        }
        let claim = JobClaim(jobID: record.id, epoch: record.epoch, runner: RunnerID("r1"))
        let outputs = [JobSamples.output("scores.csv", epoch: record.epoch)]
        _ = try await change(record.id) {
            claim.apply(
                .complete(outputs: outputs, result: ["rows": 3]), evidence: JobClaim.Evidence(), now: time, to: $0)
        }
    }
}

extension ClaimDecision {
    /// Whether the claim was won.
    var isStart: Bool {
        if case .start = self { true } else { false }
    }
}
